"""The hub itself: what it runs, what it takes from the configuration, how it is.

May touch what the configuration owns. No subject is decided here.
"""

from bot.hub import home, metrics, place, state

FEATURES = (place.FEATURE, state.FEATURE, home.FEATURE, metrics.FEATURE)
