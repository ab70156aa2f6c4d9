"""A chat in the terminal: one line is one saying, a number presses what stands beside it. It keeps nothing."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.platforms.base import WHOLE, Answer, Malformed, Parts, Read, Unreachable, stopped_by_others
from bot.platforms.text import NAME, titled, unnamed
from club.dialogue import Action, Attachment, Command, Message, Request
from club.filetype import LARGEST, Received
from club.markup import plain
from club.people import Person, Place, Resident, Role
from club.refusal import Refused
from club.texts import Texts

log = logging.getLogger(__name__)

_LINE = 2**20  # bytes of one typed line
# A terminal obeys control characters: what feeds and people wrote must not move its cursor or change its title.
_HARMLESS = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) != "\n"} | {0x09: " "}


@dataclass(frozen=True, slots=True)
class ConsoleMessage:
    """A message on the screen: where, for whose eyes ("" = everyone), and what can be pressed."""

    place: str
    audience: str
    actions: tuple[Action, ...]


class Console:
    """The network `console`: private talks `console:ana`, channels `console:actualites`.

    `reader` and `writer` are the terminal's own unless given. `on_end` is called once the person has left: `:quitter`,
    or the end of the input. What messages carry is put down in `folder`.
    """

    name = "console"

    def __init__(
        self,
        people: Sequence[Resident],
        channels: Sequence[tuple[Place, str]],
        texts: Texts,
        reader: asyncio.StreamReader | None = None,
        writer: TextIO | None = None,
        folder: Path | None = None,
        on_end: Callable[[], None] = stopped_by_others,
    ) -> None:
        self._people = {resident.id: resident for resident in people}
        self._channels = {place.id: name for place, name in channels}
        self._texts = texts
        self._reader = reader
        self._writer = writer or sys.stdout
        self._folder = folder
        self._on_end = on_end
        self._who = people[0]
        self._where = people[0].id
        self._shown: list[ConsoleMessage] = []
        self._refs: dict[str, str] = {}  # key of a letter → its reference
        self._sent: dict[str, Path] = {}  # what people sent, by handle
        self._session = secrets.token_hex(4)
        self._said = 0
        self._prompting = False
        self._answer: Answer
        self._talk: asyncio.Task[None] | None = None
        self._busy = asyncio.Lock()  # held while an answer is on its way

    async def start(self, commands: Sequence[Command], answer: Answer) -> None:
        """Greet, then listen to the keyboard."""
        self._answer = answer
        self._print(plain(self._texts.lines("console-welcome", commands=self._words())))
        # A terminal shows what is typed by itself; a pipe or a file does not.
        echo = self._reader is not None or not os.isatty(0)
        self._talk = asyncio.create_task(self._listen(self._reader or _keyboard(), echo))
        self._talk.add_done_callback(lambda _: self._on_end())

    async def stop(self) -> None:
        """Stop listening; an answer on its way has a second."""
        if self._talk:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._busy.acquire(), timeout=1)
            self._talk.cancel()
            await asyncio.gather(self._talk, return_exceptions=True)

    async def send(self, place: Place, message: Message, key: str, parts: Parts = WHOLE) -> str:
        """Print the message, once for each key."""
        if place.id not in self._people and place.id not in self._channels:
            raise Unreachable("unreachable-gone")
        if key not in self._refs:
            self._refs[key] = self._show(place.id, message)
        return self._refs[key]

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Print the message anew under its number; what could be pressed on it before no longer can."""
        if ref not in map(str, range(1, len(self._shown) + 1)) or self._shown[int(ref) - 1].place != place.id:
            raise Malformed("no such message")
        self._reshow(ref, message)

    async def fetch(self, handle: str, read: Read) -> Received:
        """The file that a person named, as it is by now."""
        file = self._sent.get(handle)
        if file is None:
            raise Refused("file-gone")
        try:
            return Received(file.name, await asyncio.to_thread(_contents, file))
        except OSError as lost:
            raise Refused("file-gone") from lost

    # What is typed.

    async def _listen(self, reader: asyncio.StreamReader, echo: bool) -> None:
        while True:
            self._prompt()
            try:
                raw = await reader.readline()
            except ValueError:  # longer than the reader takes
                self._tell("console-too-long")
                continue
            line = raw.decode("utf-8", "replace").strip()
            if echo or not raw:
                self._writer.write(f"{line.translate(_HARMLESS)}\n")
            self._prompting = False
            if not raw:
                return
            if line.startswith(":"):
                if await self._obey(line[1:]):
                    return
            elif line:
                async with self._busy:
                    await self._say(line)

    async def _obey(self, line: str) -> bool:
        """Change person or place, send a file; True to leave."""
        word, _, name = (part.strip() for part in line.partition(" "))
        match word:
            case _ if word == self._word("console-quit"):
                return True
            case _ if word == self._word("console-who"):
                self._become(name)
            case _ if word == self._word("console-where"):
                self._go(name)
            case _ if word == self._word("console-attach"):
                if handle := self._named(name):
                    async with self._busy:
                        await self._say("", (handle,))
            case _:
                self._tell("console-no-word", name=f":{word}", commands=self._words())
        return False

    def _become(self, name: str) -> None:
        for resident in self._people.values():
            if name.casefold() in (resident.id.casefold(), resident.name.casefold()):
                self._who, self._where = resident, resident.id
                self._tell_where()
                return
        self._tell("console-no-person", name=name, known=", ".join(self._people))

    def _go(self, name: str) -> None:
        private = self._word("console-private")
        places = {private: self._who.id, self._who.id: self._who.id, **{place: place for place in self._channels}}
        place = places.get(name.removeprefix("#").casefold())
        if place is None:
            self._tell("console-no-place", name=name, known=", ".join((private, *self._channels)))
            return
        self._where = place
        self._tell_where()

    def _named(self, name: str) -> str:
        """The handle of the file that the person names, "" when there is none; what is dropped on a terminal comes
        between quotes."""
        file = Path(name.strip("'\"")).expanduser()
        if not file.is_file():
            self._tell("console-no-file", file=name)
            return ""
        handle = f"{self.name}:{secrets.token_hex(8)}"
        self._sent[handle] = file
        return handle

    async def _say(self, line: str, files: tuple[str, ...] = ()) -> None:
        self._said += 1
        ref, action = self._pressed(line)
        who, where, private = self._who, self._where, self._where in self._people
        words, named = ("" if action else line, False) if action or private else unnamed(line, NAME)
        request = Request(
            person=Person(self.name, who.id, who.name),
            place=Place(self.name, where),
            words=words,
            token=action.token if action else "",
            private=private,
            named=named,
            may_manage=not private and who.role >= Role.MODERATOR,
            ref=ref,
            update=f"{self._session}-{self._said}",
            files=files,
        )
        answer = await self._ask(request)
        if answer is None:
            return
        pressed = self._shown[int(ref) - 1] if ref and answer.in_place else None
        if pressed and (pressed.audience or private or not answer.private):
            where = pressed.place
            self._reshow(ref, answer)
        else:
            ref = self._show(where, answer, who.id if answer.private and not private else "")
        if answer.shown:
            await answer.shown(Place(self.name, where), ref)

    async def _ask(self, request: Request) -> Message | None:
        try:
            return await self._answer(request)
        except Exception:
            # The router answers for its own faults; this last net keeps one update from stopping the network.
            reference = secrets.token_hex(3)
            log.exception("answer failed", extra={"reference": reference})
            return Message(self._texts.lines("console-failed", reference=reference), private=True)

    def _pressed(self, line: str) -> tuple[str, Action | None]:
        """What this number stands for on the latest message with actions here; a number beyond is plain words."""
        number = int(line) if line.isascii() and line.isdigit() and len(line) < 4 else 0
        for ref in range(len(self._shown), 0, -1):
            shown = self._shown[ref - 1]
            if shown.place == self._where and shown.audience in ("", self._who.id) and shown.actions:
                return (str(ref), shown.actions[number - 1]) if 1 <= number <= len(shown.actions) else ("", None)
        return "", None

    # What is shown.

    def _show(self, place: str, message: Message, audience: str = "") -> str:
        self._shown.append(ConsoleMessage(place, audience, message.actions))
        ref = str(len(self._shown))
        self._print_message(ref, message)
        return ref

    def _reshow(self, ref: str, message: Message) -> None:
        old = self._shown[int(ref) - 1]
        self._shown[int(ref) - 1] = ConsoleMessage(old.place, old.audience, message.actions)
        self._print_message(ref, message, self._texts.plain("console-header-edited"))

    def _print_message(self, ref: str, message: Message, mark: str = "") -> None:
        shown = self._shown[int(ref) - 1]
        place = f"#{shown.place}" if shown.place in self._channels else self._people[shown.place].name
        only = shown.audience and self._texts.plain("console-header-only", person=self._people[shown.audience].name)
        header = " · ".join(filter(None, (place, only, ref, mark)))
        body = plain(message.lines).split("\n")
        body += [line for one in message.attachments for line in self._attached(one)]
        # Only headers stand at the margin: no text can pass for a message of its own.
        body += [f"{n}. {_box(action, message)}{action.label}" for n, action in enumerate(message.actions, 1)]
        self._print("\n".join([f"[{header}]", *(f"  {line}".rstrip() for line in body)]))

    def _attached(self, one: Attachment) -> list[str]:
        """What is attached, in words, and where it was put down."""
        values = {"title": titled(one, self._texts), "file": self._put_down(one)}
        told = [self._texts.plain("console-attached" if values["file"] else "console-attached-lost", **values)]
        return told + ([self._texts.plain("console-picture", alt=one.alt)] if one.alt else [])

    def _put_down(self, one: Attachment) -> str:
        """The file, one for each content; "" when it could not be written."""
        if self._folder is None:
            return ""
        file = self._folder / hashlib.sha256(one.data).hexdigest()[:12] / one.name
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_bytes(one.data)
        except OSError:
            log.warning("attachment not put down", exc_info=True)
            return ""
        return str(file)

    def _tell_where(self) -> None:
        private = self._where in self._people
        key = "console-place-private" if private else "console-place-channel"
        place = self._texts.plain(key, **({} if private else {"channel": self._where}))
        self._tell("console-you", person=self._who.name, place=place)

    def _tell(self, key: str, **values: object) -> None:
        self._print(self._texts.plain(key, **values))

    def _print(self, text: str) -> None:
        start = "\n" if self._prompting else ""
        self._writer.write(f"{start}{text.translate(_HARMLESS)}\n")
        if self._prompting:
            self._prompt()
        self._writer.flush()

    def _prompt(self) -> None:
        self._prompting = True
        place = f" #{self._where}" if self._where in self._channels else ""
        self._writer.write(f"{self._who.name}{place} > ")
        self._writer.flush()

    def _words(self) -> str:
        person, place = next(reversed(self._people)), next(iter(self._channels), self._word("console-private"))
        return self._texts.plain("console-words", person=person, place=place)

    def _word(self, key: str) -> str:
        return self._texts.plain(key)


def _box(action: Action, message: Message) -> str:
    return ("☑ " if action.chosen else "☐ ") if message.is_box(action) else ""


def _contents(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _keyboard() -> asyncio.StreamReader:
    """Standard input as a stream. Read by a thread, which works for terminals, pipes and files alike and leaves
    the terminal's shared flags alone."""
    reader, loop = asyncio.StreamReader(limit=_LINE), asyncio.get_running_loop()

    def read() -> None:
        try:
            while chunk := os.read(0, 65536):
                loop.call_soon_threadsafe(reader.feed_data, chunk)
            loop.call_soon_threadsafe(reader.feed_eof)
        except (OSError, RuntimeError):
            return  # the terminal or the loop is gone

    threading.Thread(target=read, name="keyboard", daemon=True).start()
    return reader
