"""Who decided what, and what it changed, for who moderates: people by number and role, never by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import fields
from bot.changes import tell
from bot.feature import Desk, Feature, Route
from club.dialogue import Action, Field, Kind, Message, Request
from club.markup import Line
from club.people import Role

A_PAGE = 10
PAGE = Field("page", fields.number, Kind.NUMBER, required=False)


async def show(request: Request, desk: Desk) -> Message:
    """The newest ten, then the older ones page by page."""
    page = max(request.get(PAGE) or 1, 1)
    lines = await desk.tx.journal.last(A_PAGE + 1, skip=(page - 1) * A_PAGE)
    if not lines:
        return desk.say("journal-none")
    message = desk.say("journal-title", page=page)
    for one in lines[:A_PAGE]:
        message = message.adding([await _line(one, desk), *tell(one["detail"], desk.texts)])
    if page > 1:
        message = message.offering(Action(desk.texts.plain("journal-newer"), "journal", {"page": str(page - 1)}))
    if len(lines) > A_PAGE:
        message = message.offering(Action(desk.texts.plain("journal-older"), "journal", {"page": str(page + 1)}))
    return message


async def _line(one: Mapping[str, Any], desk: Desk) -> Line:
    texts, person = desk.texts, one["person_id"]
    if not person:
        who = texts.plain(f"journal-by-{one['detail'].get('by', 'hub')}")
    elif person < 0:  # months ago: a pseudonym
        who = texts.plain("journal-someone", number=-person)
    else:
        # Lines of before roles were kept with them tell today's.
        role = one["detail"].get("by") or (await desk.tx.people.role(person, desk.now)).word
        who = texts.plain("journal-person", number=person, role=texts.plain(f"role-{role}"))
    what = texts.plain(f"journal-{one['action'].replace('.', '-')}", subject=_subject(one["subject"]))
    return texts.line("journal-line", at=one["at"], who=who, what=what)


def _subject(subject: str) -> str:
    """The row's number alone."""
    return subject.partition("=")[2].lstrip("-") or "–"


FEATURE = Feature(routes=(Route("journal", show, (PAGE,), Role.MODERATOR, listed=True),))
