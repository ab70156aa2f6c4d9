"""How sources fare over days, told to those who can do something about it: moderators and the partner once an episode,
administrators in one message a day (promise 86, choice A12)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.feature import Desk, Hub
from bot.sources.problems import LOST_NAME, find_problems, is_ours
from club.dialogue import Message
from club.markup import Line
from club.news import Health, Origin, Problem
from club.people import Role
from club.texts import MissingText
from club.workdays import after_quiet_hours
from storage.episodes import Episode
from storage.sources import SourceState

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=5)
DAILY_AT, DAILY_UNTIL = time(9), time(20)  # the Club's time; a hub that was down at nine tells later in the day
NAMED = 8  # sources in one letter to moderators
LISTED = 20  # in the administrators'
_NEVER = "1970-01-01T00:00:00+00:00"
_TOLD_AT_ONCE = (Problem.DEAD, Problem.GONE)


@dataclass(frozen=True, slots=True)
class _Change:
    """An episode that is told now: it began, or it ended."""

    episode: Episode
    state: SourceState


async def watch(hub: Hub) -> None:
    """Begin and end episodes and tell them, and once a day the administrators; all in one transaction."""
    async with hub.desk() as desk:
        states = {state.source.id: state for state in await desk.tx.sources.all()}
        lasting, back = await _follow(states, desk)
        # When nearly everything fails, the fault is the hub's: partners are not troubled with it.
        await _tell([] if is_ours(states.values()) else lasting, back, states, desk)
        await _tell_administrators(list(states.values()), desk)


async def _follow(states: Mapping[int, SourceState], desk: Desk) -> tuple[list[Episode], list[_Change]]:
    """The episodes as they are now, and those whose end is to be told."""
    lasting, back = [], []
    for one in await desk.tx.episodes.lasting():
        state = states.get(one.source)
        if state is None:
            continue  # it is being removed, and its episodes with it
        if one.kind in find_problems(state, desk.now, desk.texts.zone):
            lasting.append(one)
        elif await desk.tx.episodes.end(one.id, desk.now) and _is_back(one, state):
            back.append(_Change(one, state))
    known = {(one.source, one.kind) for one in lasting}
    for number, state in states.items():
        for kind, since in find_problems(state, desk.now, desk.texts.zone).items():
            if (number, kind) not in known and (new := await desk.tx.episodes.begin(number, kind, since)):
                log.warning("source episode", extra={"source": number, "kind": kind.value})
                lasting.append(new)
    return lasting, back


def _is_back(one: Episode, state: SourceState) -> bool:
    """Whether people heard of it and the source was read since; one that was changed or paused meanwhile is not."""
    was_read = state.succeeded_at is not None and state.succeeded_at > one.began_at
    return one.told_at is not None and one.kind in _TOLD_AT_ONCE and was_read and not state.paused


# --- Moderators and partners, once an episode -------------------------------------------------------------------------


async def _tell(
    lasting: Sequence[Episode], back: Sequence[_Change], states: Mapping[int, SourceState], desk: Desk
) -> None:
    """Those that nobody heard of yet, and those that are over: to moderators, and to each partner their own."""
    began = [
        _Change(one, states[one.source])
        for one in lasting
        if one.told_at is None and await desk.tx.episodes.told(one.id, desk.now) and one.kind in _TOLD_AT_ONCE
    ]
    if not began and not back:
        return
    due = after_quiet_hours(desk.now, desk.texts.zone)
    await desk.tell_moderators(_key(began, back), _changes(began, back, desk), due=due, priority=0)
    for partner in sorted({one.state.source.partner for one in (*began, *back)} - {""}):
        mine, over = ([one for one in some if one.state.source.partner == partner] for some in (began, back))
        networks = desk.settings.networks
        for person, place in await desk.tx.people.private_places(Role.PARTNER, desk.now, networks, partner):
            message = _changes(mine, over, desk, to_partner=True)
            await desk.send(f"{_key(mine, over)}:p{person}", place, message, due=due, priority=0)


def _key(began: Sequence[_Change], back: Sequence[_Change]) -> str:
    """An episode begins once and ends once."""
    return f"health:{began[0].episode.id}:begins" if began else f"health:{back[0].episode.id}:ends"


def _changes(began: Sequence[_Change], ended: Sequence[_Change], desk: Desk, *, to_partner: bool = False) -> Message:
    message = desk.say("health-title")
    for one in began[:NAMED]:
        message = message.adding(_trouble(one, desk, to_partner=to_partner))
    for one in ended[:NAMED]:
        message = message.adding(
            desk.texts.lines("health-back", name=one.state.source.name, since=one.episode.began_at)
        )
    more = max(len(began) - NAMED, 0) + max(len(ended) - NAMED, 0)
    return message.adding(desk.texts.lines("health-more", count=more)) if more else message


def _trouble(one: _Change, desk: Desk, *, to_partner: bool) -> tuple[Line, ...]:
    """Since when, why and what to do, when it is tried again, what came last."""
    texts, state = desk.texts, one.state
    name = state.source.name
    if one.episode.kind is Problem.GONE:
        return texts.lines("health-gone.partner" if to_partner else "health-gone", name=name)
    why = _why(state, desk, to_partner=to_partner)
    key = "health-dead" if state.succeeded_at else "health-never"
    lines = texts.lines(key, name=name, since=one.episode.began_at, why=why)
    if state.news_at is not None:
        last = texts.day(texts.day_of(state.news_at))
        return lines + texts.lines("health-next-and-last", next=state.visit_at, last=last)
    return lines + texts.lines("health-next", next=state.visit_at)


def _why(state: SourceState, desk: Desk, *, to_partner: bool) -> str:
    """The trouble and what to do about it; who publishes the source cannot ask the partner, and after a day waiting is
    no advice."""
    with suppress(MissingText):
        return desk.texts.plain(f"{state.trouble}.{'partner' if to_partner else 'lasting'}", **state.trouble_values)
    return desk.texts.plain(state.trouble, **state.trouble_values)


# --- Administrators, once a day ---------------------------------------------------------------------------------------


async def _tell_administrators(states: Sequence[SourceState], desk: Desk) -> None:
    local = desk.now.astimezone(desk.texts.zone)
    if not DAILY_AT <= local.time() < DAILY_UNTIL:
        return
    today = local.date().isoformat()
    if not await desk.tx.journal.mark("health-day", today):
        return
    # Told in the last message, those that last are not told again before Monday.
    last = await desk.tx.journal.setting("health-told", _NEVER)
    await desk.tx.journal.mark("health-told", desk.now.isoformat())
    since = datetime.fromisoformat(last if local.weekday() else _NEVER)
    lines = await _day(states, since, desk)
    if not lines:
        return
    if is_ours(states):
        lines = [*desk.texts.lines("health-ours", count=_failing(states)), *lines]
    log.warning("sources failing", extra={"count": _failing(states)})
    message = desk.say("health-day", day=desk.texts.day(local.date())).adding(lines)
    for person, place in await desk.tx.people.private_places(Role.ADMIN, desk.now, desk.settings.networks):
        due = after_quiet_hours(desk.now, desk.texts.zone)
        await desk.send(f"health:{today}:a{person}", place, message, due=due, priority=0)


def _failing(states: Iterable[SourceState]) -> int:
    return sum(_fails(state) for state in states)


def _fails(state: SourceState) -> bool:
    """Twice in a row at least: a site that stumbled once is no news."""
    return not state.paused and state.health is not Health.OK and state.failures >= 2


async def _day(states: Sequence[SourceState], since: datetime, desk: Desk) -> list[Line]:
    """All that fail, and those that moved, fell silent or were retired since that instant."""
    named = {state.source.id: state for state in states}
    failing = [state for state in states if _fails(state)]
    lines = [line for state in failing[:LISTED] for line in _failing_lines(state, desk)]
    if len(failing) > LISTED:
        lines += desk.texts.lines("health-day-more", count=len(failing) - LISTED)
    for one in await desk.tx.episodes.lasting():
        if one.told_at is not None and one.told_at > since:
            lines += _other_lines(one, named[one.source], desk)
    return lines


def _failing_lines(state: SourceState, desk: Desk) -> Iterator[Line]:
    texts = desk.texts
    since = state.failing_since or desk.now
    why = texts.plain(state.trouble, **state.trouble_values)
    key = "health-day-failing" if state.succeeded_at else "health-day-never"
    yield from texts.lines(key, name=state.source.name, since=since, why=why)
    if state.trouble == "trouble-unreachable-dns" and desk.now - since >= LOST_NAME:
        yield from texts.lines("health-day-lost", days=(desk.now - since).days)


def _other_lines(one: Episode, state: SourceState, desk: Desk) -> tuple[Line, ...]:
    texts, source = desk.texts, state.source
    since = texts.day(texts.day_of(one.began_at))
    if one.kind is Problem.GONE:
        return texts.lines("health-day-gone", name=source.name)
    if one.kind is Problem.SILENT:
        return texts.lines("health-day-silent", name=source.name, since=since)
    if one.kind is Problem.MOVED and state.moved_to:
        values = {"name": source.name, "since": since, "visits": state.moved_visits, "new": state.moved_to}
        if source.origin is Origin.CONFIG:
            return texts.lines("health-day-moved", **values, old=source.url)
        return texts.lines("health-day-moved-chat", **values)
    return ()
