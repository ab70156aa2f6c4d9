"""Who is known here, in which role, and for how long.

May touch persons, roles, the journal; erases what has had its time. No role comes from a network or from a message.
"""

from bot.people import journal, keeping, organisations, roles, welcome

FEATURES = (welcome.FEATURE, roles.FEATURE, organisations.FEATURE, journal.FEATURE, keeping.FEATURE)
