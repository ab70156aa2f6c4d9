"""Questions and answers: the knowledge base, its process, and the persons who answer where it cannot.

May touch questions, inquiries and entries written in chat. Nothing is answered that no entry says.
"""

from bot.questions import asked, entries, keeping, referents

FEATURES = (asked.FEATURE, referents.FEATURE, entries.FEATURE, keeping.FEATURE)
