"""From a standing order to a letter in the outbox: read the window, choose, compose, show, put.

The preview, the command line and the tick all come through here, so what is previewed is what is sent.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeAlias

from bot.cards.news import drawing, show_edition
from bot.feature import Hub
from bot.letters.issues import issue_of, with_end
from bot.letters.slots import Slot, is_too_late, latest
from club.dialogue import Action, Message
from club.news import Edition, News, Selection
from club.subscription import Subscription, Wish
from club.texts import Texts
from digest.compose import compose
from digest.curate import Period
from storage.store import Transaction
from storage.subscriptions import Followers, Schedule

log = logging.getLogger(__name__)

PART = 1000  # letters a transaction: a chat's answer waits behind one of these at most (choice S4)
TEXT_COST = 12  # writing a text takes as long as so many letters
PAUSE = 0.12  # seconds between parts: who waits for the SQLite file looks every tenth of a second, or more often
TRIES = 5  # drafts of a slot at one tick


@dataclass(frozen=True, slots=True)
class Group:
    """The orders, by number, that receive one and the same text."""

    wish: Wish
    since: datetime
    personal: bool
    signature: str
    numbers: Sequence[int]


Orders: TypeAlias = Mapping[int, Group]  # by number: what each receives, with others


@dataclass(frozen=True, slots=True)
class Composition:
    """What a slot says as of `now`, by signature: its texts, and the editions that they show. `kept`: how many entries
    were kept in (since, now]; `site`: the address of the public pages, "" = letters do not tell it."""

    now: datetime
    since: datetime
    kept: int
    groups: Sequence[Group]
    site: str
    messages: dict[str, Message] = field(default_factory=dict)
    editions: dict[str, Edition] = field(default_factory=dict)


async def edit(tx: Transaction, wish: Wish, since: datetime, now: datetime) -> Edition:
    """The edition of this wish over (since, now]."""
    return _edition(Period(await tx.news.window(since, now), since, now), wish, since, now)


def _edition(period: Period, wish: Wish, since: datetime, now: datetime) -> Edition:
    return compose(Selection(period.lines(wish), ()), now, since=since, regional_first=bool(wish.regions))


async def prepare_due(hub: Hub) -> None:
    """Compose every slot that is due and was not served."""
    async with hub.store.read() as tx:
        schedules = await tx.subscriptions.schedules()
        now = hub.clock()
        due = [
            (schedule, slot)
            for schedule in schedules
            if not await tx.subscriptions.is_served(schedule.id, (slot := latest(schedule.cadence, now)).key)
        ]
    for schedule, slot in due:
        try:
            await prepare(hub, schedule, slot)
        except Exception:
            # The slot is not taken: it comes again at the next tick. The others must not wait for it.
            log.exception("slot failed", extra={"schedule": schedule.id, "slot": slot.key})


async def prepare(hub: Hub, schedule: Schedule, slot: Slot) -> int:
    """Serve one slot: how many letters it put. Nothing when another process was first.

    Everything is composed before anything is written, and no transaction is open meanwhile. Then parts are written,
    each in one short transaction, so that no chat waits for a large slot (choice S4); the last one notes the slot
    as served. In each part a letter and its order's watermark go together: when the hub dies between two parts the slot
    comes again, and only for those who still wait. A slot of one part is one transaction.
    """
    if is_too_late(schedule.cadence, slot, hub.clock()):
        await _skip(hub, schedule, slot)
        return 0
    for _ in range(TRIES):
        draft = await draft_slot(hub, schedule, slot)
        put = await _put(hub, schedule, slot, draft)
        if put is not None:
            log.info("slot composed", extra={"schedule": schedule.id, "slot": slot.key, "letters": put})
            return put
    log.warning("slot put off: entries keep arriving", extra={"schedule": schedule.id, "slot": slot.key})
    return 0


async def _skip(hub: Hub, schedule: Schedule, slot: Slot) -> None:
    """The watermarks stay where they are: these entries go into the next edition (choice C3)."""
    async with hub.desk() as desk:
        if await desk.tx.subscriptions.take_slot(schedule.id, slot.key, slot.due_at, desk.now, skipped=True):
            log.info("slot skipped", extra={"schedule": schedule.id, "slot": slot.key})


async def draft_slot(hub: Hub, schedule: Schedule, slot: Slot) -> Composition:
    """All texts of the slot. Who subscribed after it was due waits for the next one."""
    async with hub.store.read() as tx:
        groups = _alike(await tx.subscriptions.followers(schedule.id, slot.due_at), now := hub.clock())
        entries = await _window(tx, groups, now)
    return await _compose(groups, entries, hub.texts, now, hub.settings.public_url)


async def _put(hub: Hub, schedule: Schedule, slot: Slot, draft: Composition) -> int | None:
    """Write the letters of a draft: how many; None when it is out of date."""
    put = 0
    bodies: dict[str, int] = {}
    parts = await asyncio.to_thread(list, _parts(draft.groups)) or [{}]
    for part in parts:
        if part is not parts[0]:
            await asyncio.sleep(PAUSE)
        async with hub.desk() as desk:
            tx = desk.tx
            await tx.news.lock()
            if await tx.subscriptions.is_served(schedule.id, slot.key):
                return put
            # Later parts need no look: what is filed from now on is kept after the watermarks of the first one.
            if part is parts[0] and await tx.news.count(draft.since, draft.now) != draft.kept:
                return None
            waiting = await tx.subscriptions.still_waiting(list(part), slot.due_at)
            put += await _post(tx, draft, part, waiting, f"{schedule.id}:{slot.key}", hub.texts, bodies)
            if part is parts[-1]:
                await tx.subscriptions.take_slot(schedule.id, slot.key, slot.due_at, draft.now, skipped=False)
    return put


def _orders(groups: Iterable[Group]) -> Orders:
    """In the order of their numbers: what stands side by side in the base is written in a third of the time."""
    orders = {number: one for one in groups for number in one.numbers}
    return {number: orders[number] for number in sorted(orders)}


def _parts(groups: Iterable[Group]) -> Iterator[Orders]:
    """Orders that are written in one transaction; those that bring new texts are fewer."""
    part: dict[int, Group] = {}
    texts: set[str] = set()
    cost = 0
    for number, one in _orders(groups).items():
        more = 1 if one.signature in texts else 1 + TEXT_COST
        if part and cost + more > PART + TEXT_COST:
            yield part
            part, cost = {}, 0
        texts.add(one.signature)
        part[number] = one
        cost += more
    if part:
        yield part


async def send(
    tx: Transaction, orders: Sequence[Subscription], slot: str, texts: Texts, now: datetime, site: str
) -> int:
    """Put the edition of each order in the outbox and advance their watermarks; how many letters. `site`: where their
    pages are, "" = not told."""
    own = (Followers(one.wish, one.watermark, one.person is not None, (one.id,)) for one in orders)
    groups = _alike(own, now)
    draft = await _compose(groups, await _window(tx, groups, now), texts, now, site)
    return await _post(tx, draft, _orders(groups), {one.id for one in orders}, slot, texts, {})


async def _window(tx: Transaction, groups: Sequence[Group], now: datetime) -> list[News]:
    """The entries of all groups, read once whatever their watermarks."""
    return await tx.news.window(min(one.since for one in groups), now) if groups else []


async def _compose(
    groups: Sequence[Group], entries: Sequence[News], texts: Texts, now: datetime, site: str
) -> Composition:
    """What there is to say to each group; orders with the same signature share one text (decision 16)."""
    since = min((one.since for one in groups), default=now)
    draft = Composition(now, since, sum(news.kept_at > since for news in entries), groups, site)
    draw = drawing(texts)
    periods: dict[datetime, Period] = {}
    for one in groups:
        if one.since not in periods:
            stories = {news.story for news in entries if one.since < news.kept_at}
            told = [news for news in entries if news.story in stories]
            periods[one.since] = await asyncio.to_thread(Period, told, one.since, now)  # a fraction of a second
        edition = _edition(periods[one.since], one.wish, one.since, now)
        if not edition.is_empty:
            draft.messages[one.signature] = show_edition(edition, texts, now, draw)
            draft.editions[one.signature] = edition
        await asyncio.sleep(0)  # a slot of many wishes takes a while: others have their turn
    return draft


async def _post(
    tx: Transaction,
    draft: Composition,
    orders: Orders,
    waiting: Collection[int],
    slot: str,
    texts: Texts,
    bodies: dict[str, int],
) -> int:
    """Write the letters of those of these orders that wait, with the texts that are not among `bodies` yet, and
    advance their watermarks; how many letters. Nothing to say, nothing is sent (promise 46)."""
    fresh = {one.signature: one for one in orders.values() if one.signature not in bodies}
    bodies |= await _write(tx, draft, list(fresh.values()), slot, texts)
    letters = {
        number: bodies[one.signature] for number, one in orders.items() if number in waiting and one.signature in bodies
    }
    put = await tx.editions.post(slot, letters, draft.now)
    # Last, as everywhere: chats are locked before subscriptions, so that two transactions never wait for each other.
    for since, numbers in groupby(sorted(waiting, key=lambda one: orders[one].since), lambda one: orders[one].since):
        await tx.subscriptions.advance(numbers, draft.now, since)
    return put


async def _write(
    tx: Transaction, draft: Composition, groups: Sequence[Group], slot: str, texts: Texts
) -> Mapping[str, int]:
    """The numbers of the texts, by signature, each with what its end offers."""
    told = [one for one in groups if one.signature in draft.messages]
    issues = await tx.issues.keep(
        slot,
        {
            one.signature: issue_of(draft.editions[one.signature], one.wish, texts, draft.now, public=not one.personal)
            for one in told
        },
    )
    messages = {}
    for one in told:
        message = with_end(draft.messages[one.signature], issues[one.signature], texts, draft.site)
        if one.personal:
            message = message.offering(Action(texts.plain("edition-settings-button"), "subscriptions"))
        messages[one.signature] = message
    return await tx.outbox.write_all(slot, messages, draft.now)


def _alike(followers: Iterable[Followers], now: datetime) -> list[Group]:
    """One group for each signature."""
    groups: dict[str, Group] = {}
    for one in followers:
        # The same topics in another order are the same wish.
        wish = Wish(tuple(sorted(one.wish.topics)), tuple(sorted(one.wish.regions)))
        signature = _signature(wish, one.since, now, one.personal)
        known = groups.get(signature)
        numbers = (*known.numbers, *one.numbers) if known else one.numbers
        groups[signature] = Group(wish, one.since, one.personal, signature, numbers)
    return list(groups.values())


def _signature(wish: Wish, since: datetime, until: datetime, personal: bool) -> str:
    said = [wish.topics, wish.regions, since.isoformat(), until.isoformat(), personal]
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a wish would have received in the last seven days."""

    edition: Edition
    items: int
    events: int


async def glimpse(tx: Transaction, wish: Wish, now: datetime) -> Glimpse:
    """The edition of the last week for this wish, by the very code that sends."""
    edition = await edit(tx, wish, now - timedelta(days=7), now)
    lines = (*edition.lines, *edition.rest)
    events = sum(line.news.is_event for line in lines)
    return Glimpse(edition, len(lines) - events, events)
