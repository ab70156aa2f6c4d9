"""Runs errands: what a handler may not wait for. The row is written with the handler's change, run outside any
transaction, and its result leaves as a letter that takes the place of the message that waits (choice C9)."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.feature import Desk, Errand, Handler, Hub, Outside
from club.dialogue import Letter, Message, Request
from club.people import Person, Place
from club.refusal import Refused
from storage.errands import Errand as Row
from storage.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 4
WITHIN = 60.0  # seconds that one may take
TRIES = 3  # a process that died three times over one does not try again
LOOK_EVERY = timedelta(seconds=1)
FIRST = 2  # somebody waits for it: before the channels' letters


# What opens the form that an answer asks for (`Router.follow`).
Follow = Callable[[Message, Request, Desk], Awaitable[Message]]


class ErrandRunner:
    """Runs what waits, a few at once. A kill at any instant leaves the row, or the letter, and never both."""

    def __init__(self, hub: Hub, errands: Mapping[str, Errand], outside: Outside, follow: Follow) -> None:
        self._hub = hub
        self._errands = errands
        self._outside = outside
        self._follow = follow
        self._stopping = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Run until `stop`; what is under way then is run again at the next start."""
        if self._hub.store.on_sqlite:  # whoever else held one is dead: the file has one owner
            async with self._hub.store.begin() as tx:
                await tx.errands.release()
        while not self._stopping.is_set():
            told = self._hub.store.letters  # taken before looking: what is put meanwhile is not missed
            try:
                await self._begin()
            except Exception:
                log.exception("errands not looked at")
            await self._rest(told)
        await self._let_go()

    def stop(self) -> None:
        """Begin nothing further."""
        self._stopping.set()

    async def run_due(self) -> int:
        """Run what may start now, to its end; how many."""
        await self._begin()
        tasks = list(self._under_way.values())
        await asyncio.gather(*tasks)
        return len(tasks)

    async def _begin(self) -> None:
        free = AT_ONCE - len(self._under_way)
        async with self._hub.store.read() as tx:
            if free <= 0 or not await tx.errands.are_due(self._hub.clock()):
                return
        async with self._hub.store.begin() as tx:
            claimed = await tx.errands.claim(free, self._hub.clock())
        for row in claimed:
            task = self._under_way[row.id] = asyncio.create_task(self._do(row))
            task.add_done_callback(partial(self._done, row.id))

    def _done(self, number: int, _: object) -> None:
        self._under_way.pop(number, None)

    async def _rest(self, told: asyncio.Event) -> None:
        events = [asyncio.ensure_future(event.wait()) for event in (told, self._stopping)]
        await asyncio.wait(
            [*events, *self._under_way.values()],
            timeout=LOOK_EVERY.total_seconds(),
            return_when=asyncio.FIRST_COMPLETED,
        )
        for event in events:
            event.cancel()
        await asyncio.gather(*events, return_exceptions=True)

    async def _let_go(self) -> None:
        left = dict(self._under_way)
        for task in left.values():
            task.cancel()
        await asyncio.gather(*left.values(), return_exceptions=True)
        if left:
            async with self._hub.store.begin() as tx:
                await tx.errands.release(left)

    async def _do(self, row: Row) -> None:
        try:
            tell = await self._result(row)
            try:
                await self._answer(row, tell)
            except Refused as refusal:
                await self._answer(row, partial(_refuse, refusal))
        except Exception:
            # Its claim ends by itself, and it is tried again.
            log.exception("errand not told", extra={"errand": row.id})

    async def _result(self, row: Row) -> Handler:
        """The handler that tells what was found; one that tells, in words, why nothing was."""
        work = self._errands.get(row.name)
        if work is None or row.attempts > TRIES:
            return partial(_fail, secrets.token_hex(3).upper())
        try:
            async with asyncio.timeout(WITHIN):
                return await work(row.given, self._outside)
        except Refused as refusal:
            return partial(_refuse, refusal)
        except TimeoutError:
            return partial(_refuse, Refused("errand-late"))
        except Exception:
            reference = secrets.token_hex(3).upper()
            log.exception("errand failed", extra={"errand": row.id, "reference": reference})
            return partial(_fail, reference)

    async def _answer(self, row: Row, tell: Handler) -> None:
        async with self._hub.desk() as desk:
            done = await desk.tx.errands.finish(row.id)
            if done is None:
                return
            request = await _request(done, desk)
            message = replace(await self._follow(await tell(request, desk), request, desk), form=None)
            if not request.private:
                message = message.privately()
            await desk.tx.outbox.put(_letter(done, message, desk.now), desk.now)


async def _request(row: Row, desk: Desk) -> Request:
    """Who asked, with the rights of this instant, where the answer will be."""
    person = await desk.tx.people.find(Person(row.private.platform, row.private.id), desk.now)
    person = replace(person, role=max(person.role, row.granted))
    place = row.place if row.ref else row.private
    return Request(person, place, private=place == row.private, granted=row.granted)


def _letter(row: Row, message: Message, now: datetime) -> Letter:
    key = f"errand:{row.id}"
    if row.ref:
        return Letter(key, row.place, message, now, FIRST, edits=row.ref, instead=row.private)
    return Letter(key, row.private, message, now, FIRST)


async def _refuse(refusal: Refused, request: Request, desk: Desk) -> Message:
    return desk.say(refusal.key, **refusal.values)


async def _fail(reference: str, request: Request, desk: Desk) -> Message:
    return desk.say("errand-failed", reference=reference)


async def note_shown(store: Store, clock: Callable[[], datetime], number: int, place: Place, ref: str) -> None:
    """The message that waits for that errand was shown there. Never raises: the errand starts by itself soon after."""
    with suppress(Exception):
        async with store.begin() as tx:
            await tx.errands.shown(number, place, ref, clock())
