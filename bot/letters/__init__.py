"""Letters: who gets which edition, when, and what stands in it.

May touch subscriptions, slots, the outbox; reads news. Nothing here speaks to a network: a
letter is a row of the outbox.
"""

from bot.letters import barred, digests, keeping, pages, subscriptions

FEATURES = (subscriptions.FEATURE, digests.FEATURE, barred.FEATURE, pages.FEATURE, keeping.FEATURE)
