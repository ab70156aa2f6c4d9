"""The simulator's page and its two doors: people's words come in by POST, posts go out by one WebSocket a tab.
Served on loopback only; a page of another site can neither read nor press here (choice S10)."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.platforms.simulator.posts import Post, Posts, StoredFile
from club.dialogue import PICTURES, Command
from club.filename import file_name
from club.filetype import LARGEST, kind_of
from club.people import Resident
from club.texts import Texts

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

NETWORK = "simulator"
FILES = "/files/"  # what posts carry is below

_FOLDER = Path(__file__).parent
_BODY = 64 * 1024  # bytes of one POST
_LONGEST = 4000  # characters of one message, as on the other networks
_WORDS = (
    "simulator-title",
    "simulator-subtitle",
    "simulator-skip",
    "simulator-people",
    "simulator-people-hint",
    "simulator-channels",
    "simulator-channels-filter",
    "simulator-channels-all",
    "simulator-channels-empty",
    "simulator-private",
    "simulator-private-empty",
    "simulator-views",
    "simulator-message",
    "simulator-send",
    "simulator-where",
    "simulator-where-private",
    "simulator-placeholder",
    "simulator-commands",
    "simulator-keyboard",
    "simulator-hub",
    "simulator-only-you",
    "simulator-writing",
    "simulator-actions",
    "simulator-optional",
    "simulator-no-choice",
    "simulator-no-preference",
    "simulator-file-drop",
    "simulator-file-sending",
    "simulator-file-kept",
    "simulator-file-too-big",
    "simulator-new",
    "simulator-unread",
    "simulator-lost",
    "simulator-full",
    "simulator-connected",
    "simulator-refused",
)
_SAFE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self' ws://127.0.0.1:{port} ws://localhost:{port};"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Said(BaseModel):
    """What a page sends: words, or a pressed token with the values of its form. `update` is the page's own id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    update: str = Field(pattern=r"^[A-Za-z0-9-]{8,64}$")
    person: str
    place: str
    words: str = Field("", max_length=_LONGEST)
    token: str = ""
    values: dict[str, str] = {}
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Town:
    """Who and what there is: people and names of channels, by id."""

    people: Mapping[str, Resident]
    channels: Mapping[str, str]

    def admits(self, said: Said) -> bool:
        """This person exists and may speak there: in their own private talk or in a channel."""
        return said.person in self.people and (said.place == said.person or said.place in self.channels)


@dataclass(eq=False, slots=True)
class View:
    """One open tab: who looks and up to which stamp, and what was said of the state around."""

    socket: web.WebSocketResponse
    look: tuple[str, int] = ("", 0)
    told: Mapping[str, object] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class SimulatorPage:
    """The web server of the simulator. What is said goes to `hear`; `wake` tells the tabs that there is news."""

    def __init__(self, town: Town, posts: Posts, texts: Texts, hear: Callable[[Said], None]) -> None:
        self._town = town
        self._posts = posts
        self._texts = texts
        self._hear = hear
        self._views: set[View] = set()
        self._commands: Sequence[Command] = ()
        self._runner = web.AppRunner(self._app(), shutdown_timeout=0.5, access_log=None)
        self.writing: Counter[str] = Counter()  # answers on their way, by place
        self.port = 0

    async def open(self, port: int, commands: Sequence[Command]) -> None:
        """Listen on this port of 127.0.0.1 (0 = a free one); OSError when it is taken."""
        self._commands = commands
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Tell the tabs that the server goes away (1001), then stop listening."""
        await self._runner.cleanup()

    def wake(self) -> None:
        """Something changed: each tab is sent what it has not seen."""
        for view in self._views:
            if view.look[0]:
                view.wake.set()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=_BODY)
        app.on_response_prepare.append(self._protect)
        app.on_shutdown.append(self._close_views)
        app.router.add_get("/", self._page)
        app.router.add_get("/style.css", _file("style.css", "text/css"))
        for name in ("script.js", "posts.js", "commands.js"):
            app.router.add_get(f"/{name}", _file(name, "text/javascript"))
        app.router.add_get(f"{FILES}{{address}}", self._attachment)
        app.router.add_post(FILES.rstrip("/"), self._take)
        app.router.add_get("/live", self._live)
        app.router.add_post("/say", self._say)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        hosts = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        from_page = request.headers.get("Origin", "") in {f"http://{host}" for host in hosts}
        reads = request.method in ("GET", "HEAD") and request.path != "/live"
        if request.host not in hosts or not (reads or from_page):
            return web.Response(status=403, text=self._texts.plain("simulator-forbidden"))
        return await handler(request)

    async def _protect(self, _: web.Request, answer: web.StreamResponse) -> None:
        for header, value in _SAFE.items():
            answer.headers.setdefault(header, value.replace("{port}", str(self.port)))

    async def _page(self, _: web.Request) -> web.Response:
        words = {key.removeprefix("simulator-").replace("-", "_"): self._texts.plain(key) for key in _WORDS}
        people = [
            {
                "id": resident.id,
                "name": resident.name,
                "role": self._texts.plain(f"simulator-role-{resident.role.word}"),
                "commands": [[c.name, c.summary] for c in self._commands if c.role <= resident.role],
            }
            for resident in self._town.people.values()
        ]
        template = jinja2.Template(_read("page.html"), autoescape=True)
        channels = [{"id": place, "name": name} for place, name in self._town.channels.items()]
        html = template.render(
            words=words,
            people=people,
            channels=channels,
            longest=_LONGEST,
            largest=LARGEST,
            language=self._texts.language,
        )
        return web.Response(text=html, content_type="text/html")

    async def _attachment(self, asked: web.Request) -> web.Response:
        """Only a picture is shown; anything else is taken home, and never runs here."""
        kept = await self._posts.kept(asked.match_info["address"])
        if kept is None:
            return web.Response(status=404, text=self._texts.plain("simulator-no-file"))
        picture = kept.kind in PICTURES
        headers = {
            "Content-Disposition": f'{"inline" if picture else "attachment"}; filename="{kept.name}"',
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        }
        kind = kept.kind if picture else "application/octet-stream"
        return web.Response(body=kept.data, content_type=kind, headers=headers)

    async def _take(self, asked: web.Request) -> web.Response:
        """What is put into a form is kept; its handle."""
        data = bytearray()
        async for chunk in asked.content.iter_any():
            data += chunk
            if len(data) > LARGEST:
                return web.Response(status=413, text=self._texts.plain("simulator-file-too-big"))
        file = StoredFile(file_name(asked.query.get("name", "")), kind_of(bytes(data)), bytes(data))
        try:
            return web.Response(text=f"{NETWORK}:{await self._posts.keep(file)}")
        except sqlite3.OperationalError as trouble:
            log.warning("file not kept", extra={"why": str(trouble)})
            return web.Response(status=503, text=self._texts.plain("simulator-full"))

    async def _say(self, asked: web.Request) -> web.Response:
        raw = await asked.read()
        try:
            said = Said.model_validate_json(raw)
        except ValidationError:
            return self._refuse(400)
        if not (said.words.strip() or said.token):
            return self._refuse(400)
        if not self._town.admits(said) or (said.ref and not await self._sees(said)):
            return self._refuse(403)
        try:
            is_new = await self._posts.hear(said.update, said.model_dump_json())
        except sqlite3.OperationalError as trouble:  # disk full, file locked: the page insists
            log.warning("words not kept", extra={"why": str(trouble)})
            return web.Response(status=503, text=self._texts.plain("simulator-full"))
        if is_new:
            self._hear(said)
        return web.Response(status=202)

    async def _sees(self, said: Said) -> bool:
        post = await self._posts.find(said.ref)
        return post is not None and post.place == said.place and post.audience in ("", said.person)

    def _refuse(self, status: int) -> web.Response:
        return web.Response(status=status, text=self._texts.plain("simulator-refused"))

    # The live side: each tab is told what lies above the last stamp it saw, so nothing is lost or shown twice.

    async def _live(self, asked: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=0.5, heartbeat=20, max_msg_size=4096)
        await socket.prepare(asked)
        view = View(socket)
        self._views.add(view)
        pump = asyncio.create_task(self._pump(view))
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT or not self._look(view, frame.data):
                    break
        finally:
            self._views.discard(view)
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
        return socket

    def _look(self, view: View, frame: str) -> bool:
        """Read `{"person", "seen"}`: who looks now, and the last stamp known for them."""
        try:
            wanted = json.loads(frame)
            person, seen = wanted["person"], int(wanted["seen"])
        except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
            return False
        if not isinstance(person, str) or person not in self._town.people or not 0 <= seen < 2**53:
            return False
        view.look, view.told = (person, seen), {}
        view.wake.set()
        return True

    async def _pump(self, view: View) -> None:
        try:
            while True:
                await view.wake.wait()
                view.wake.clear()
                await self._tell(view)
        except (ConnectionError, sqlite3.Error):
            log.info("tab lost", exc_info=True)
        finally:
            await view.socket.close()

    async def _tell(self, view: View) -> None:
        look = person, seen = view.look
        posts, heads = await self._posts.seen_by(person, seen), await self._posts.heads()
        state = {"heads": heads, "writing": [p for p in (person, *self._town.channels) if self.writing[p]]}
        # Another person may have been chosen in between: then this news is for nobody.
        if view.look is not look or (not posts and view.told == state):
            return
        seen = max([seen, *(post.stamp for post in posts)])
        view.look, view.told = (person, seen), state
        drawn = [self._drawn(post) for post in posts if post.place in (person, *self._town.channels)]
        news = {"person": person, "seen": seen, "memory": self._posts.memory, "posts": drawn, **state}
        await view.socket.send_json(news)

    def _drawn(self, post: Post) -> dict[str, object]:
        local = post.at.astimezone(self._texts.zone)
        return {
            **post.body,
            "seq": post.seq,
            "stamp": post.stamp,
            "place": post.place,
            "only": bool(post.audience) and post.place in self._town.channels,
            "author": post.author,
            "at": local.isoformat(timespec="seconds"),
            "hour": self._texts.hour(local.time()),
            "day": self._texts.day(local.date()),
        }

    async def _close_views(self, _: web.Application) -> None:
        await asyncio.gather(*(view.socket.close(code=WSCloseCode.GOING_AWAY) for view in list(self._views)))


def _read(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def _file(name: str, content_type: str) -> Handler:
    async def give(_: web.Request) -> web.Response:
        return web.Response(text=_read(name), content_type=content_type)

    return give
