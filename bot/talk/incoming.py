"""What came in, before anything is done with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.talk.commands import Commands, Typed
from club.dialogue import Request
from connectors.sources.clean import without_unseen
from storage.store import Store

# In a channel people talk of other things: an open question hears their words for so long, its buttons for ever.
HEARS = timedelta(minutes=15)


async def is_for_us(request: Request, commands: Commands, store: Store, now: datetime) -> bool:
    """Whether it is said to the hub, or may answer a question that is open there. What people say to each other in a
    group is neither, and leaves nothing of them here (promise 70)."""
    if _is_addressed(request, commands):
        return True
    async with store.read() as tx:
        person = await tx.people.find(request.person, now)
        draft = await tx.drafts.active(person.number, str(request.place)) if person.number else None
    return draft is not None and now - draft.touched_at <= HEARS


def _is_addressed(request: Request, commands: Commands) -> bool:
    """In private, by the hub's name, by a button or as one of its commands."""
    words = request.words.strip()
    is_command = words.startswith(("/", "!")) and isinstance(commands.find(words[1:]), Typed)
    return request.private or request.named or bool(request.token or request.route) or is_command


def clean(request: Request) -> Request:
    """What never enters storage is taken off what came in (promise 16); the token is ours or refused."""
    name = " ".join(without_unseen(request.person.name).split())[:80]
    return replace(
        request,
        person=replace(request.person, name=name),
        words=without_unseen(request.words),
        values={field: without_unseen(value) for field, value in request.values.items()},
    )
