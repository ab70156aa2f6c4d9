"""How the hub is doing, in a few lines: networks, sources, letters; what is wrong in words for those who moderate."""

from __future__ import annotations

from bot.feature import Desk, Feature, Route
from bot.platforms.networks import BY_NAME
from club.dialogue import Action, Message, Request
from club.markup import Line
from club.news import Health
from club.people import Role
from storage.queues import Queue
from storage.sources import SourceState

SHOWN = 8  # failing sources that are named


async def show(request: Request, desk: Desk) -> Message:
    """The public part for all; moderators also read which source fails, since when and why."""
    sources = await desk.tx.sources.all()
    visited = [one for one in sources if not one.paused]
    failing = [one for one in visited if one.health is not Health.OK]
    message = desk.say("state-title").adding(_networks(desk)).adding(_sources(visited, failing, desk))
    message = message.adding(await _letters(desk))
    if request.person.role < Role.MODERATOR:
        return message
    lines = [_failing(one, desk) for one in failing[:SHOWN]]
    more = len(failing) - len(lines)
    message = message.adding(lines).adding(desk.texts.lines("state-more", count=more) if more > 0 else ())
    message = message.adding([_queue(one, desk) for one in await desk.tx.queues.all()])
    if offered := await desk.tx.proposals.waiting():
        since = offered[0].made_at or desk.now
        message = message.adding(desk.texts.lines("state-offers", count=len(offered), since=since))
        message = message.offering(Action(desk.texts.plain("state-offers-button"), "source.waiting"))
    return message


def _queue(one: Queue, desk: Desk) -> Line:
    """A network's letters: what waits, since when, and the last that left."""
    texts = desk.texts
    name = texts.plain(f"network-name-{one.platform}") if one.platform in BY_NAME else one.platform
    if one.oldest is not None and one.waiting:
        return texts.line("state-queue-waits", name=name, count=one.waiting, since=one.oldest)
    return texts.line("state-queue-empty", name=name, **({"last": one.last} if one.last else {"last": "–"}))


def _networks(desk: Desk) -> list[Line]:
    texts = desk.texts
    lines = []
    for name in desk.settings.networks:
        shown = texts.plain(f"network-name-{name}")
        why = desk.settings.closed.get(name)
        key = "state-network-closed" if why else "state-network-open"
        lines.append(texts.line(key, name=shown, **({"why": texts.plain(why)} if why else {})))
    return lines or [texts.line("state-no-network")]


def _sources(visited: list[SourceState], failing: list[SourceState], desk: Desk) -> tuple[Line, ...]:
    last = max((one.succeeded_at for one in visited if one.succeeded_at), default=None)
    if last is None:
        return desk.texts.lines("state-sources-never", count=len(visited))
    return desk.texts.lines("state-sources", count=len(visited) - len(failing), failing=len(failing), last=last)


async def _letters(desk: Desk) -> tuple[Line, ...]:
    counts = await desk.tx.outbox.counts()
    waiting = counts.get("pending", 0) + counts.get("sending", 0)
    unsure = counts.get("uncertain", 0) + counts.get("dead", 0)
    return desk.texts.lines("state-letters", waiting=waiting, sent=counts.get("sent", 0), unsure=unsure)


def _failing(one: SourceState, desk: Desk) -> Line:
    why = desk.texts.plain(one.trouble, **one.trouble_values)
    return desk.texts.line("state-failing", name=one.source.name, since=one.failing_since or desk.now, why=why)


FEATURE = Feature(routes=(Route("state", show, role=Role.VISITOR, listed=True),))
