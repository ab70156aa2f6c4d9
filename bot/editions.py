"""From a standing order to a letter in the outbox: read the window, choose, compose, show, put; in one transaction.

The preview, the command line and the tick all come through here, so what is previewed is what is sent.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.feature import Hub
from bot.showing import show_edition, show_rest
from bot.slots import Slot, is_too_late, latest
from club.dialogue import Action
from club.news import Edition
from club.subscription import Subscription, Wish
from club.texts import Texts
from digest.compose import compose
from digest.curate import curate
from storage.outbox import Address
from storage.store import Transaction
from storage.subscriptions import Schedule

log = logging.getLogger(__name__)

CHANNELS_FIRST = 1  # a channel speaks to many


async def edit(tx: Transaction, wish: Wish, since: datetime, now: datetime) -> Edition:
    """The edition of this wish over (since, now]."""
    candidates = await tx.news.window(since, now)
    return compose(curate(candidates, wish, since, now), now, since=since, regional_first=bool(wish.regions))


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
    for signature, group in _by_signature(orders).items():
        edition = await edit(tx, group[0].wish, group[0].watermark, now)
        if not edition.is_empty:
            body = await _write(tx, edition, slot, signature, group[0], texts, now)
            addresses = [
                Address(f"edition:{slot}:{one.id}", one.place, one.id, 0 if one.person else CHANNELS_FIRST)
                for one in group
            ]
            put += await tx.outbox.post(body, addresses, now, now)
    # Last, as everywhere: chats are locked before subscriptions, so that two transactions never wait for each other.
    await tx.subscriptions.advance([one.id for one in orders], now)
    return put


async def _write(
    tx: Transaction, edition: Edition, slot: str, signature: str, order: Subscription, texts: Texts, now: datetime
) -> int:
    message = show_edition(edition, texts, now).offering(*await offer_rest(tx, edition, slot, signature, texts, now))
    if order.person:
        message = message.offering(Action(texts.plain("edition-settings-button"), "subscriptions"))
    return await tx.outbox.write(slot, signature, message, now)


async def offer_rest(
    tx: Transaction, edition: Edition, slot: str, signature: str, texts: Texts, now: datetime
) -> list[Action]:
    """The button that shows what did not fit, whose text is kept; none when all did."""
    if not edition.rest:
        return []
    rest = await tx.outbox.write(f"{slot}:rest", signature, show_rest(edition, texts), now)
    return [Action(texts.plain("edition-rest-button", count=len(edition.rest)), "digest.rest", {"b": str(rest)})]


def _by_signature(orders: Iterable[Subscription]) -> Mapping[str, list[Subscription]]:
    """The orders that receive one and the same text."""
    groups: dict[str, list[Subscription]] = {}
    for one in orders:
        said = [sorted(one.wish.topics), sorted(one.wish.regions), one.watermark.isoformat(), one.person is None]
        signature = hashlib.blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()
        groups.setdefault(signature, []).append(one)
    return groups


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
