"""Places that refuse letters for a reason that may pass: asked again with what they missed, and told to those who hold
them (promise 41)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.feature import Desk, Feature, Hub, Job
from bot.letters.editions import send
from bot.letters.slots import latest
from bot.letters.subjects import title_of
from club.dialogue import Letter, Message
from club.people import Place, Role
from club.subscription import Subscription
from storage.barred import Barred

LOOK_EVERY = timedelta(seconds=30)
NAMED = 8  # places in one message


async def watch(hub: Hub) -> None:
    """Ask again where it is time, and tell of places that began to refuse."""
    async with hub.desk() as desk:
        for one in await desk.tx.barred.due(desk.now):
            await _ask_again(one, desk)
        if untold := await desk.tx.barred.untold():
            await _tell(untold, desk)


async def _ask_again(one: Barred, desk: Desk) -> None:
    """What waits there leaves, and an edition with all that was missed; the answer to them says how it goes on."""
    tx = desk.tx
    served = await tx.subscriptions.at(one.place)
    missed = [order for order in served if order.watermark < latest(order.cadence, desk.now).due_at]
    put = 0
    if missed:
        await tx.news.lock()
        slot = f"again:{int(desk.now.timestamp())}"
        put = await send(tx, missed, slot, desk.texts, desk.now, desk.settings.public_url)
    if await tx.barred.ask(one.place) or put:
        return
    if served and one.tries:
        await tx.barred.bar(one.place, one.why, desk.now)  # there is nothing to ask with: later
    else:
        await tx.barred.forget(one.place)


async def _tell(untold: Sequence[Barred], desk: Desk) -> None:
    """Once: whoever subscribed a channel of it, moderators and administrators; never of somebody's private talk."""
    await desk.tx.barred.told([one.place for one in untold], desk.now)
    told: list[tuple[Barred, str]] = []
    holders: set[Place] = set()
    for one in untold:
        served = await desk.tx.subscriptions.at(one.place)
        if one.place in desk.settings.moderators:
            told.append((one, desk.texts.plain("health-moderators")))
        elif served and all(order.person is None for order in served):
            told.append((one, ", ".join(name_of(order, desk) for order in served)))
            for order in served:
                holders |= await _subscriber(order, desk)
    if not told:
        return
    networks = desk.settings.networks
    holders |= {place for _, place in await desk.tx.people.private_places(Role.ADMIN, desk.now, networks)}
    holders |= set(desk.settings.moderators)
    first = untold[0]
    for place in sorted(holders - {one.place for one in untold}, key=str):
        key = f"barred:{first.place}:{int(first.since.timestamp())}"[:100]
        await desk.tx.outbox.put(Letter(f"{key}:{place}"[:160], place, _message(told, desk), desk.now), desk.now)


def name_of(order: Subscription, desk: Desk) -> str:
    """What a channel's letter is called: its name in the file, or what it is about."""
    return order.name or title_of(order.wish, desk.texts)


async def _subscriber(order: Subscription, desk: Desk) -> set[Place]:
    """Where whoever asked for it in chat is written to in private."""
    line = await desk.tx.journal.last_line("subscription.added", f"subscription={order.id}")
    if not line or not line["person_id"] or line["person_id"] < 0:
        return set()
    accounts = map(Place.parse, await desk.tx.people.accounts(line["person_id"]))
    return {place for place in accounts if place.platform == order.place.platform}


def _message(told: Sequence[tuple[Barred, str]], desk: Desk) -> Message:
    message = desk.say("barred-title")
    for one, name in told[:NAMED]:
        values = {"name": name, "place": str(one.place), "why": desk.texts.plain(one.why), "again": one.again_at}
        message = message.adding(desk.texts.lines("barred-place", **values))
    if len(told) > NAMED:
        message = message.adding(desk.texts.lines("barred-more", count=len(told) - NAMED))
    return message.adding(desk.texts.lines("barred-next"))


FEATURE = Feature(jobs=(Job("barred", LOOK_EVERY, watch),))
