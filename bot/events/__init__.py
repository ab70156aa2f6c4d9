"""Gatherings that partners hold: made from a page or a form, decided, announced, changed, signed up for.

May touch gatherings, sign-ups, organisations, and what is news through the hub's own sources; asks the web through
errands alone. Nobody sees who signed up but the organiser, within what each agreed to.
"""

from bot.events import agenda, changing, coming, creating, decisions, keeping, needs, pages, registrants, signup, terms

FEATURES = (
    agenda.FEATURE,
    needs.FEATURE,
    creating.FEATURE,
    changing.FEATURE,
    terms.FEATURE,
    signup.FEATURE,
    registrants.FEATURE,
    coming.FEATURE,
    decisions.FEATURE,
    pages.FEATURE,
    keeping.FEATURE,
)
