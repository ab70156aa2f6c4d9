"""What the hub does, one file a feature; none imports another."""

from bot.features import (
    digests,
    entries,
    journal,
    offers,
    place,
    questions,
    reasons,
    referents,
    roles,
    sources,
    state,
    subscriptions,
    welcome,
)

FEATURES = (
    welcome.FEATURE,
    subscriptions.FEATURE,
    questions.FEATURE,
    referents.FEATURE,
    entries.FEATURE,
    digests.FEATURE,
    place.FEATURE,
    sources.FEATURE,
    offers.FEATURE,
    reasons.FEATURE,
    roles.FEATURE,
    journal.FEATURE,
    state.FEATURE,
)
