"""What the hub does, one file a feature; none imports another."""

from bot.features import digests, place, subscriptions, welcome

FEATURES = (welcome.FEATURE, subscriptions.FEATURE, digests.FEATURE, place.FEATURE)
