"""From a standing order to a letter in the outbox: read the window, choose, compose, show, put; in one transaction.

The preview, the command line and the tick all come through here, so what is previewed is what is sent.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.feature import Hub
from bot.showing import drawing, show_edition, show_rest
from bot.slots import Slot, is_too_late, latest
from club.dialogue import Action
from club.news import Edition, Selection
from club.subscription import Subscription, Wish
from club.texts import Texts
from digest.compose import compose
from digest.curate import Period
from storage.outbox import Address
from storage.store import Transaction
from storage.subscriptions import Schedule

log = logging.getLogger(__name__)

CHANNELS_FIRST = 1  # a channel speaks to many


@dataclass(frozen=True, slots=True)
class Group:
    """The orders that receive one and the same text."""

    wish: Wish
    since: datetime
    personal: bool
    signature: str
    orders: list[Subscription] = field(default_factory=list)


async def edit(tx: Transaction, wish: Wish, since: datetime, now: datetime) -> Edition:
    """The edition of this wish over (since, now]."""
    return _edition(Period(await tx.news.window(since, now), since, now), wish, since, now)


def _edition(period: Period, wish: Wish, since: datetime, now: datetime) -> Edition:
    return compose(Selection(period.lines(wish), ()), now, since=since, regional_first=bool(wish.regions))


async def prepare_due(hub: Hub) -> None:
    """Compose every slot that is due and was not served; each with its letters in one transaction."""
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
    """Serve one slot: how many letters it put. Nothing when another process was first."""
    async with hub.desk() as desk:
        tx, now = desk.tx, hub.clock()
        await tx.news.lock()
        skipped = is_too_late(schedule.cadence, slot, now)
        if not await tx.subscriptions.take_slot(schedule.id, slot.key, slot.due_at, now, skipped=skipped):
            return 0
        if skipped:
            # The watermarks stay where they are: these entries go into the next edition (settled.md C3).
            log.info("slot skipped", extra={"schedule": schedule.id, "slot": slot.key})
            return 0
        # Who subscribed after the slot was due waits for the next one.
        served = [one for one in await tx.subscriptions.following(schedule.id) if one.watermark < slot.due_at]
        put = await send(tx, served, f"{schedule.id}:{slot.key}", hub.texts, now)
        log.info("slot composed", extra={"schedule": schedule.id, "slot": slot.key, "letters": put})
        return put


async def send(tx: Transaction, orders: Sequence[Subscription], slot: str, texts: Texts, now: datetime) -> int:
    """Put the edition of each order in the outbox and advance their watermarks; how many letters.

    Orders with the same signature share one composition and one text (delivery.md, Fan-out). Nothing to say, nothing
    is sent (promise 46).
    """
    put = 0
    groups = _by_signature(orders)
    editions = {one.signature: edition async for one, edition in _editions(tx, groups, now)}
    bodies = await _write(tx, groups, editions, slot, texts, now)
    for one in groups:
        if one.signature in bodies:
            addresses = [
                Address(f"edition:{slot}:{order.id}", order.place, order.id, 0 if order.person else CHANNELS_FIRST)
                for order in one.orders
            ]
            put += await tx.outbox.post(bodies[one.signature], addresses, now, now)
    # Last, as everywhere: chats are locked before subscriptions, so that two transactions never wait for each other.
    await tx.subscriptions.advance([one.id for one in orders], now)
    return put


async def _editions(tx: Transaction, groups: Sequence[Group], now: datetime) -> AsyncIterator[tuple[Group, Edition]]:
    """What there is to say to each group; the entries are read once, whatever their watermarks."""
    if not groups:
        return
    entries = await tx.news.window(min(one.since for one in groups), now)
    periods: dict[datetime, Period] = {}
    for one in groups:
        if one.since not in periods:
            stories = {news.story for news in entries if one.since < news.kept_at}
            periods[one.since] = Period((news for news in entries if news.story in stories), one.since, now)
        edition = _edition(periods[one.since], one.wish, one.since, now)
        if not edition.is_empty:
            yield one, edition
        await asyncio.sleep(0)  # a slot of many wishes takes a while: others have their turn


async def _write(
    tx: Transaction,
    groups: Sequence[Group],
    editions: Mapping[str, Edition],
    slot: str,
    texts: Texts,
    now: datetime,
) -> Mapping[str, int]:
    """The numbers of the texts, by signature."""
    draw = drawing(texts)
    rests = {signature: show_rest(edition, texts, draw) for signature, edition in editions.items() if edition.rest}
    kept = await tx.outbox.write_all(f"{slot}:rest", rests, now)
    messages = {}
    for one in groups:
        if one.signature in editions:
            edition = editions[one.signature]
            message = show_edition(edition, texts, now, draw)
            if edition.rest:
                message = message.offering(_rest_button(edition, kept[one.signature], texts))
            if one.personal:
                message = message.offering(Action(texts.plain("edition-settings-button"), "subscriptions"))
            messages[one.signature] = message
    return await tx.outbox.write_all(slot, messages, now)


async def offer_rest(
    tx: Transaction, edition: Edition, slot: str, signature: str, texts: Texts, now: datetime
) -> list[Action]:
    """The button that shows what did not fit, whose text is kept; none when all did."""
    if not edition.rest:
        return []
    rest = await tx.outbox.write(f"{slot}:rest", signature, show_rest(edition, texts), now)
    return [_rest_button(edition, rest, texts)]


def _rest_button(edition: Edition, rest: int, texts: Texts) -> Action:
    return Action(texts.plain("edition-rest-button", count=len(edition.rest)), "digest.rest", {"b": str(rest)})


def _by_signature(orders: Iterable[Subscription]) -> Sequence[Group]:
    groups: dict[tuple[object, ...], Group] = {}
    for one in orders:
        # The same topics in another order are the same wish.
        wish = Wish(tuple(sorted(one.wish.topics)), tuple(sorted(one.wish.regions)))
        key = (wish.topics, wish.regions, one.watermark, one.person is None)
        if key not in groups:
            groups[key] = Group(wish, one.watermark, one.person is not None, _signature(*key))
        groups[key].orders.append(one)
    return list(groups.values())


def _signature(topics: Sequence[int], regions: Sequence[str], watermark: datetime, is_channel: bool) -> str:
    said = [topics, regions, watermark.isoformat(), is_channel]
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a wish would have received in the last seven days (M4)."""

    edition: Edition
    items: int
    events: int


async def glimpse(tx: Transaction, wish: Wish, now: datetime) -> Glimpse:
    """The edition of the last week for this wish, by the very code that sends."""
    edition = await edit(tx, wish, now - timedelta(days=7), now)
    lines = (*edition.lines, *edition.rest)
    events = sum(line.news.is_event for line in lines)
    return Glimpse(edition, len(lines) - events, events)
