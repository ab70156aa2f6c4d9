"""What the hub does, one file a feature; none imports another."""

from bot.hub import place, state
from bot.letters import digests, subscriptions
from bot.people import journal, roles, welcome
from bot.questions import asked, entries, referents
from bot.sources import commands, offers, reasons

FEATURES = (
    welcome.FEATURE,
    subscriptions.FEATURE,
    asked.FEATURE,
    referents.FEATURE,
    entries.FEATURE,
    digests.FEATURE,
    place.FEATURE,
    commands.FEATURE,
    offers.FEATURE,
    reasons.FEATURE,
    roles.FEATURE,
    journal.FEATURE,
    state.FEATURE,
)
