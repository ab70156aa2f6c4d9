"""A chat in the browser, on loopback only. It stands for a whole network, so it keeps what was posted in a file
of its own (`posts.py`) and shows it by a page (`page.py`)."""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.platforms.base import WHOLE, Answer, Malformed, Parts, Read, TryLater, Unreachable
from bot.platforms.simulator.page import FILES, NETWORK, Said, SimulatorPage, Town
from bot.platforms.simulator.posts import Post, Posts, body
from bot.platforms.text import NAME, titled, unnamed
from club.dialogue import Command, Message, Request
from club.filetype import Received
from club.markup import as_text
from club.people import Person, Place, Resident, Role
from club.refusal import Refused
from club.texts import Texts

log = logging.getLogger(__name__)

_TURN = 2.0  # seconds that a person's words wait for the answer to their previous ones
_LAST = 1.0  # seconds that answers on their way have when stopping


def _now() -> datetime:
    return datetime.now(UTC)


class Simulator:
    """The network `simulator`: private talks `simulator:ana`, channels `simulator:actualites`."""

    name = NETWORK

    def __init__(
        self,
        file: Path,
        people: Sequence[Resident],
        channels: Sequence[tuple[Place, str]],
        port: int,
        texts: Texts,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._file = file
        self._town = Town({r.id: r for r in people}, {place.id: name for place, name in channels})
        if not self._town.people.keys().isdisjoint(self._town.channels):
            raise ValueError("a person and a channel bear the same id")
        self._port = port
        self._texts = texts
        self._now = now
        self._answer: Answer
        self._posts: Posts | None = None
        self._page: SimulatorPage | None = None
        self._last: dict[str, asyncio.Task[None]] = {}  # what each person said last
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The one listened on; what was asked for until then (0 = any free one)."""
        return self._page.port if self._page else self._port

    async def start(self, commands: Sequence[Command], answer: Answer) -> None:
        """Serve the page; OSError when the port is taken. What was heard and never answered is answered now."""
        self._answer = answer
        self._posts = await Posts.open(self._file)
        page = SimulatorPage(self._town, self._posts, self._texts, self._hear)
        unanswered = await self._posts.unanswered()
        try:
            await page.open(self._port, commands)
        except BaseException:
            await page.close()
            await self.stop()
            raise
        self._page = page
        for update, said in unanswered:
            await self._hear_again(update, said)

    async def stop(self) -> None:
        """Close the tabs' sockets, let answers on their way arrive, then close the file."""
        if self._page:
            await self._page.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LAST)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._posts:
            await self._posts.close()
        self._page = self._posts = None

    async def send(self, place: Place, message: Message, key: str, parts: Parts = WHOLE) -> str:
        """Post it, once for each key; the reference is the post's number."""
        if place.id not in self._town.people and place.id not in self._town.channels:
            raise Unreachable("unreachable-gone")
        return await self._post(f"letter:{key}", place.id, message)

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Show the message instead of the hub's one with this number."""
        post = await self._open().find(ref)
        if post is None or post.place != place.id or post.author:
            raise Malformed("no such post")
        try:
            await self._open().replace(post.seq, await self._body(message))
        except sqlite3.OperationalError as trouble:
            raise TryLater(5) from trouble
        self._wake()

    async def fetch(self, handle: str, read: Read) -> Received:
        """What was put into a form there."""
        kept = await self._open().kept(handle.removeprefix(f"{self.name}:"))
        if kept is None:
            raise Refused("file-gone")
        return Received(kept.name, kept.data)

    async def _post(self, key: str, place: str, message: Message, *, audience: str = "", author: str = "") -> str:
        """The number of the post; in a private talk only its person looks on."""
        eyes = place if place in self._town.people else audience
        try:
            said = await self._body(message)
            post = Post(seq=0, stamp=0, place=place, audience=eyes, author=author, body=said, at=self._now())
            seq = await self._open().add(key, post)
        except sqlite3.OperationalError as trouble:  # disk full, file locked: nothing was kept
            raise TryLater(5) from trouble
        self._wake()
        return str(seq)

    async def _body(self, message: Message) -> dict[str, Any]:
        attached = [
            {
                "address": f"{FILES}{await self._open().keep(one)}",
                "title": titled(one, self._texts),
                "name": one.name,
                "alt": one.alt,
                "picture": one.is_picture,
            }
            for one in message.attachments
        ]
        return body(message, attached)

    def _open(self) -> Posts:
        if self._posts is None:
            raise TryLater(1)
        return self._posts

    def _wake(self) -> None:
        if self._page:
            self._page.wake()

    # What people say: kept first, answered in the background.

    def _hear(self, said: Said) -> None:
        task = asyncio.create_task(self._reply(said, self._last.get(said.person)))
        self._last[said.person] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hear_again(self, update: str, stored: str) -> None:
        """The program was stopped before it answered; a person who is gone since waits for nothing."""
        try:
            said = Said.model_validate_json(stored)
        except ValidationError:
            said = None
        if said and self._town.admits(said):
            self._hear(said)
        else:
            await self._open().answered(update)

    async def _reply(self, said: Said, previous: asyncio.Task[None] | None) -> None:
        try:
            if said.words:
                words = Message(as_text(said.words))
                await self._post(f"said:{said.update}", said.place, words, author=said.person)
            if previous and not previous.done():
                # In order, as they were typed; yet an answer that never comes must not silence a person for ever.
                await asyncio.wait({previous}, timeout=_TURN)
            if answer := await self._ask(said):
                await self._show(said, answer)
            await self._open().answered(said.update)
        except (TryLater, sqlite3.Error):
            log.warning("answer not posted", exc_info=True)  # still unanswered: asked again at the next start

    async def _ask(self, said: Said) -> Message | None:
        writing = self._page.writing if self._page else {said.place: 0}
        writing[said.place] += 1
        self._wake()
        try:
            return await self._answer(self._request(said))
        except Exception:
            # The router answers for its own faults; this last net keeps one update from stopping the network.
            reference = secrets.token_hex(3)
            log.exception("answer failed", extra={"reference": reference})
            return Message(self._texts.lines("simulator-failed", reference=reference), private=True)
        finally:
            writing[said.place] -= 1
            self._wake()

    def _request(self, said: Said) -> Request:
        resident, private = self._town.people[said.person], said.place in self._town.people
        words, named = (said.words, False) if private else unnamed(said.words, NAME)
        return Request(
            person=Person(self.name, resident.id, resident.name),
            place=Place(self.name, said.place),
            values=said.values,
            words=words,
            token=said.token,
            private=private,
            named=named,
            may_manage=not private and resident.role >= Role.MODERATOR,
            ref=said.ref,
            update=said.update,
        )

    async def _show(self, said: Said, answer: Message) -> None:
        audience = said.person if answer.private or said.place in self._town.people else ""
        pressed = await self._open().find(said.ref) if answer.in_place else None
        # A private answer never takes the place of what everyone sees.
        if pressed and not pressed.author and (pressed.audience or not audience):
            place, ref = pressed.place, said.ref
            await self.edit(Place(self.name, place), ref, answer)
        else:
            place = said.place
            ref = await self._post(f"answer:{said.update}", place, answer, audience=audience)
        if answer.shown:
            await answer.shown(Place(self.name, place), ref)
