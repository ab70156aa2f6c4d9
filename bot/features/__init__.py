"""What the hub does, one file a feature; none imports another."""

from bot.features import digests, place, state, subscriptions, welcome

FEATURES = (welcome.FEATURE, subscriptions.FEATURE, digests.FEATURE, place.FEATURE, state.FEATURE)
