"""What the hub does, one file a feature; none imports another."""

from bot.features import digests, place, sources, state, subscriptions, welcome

FEATURES = (welcome.FEATURE, subscriptions.FEATURE, digests.FEATURE, place.FEATURE, sources.FEATURE, state.FEATURE)
