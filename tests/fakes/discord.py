"""A small Discord on loopback: REST and gateway. It says no as Discord does, holds every call against Discord's own
description (`faults` must stay empty), and lets tests do what people do there."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import WSMsgType, web

from tests.fakes.discord_spec import Spec

ME, APP = 900, 900  # a bot's user and its application bear one number
TOKEN = "MTIz.discord.a-token-for-tests"
EPHEMERAL, PRIVILEGED = 64, (1 << 1) | (1 << 8) | (1 << 15)
TEXT, DM, NEWS, THREAD, FORUM = 0, 1, 5, 11, 15
ALL_RIGHTS = (1 << 53) - 1
WRITE = sum(1 << bit for bit in (10, 11, 15, 16, 38, 44))  # what the bot is invited with
ATTACH_FILES = 1 << 15
WITHIN = 3.0  # seconds to acknowledge an interaction

Body = dict[str, Any]


@dataclass
class Channel:
    id: int
    name: str = ""
    type: int = TEXT
    guild: int = 0
    parent: int = 0
    recipient: int = 0
    rights: int = WRITE  # the bot's
    locked: bool = False
    tags: list[Body] = field(default_factory=list)
    flags: int = 0
    messages: dict[int, Body] = field(default_factory=dict)
    nonces: dict[str, int] = field(default_factory=dict)


@dataclass
class Person:
    id: int
    name: str
    rights: int = WRITE
    roles: list[str] = field(default_factory=list)
    blocks: bool = False


class Upload(NamedTuple):
    """A file beside a body."""

    name: str
    data: bytes
    kind: str


@dataclass
class Asked:
    """An interaction and what came of it."""

    id: int
    token: str
    kind: int
    person: Person
    channel: Channel
    at: float
    source: int = 0
    original: int = 0
    modal: Body | None = None
    choices: list[Body] | None = None
    answered: list[int] = field(default_factory=list)  # kinds of callbacks
    lost: bool = False  # an answer to a callback was lost: it may be said again


@dataclass
class Trouble:
    """What the next calls that fit are answered with."""

    method: str
    path: str
    status: int
    body: Body = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    done: bool = False  # the call is carried out all the same: its answer is lost


class ApiError(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class FakeDiscord:
    def __init__(self) -> None:
        self.spec = Spec.load()
        self.faults: list[str] = []
        self.calls: list[tuple[str, str, Any, int]] = []
        self.sent_at: list[float] = []
        self.troubles: list[Trouble] = []
        self.people: dict[int, Person] = {}
        self.channels: dict[int, Channel] = {}
        self.guild = 500
        self.everyone = WRITE  # rights of @everyone
        self.roles: list[Body] = []
        self.asked: dict[int, Asked] = {}
        self.commands: list[Body] = []
        self.files: dict[str, Upload] = {}  # by the number of the attachment
        self.uploaded: dict[int, str] = {}  # with the call that is being carried out
        self.largest = 10 * 2**20  # bytes of the files of a call
        self.news = asyncio.Event()
        self.token = TOKEN
        self.sessions: list[str] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.history: list[Body] = []
        self.identified = self.resumed = 0
        self._last = (time.time_ns() // 10**6 - 1420070400000) << 22  # ids tell when
        self._telling: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None
        self.port = 0

    # Opening and closing

    async def open(self, port: int = 0) -> None:
        app = web.Application(client_max_size=30 * 2**20)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/attachments/{ident}/{name}", self._give)
        app.router.add_route("*", "/api/v10{path:/.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port or self.port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        await self.drop()
        if self._runner:
            await self._runner.cleanup()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def add_person(self, name: str, ident: int, **more: Any) -> Person:
        self.people[ident] = Person(ident, name, **more)
        return self.people[ident]

    def add_channel(self, name: str, ident: int, kind: int = TEXT, **more: Any) -> Channel:
        self.channels[ident] = Channel(ident, name, kind, self.guild, **more)
        return self.channels[ident]

    def dm(self, person: Person) -> Channel:
        for channel in self.channels.values():
            if channel.recipient == person.id:
                return channel
        channel = Channel(self.next_id(), type=DM, recipient=person.id)
        self.channels[channel.id] = channel
        return channel

    def trouble(self, method: str, path: str, status: int, code: int = 0, **more: Any) -> Trouble:
        """The next calls that fit are answered so; 429 with `retry_after` comes from Discord itself (Via)."""
        after, everywhere = more.pop("retry_after", 0.0), more.pop("everywhere", False)
        body = {"code": code, "message": "as asked by the test"}
        headers = {}
        if status == 429:
            body = {"message": "You are being rate limited.", "retry_after": after, "global": everywhere}
            headers = {"Via": "1.1 google", "Retry-After": str(after)}
            headers["X-RateLimit-Scope"] = "global" if everywhere else "user"
        self.troubles.append(Trouble(method, path, status, body, headers, **more))
        return self.troubles[-1]

    # What people do

    async def say(self, person: Person, content: str, channel: Channel | None = None, **more: Any) -> int:
        """Words in private, or in a channel to the bot."""
        where = channel or self.dm(person)
        mentions = [_user(ME, "Club", bot=True)] if where.guild else []
        text = f"<@{ME}> {content}" if where.guild else content
        message = self._message(where, person.id, {"content": text, **more}, mentions=mentions)
        self._publish("MESSAGE_CREATE", self._shown(where, message))
        return int(message["id"])

    async def give(self, person: Person, name: str, data: bytes, content: str = "") -> Body:
        """A file in private; as Discord tells of it."""
        ident = str(self.next_id())
        self.files[ident] = Upload(name, data, "application/octet-stream")
        told = self._attachment(ident, {"filename": name})
        await self.say(person, content, attachments=[told])
        return told

    async def _give(self, request: web.Request) -> web.Response:
        file = self.files.get(request.match_info["ident"])
        if file is None:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=file.data, content_type=file.kind)

    async def slash(self, person: Person, name: str, channel: Channel | None = None, **given: Any) -> Asked:
        """A registered command, with its options by name."""
        return await self._ask(2, person, channel, self._command(name, given))

    async def complete(
        self, person: Person, name: str, option: str, typed: str, channel: Channel | None = None
    ) -> Asked:
        """Typing in an option."""
        data = self._command(name, {option: typed})
        _leaves(data)[0]["focused"] = True
        return await self._ask(4, person, channel, data)

    def _command(self, name: str, given: Body) -> Body:
        base, _, under = name.partition(" ")
        root = next((one for one in self.commands if one["name"] == base), None)
        assert root, f"/{base} is not registered"
        leaf = next((one for one in root["options"] if one["name"] == under), None) if under else root
        assert leaf, f"/{name} is not registered"
        known = {one["name"]: one for one in leaf.get("options", ())}
        files = {value["id"]: value for value in given.values() if isinstance(value, dict)}
        options = [
            {"type": known[key]["type"], "name": key, "value": value["id"] if isinstance(value, dict) else value}
            for key, value in given.items()
        ]
        if under:
            options = [{"type": 1, "name": under, "options": options}]
        resolved = {"resolved": {"attachments": files}} if files else {}
        return {"id": root.get("id", "1"), "name": base, "type": 1, "options": options, **resolved}

    async def press(self, person: Person, message: Body, label: str) -> Asked:
        """The button, or the entry of a list, with that label."""
        for part in parts(message):
            if part.get("label") == label:
                return await self._press(person, message, {"custom_id": part["custom_id"], "component_type": 2})
            for option in part.get("options", ()):
                if option["label"] == label:
                    return await self.pick(person, message, part, option["value"])
        raise AssertionError(f"no {label!r} in {message}")

    async def pick(self, person: Person, message: Body, part: Body, value: str) -> Asked:
        """A list with this entry chosen; where several may be, added to or taken from those that are."""
        values = [value]
        if part["max_values"] > 1 or part["min_values"] == 0:
            before = [one["value"] for one in part["options"] if one.get("default")]
            values = [one for one in before if one != value] if value in before else [*before, value]
        return await self._press(
            person, message, {"custom_id": part["custom_id"], "component_type": 3, "values": values}
        )

    async def forge(self, person: Person, message: Body, custom_id: str) -> Asked:
        return await self._press(person, message, {"custom_id": custom_id, "component_type": 2})

    async def _press(self, person: Person, message: Body, data: Body) -> Asked:
        channel = self.channels[int(message["channel_id"])]
        return await self._ask(3, person, channel if channel.guild else None, data, int(message["id"]))

    async def submit(self, asked: Asked, **values: Any) -> Asked:
        """The window that was opened, filled; what is not given stays as it was."""
        assert asked.modal, f"no window: {asked}"
        components, held, files = [], set(), dict[str, Body]()
        for row in asked.modal["components"]:
            part = row["component"]
            held.add(part["custom_id"])
            chosen = [one["value"] for one in part.get("options", ()) if one.get("default")]
            value = values.get(part["custom_id"], part.get("value", "") if part["type"] == 4 else chosen)
            if part["type"] == 19:  # files: what Discord would tell of each
                files |= {one["id"]: one for one in value}
                value = [one["id"] for one in value]
            said = {"value": value} if part["type"] == 4 else {"values": value}
            assert value or not part["required"], f"{part['custom_id']} is required"
            components.append({"type": 18, "component": {"type": part["type"], "custom_id": part["custom_id"], **said}})
        assert set(values) <= held, f"{set(values) - held} is not in the window"
        data = {"custom_id": asked.modal["custom_id"], "components": components, "resolved": {"attachments": files}}
        channel = asked.channel if asked.channel.guild else None
        return await self._ask(5, asked.person, channel, data, asked.source)

    async def _ask(self, kind: int, person: Person, channel: Channel | None, data: Body, source: int = 0) -> Asked:
        where = channel or self.dm(person)
        ident = self.next_id()
        asked = Asked(ident, f"interaction-{ident}", kind, person, where, time.monotonic(), source)
        self.asked[ident] = asked
        payload = {
            "id": str(ident),
            "application_id": str(APP),
            "type": kind,
            "token": asked.token,
            "version": 1,
            "data": data,
            "channel_id": str(where.id),
            "channel": _channel(where),
            "app_permissions": str(where.rights),
            "locale": "fr",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0 if where.guild else 1,
            "attachment_size_limit": 10**7,
        }
        if source:
            payload["message"] = self._shown(where, where.messages[source])
        if where.guild:
            payload |= {"guild_id": str(where.guild), "guild_locale": "fr", "member": self._member(person)}
        else:
            payload["user"] = _user(person.id, person.name)
        self._publish("INTERACTION_CREATE", payload)
        return asked

    # What people see

    def carried(self, message: Body) -> list[tuple[str, bytes, str]]:
        """What it carries: names, contents, descriptions."""
        return [
            (one["filename"], self.files[one["id"]].data, one.get("description", "")) for one in message["attachments"]
        ]

    def seen(self, person: Person, channel: Channel | None = None) -> list[Body]:
        """The bot's messages there that this person sees."""
        where = channel or self.dm(person)
        return [
            message
            for message in where.messages.values()
            if message["author"]["id"] == str(ME)
            and not message.get("loading")
            and (not message["flags"] & EPHEMERAL or message["for"] == person.id)
        ]

    async def until(self, claim: Callable[[], Any], within: float = 20) -> Any:
        """What the claim gives once it is true."""
        async with asyncio.timeout(within):
            while not (found := claim()):
                self.news.clear()
                await self.news.wait()
        return found

    # Gateway

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            said = json.loads(frame.data)
            if said["op"] == 1:
                await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
            elif said["op"] == 2:
                await self._identify(socket, said["d"])
            elif said["op"] == 6:
                await self._resume(socket, said["d"])
        with suppress(ValueError):
            self.sockets.remove(socket)
        return socket

    async def _identify(self, socket: web.WebSocketResponse, said: Body) -> None:
        if said["token"] != self.token:
            await socket.close(code=4004)
            return
        if said["intents"] & PRIVILEGED:
            self.faults.append(f"privileged intents {said['intents']}")
        self.identified += 1
        self.sessions.append(f"session-{self.identified}")
        self.history.clear()
        self.sockets[:] = [socket]
        ready = {
            "v": 10,
            "user": _user(ME, "Club", bot=True),
            "guilds": [{"id": str(self.guild), "unavailable": True}],
            "session_id": self.sessions[-1],
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
            "application": {"id": str(APP), "flags": 0},
        }
        self._publish("READY", ready)
        self._publish("GUILD_CREATE", self._guild())
        self.news.set()

    async def _resume(self, socket: web.WebSocketResponse, said: Body) -> None:
        if said["token"] != self.token or said["session_id"] not in self.sessions[-1:]:
            await socket.send_json({"op": 9, "d": False, "s": None, "t": None})
            return
        self.resumed += 1
        self.sockets[:] = [socket]
        for event in self.history[said["seq"] or 0 :]:
            await socket.send_json(event)
        self._publish("RESUMED", {})
        self.news.set()

    def _publish(self, name: str, data: Body) -> None:
        self.history.append({"op": 0, "t": name, "s": len(self.history) + 1, "d": data})
        for socket in self.sockets:
            task = asyncio.ensure_future(_tell(socket, self.history[-1]))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def drop(self, code: int = 1001) -> None:
        """The connection goes; events wait for the one that resumes."""
        for socket in tuple(self.sockets):
            self.sockets.remove(socket)
            await socket.close(code=code)

    async def order(self, op: int, data: Any = None) -> None:
        """7: connect anew; 9: this session is over, or may be resumed."""
        if op == 9 and not data:
            self.sessions.append("")
        for socket in tuple(self.sockets):
            self.sockets.remove(socket)
            await _tell(socket, {"op": op, "d": data, "s": None, "t": None})

    # REST

    async def _serve(self, request: web.Request) -> web.Response:
        path, method = request.match_info["path"], request.method
        body, files = await _read(request)
        self.faults += self.spec.check(method, path, body)
        if body and request.content_type not in ("application/json", "multipart/form-data"):
            self.faults.append(f"{method} {path}: {request.content_type}")
        self.faults += list(_unsaid(method, path, body))
        self.faults += list(_unpaired(method, path, body, files))
        trouble = self._trouble(method, path)
        if trouble and not trouble.done:
            return self._answer(method, path, body, trouble.status, trouble.body, trouble.headers)
        try:
            if "/interactions/" not in path and request.headers.get("Authorization") != f"Bot {self.token}":
                raise ApiError(401, 0, "401: Unauthorized")
            self._keep(files, method)
            said = self._do(method, path.strip("/").split("/"), body, request)
        except ApiError as no:
            return self._answer(method, path, body, no.status, {"code": no.code, "message": no.message}, {})
        finally:
            self.news.set()
        if trouble:
            for asked in self.asked.values():
                asked.lost = asked.lost or path.endswith(f"{asked.token}/callback")
            return self._answer(method, path, body, trouble.status, trouble.body, trouble.headers)
        return self._answer(method, path, body, 204 if said is None else 200, said, {})

    def _keep(self, files: dict[int, Upload], method: str) -> None:
        """What comes beside the body has a place and a number from now on."""
        if sum(len(one.data) for one in files.values()) > self.largest:
            raise ApiError(413, 40005, "Request entity too large")
        self.uploaded = {at: str(self.next_id()) for at in files}
        self.files |= {self.uploaded[at]: one for at, one in files.items()}

    def _carried(self, body: Body, before: Sequence[Body] = ()) -> list[Body]:
        """The attachments of a message: those of before that the body names, and those that came beside it."""
        told = {one["id"]: one for one in body.get("attachments") or ()}
        kept = [one for one in before if one["id"] in told or "attachments" not in body]
        return kept + [self._attachment(ident, told[str(at)]) for at, ident in self.uploaded.items()]

    def _attachment(self, ident: str, told: Body) -> Body:
        file = self.files[ident]
        url = f"http://127.0.0.1:{self.port}/attachments/{ident}/{told['filename']}"
        about = {"id": ident, "filename": told["filename"], "size": len(file.data), "url": url, "proxy_url": url}
        described = {"description": told["description"]} if told.get("description") else {}
        return {**about, "content_type": file.kind, **described}

    def _answer(
        self, method: str, path: str, body: Any, status: int, said: Any, headers: dict[str, str]
    ) -> web.Response:
        self.calls.append((method, path, body, status))
        self.news.set()
        if status == 204:
            return web.Response(status=204)
        return web.Response(
            body=json.dumps(said).encode(), status=status, headers={"Content-Type": "application/json", **headers}
        )

    def _trouble(self, method: str, path: str) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.times and trouble.method == method and re.fullmatch(trouble.path, path):
                trouble.times -= 1
                return trouble
        return None

    def _do(self, method: str, path: list[str], body: Any, request: web.Request) -> Any:
        match method, path:
            case "GET", ["users" | "oauth2" | "gateway", *_]:
                return self._about(path)
            case "GET", ["applications", _, "commands"]:
                return self.commands
            case "PUT", ["applications", _, "commands"]:
                self.commands = [{**one, "id": str(self.next_id()), "version": "1"} for one in body]
                return self.commands
            case "POST", ["users", "@me", "channels"]:
                if int(body["recipient_id"]) not in self.people:
                    raise ApiError(400, 50033, "Invalid Recipient(s)")
                return _channel(self.dm(self.people[int(body["recipient_id"])]))
            case "GET", ["guilds", ident, *rest]:
                return self._in_guild(int(ident), rest)
            case _, ["channels", ident, *rest]:
                return self._in_channel(method, self._find(ident), rest, body)
            case "POST", ["interactions", ident, token, "callback"]:
                return self._callback(self.asked[int(ident)], token, body, request)
            case _, ["webhooks", _, token, *rest]:
                asked = next(one for one in self.asked.values() if one.token == token)
                return self._hook(method, asked, rest, body)
        raise AssertionError((method, path))

    def _in_guild(self, guild: int, path: list[str]) -> Body:
        match path:
            case ["threads", "active"]:
                open_ones = [one for one in self.channels.values() if one.type == THREAD and not one.locked]
                return {"threads": [_channel(one) for one in open_ones], "members": [], "has_more": False}
            case ["members", ident] if int(ident) == ME:
                return {"user": _user(ME, "Club", bot=True), "roles": []}
            case ["members", ident]:
                return (
                    self._member(self.people[int(ident)])
                    if int(ident) in self.people
                    else self._unknown(10007, "Member")
                )
        return self._guild() if guild == self.guild else self._unknown(10004, "Guild")

    def _about(self, path: list[str]) -> Body:
        if path[0] == "gateway":
            return {"url": f"ws://127.0.0.1:{self.port}/gateway"}
        return _application() if path[0] == "oauth2" else _user(ME, "Club", bot=True)

    def _find(self, ident: str) -> Channel:
        channel = self.channels.get(int(ident))
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if channel.guild and not channel.rights & (1 << 10):
            raise ApiError(403, 50001, "Missing Access")
        return channel

    def _unknown(self, code: int, what: str) -> Any:
        raise ApiError(404, code, f"Unknown {what}")

    def _in_channel(self, method: str, channel: Channel, path: list[str], body: Any) -> Any:
        match method, path:
            case "GET", []:
                return _channel(channel)
            case "POST", ["messages"]:
                return self._posted(channel, body)
            case "POST", ["threads"]:
                return self._open_post(channel, body)
            case "POST", ["messages", _, "crosspost"]:
                if channel.type != NEWS:
                    raise ApiError(400, 50024, "Cannot execute action on this channel type")
                self._own(channel, path[1])["crossposted"] = True
                return self._own(channel, path[1])
            case "GET", ["messages", ident]:
                if not channel.rights & (1 << 16):
                    raise ApiError(403, 50001, "Missing Access")
                return self._own(channel, ident)
            case "PATCH", ["messages", ident]:
                message = self._own(channel, ident)
                message.update({**body, "attachments": self._carried(body, message["attachments"])})
                return message
            case "DELETE", ["messages", ident]:
                self._own(channel, ident)
                del channel.messages[int(ident)]
                return None
        raise AssertionError((method, path))

    def _own(self, channel: Channel, ident: str) -> Body:
        if len(ident) > 20:
            raise ApiError(400, 50035, "Invalid Form Body")
        message = channel.messages.get(int(ident))
        if message is None or message["flags"] & EPHEMERAL:
            raise ApiError(404, 10008, "Unknown Message")
        if message["author"]["id"] != str(ME):
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        return message

    def _posted(self, channel: Channel, body: Body) -> Body:
        if channel.recipient and self.people[channel.recipient].blocks:
            raise ApiError(403, 50007, "Cannot send messages to this user")
        right = 1 << 38 if channel.type == THREAD else 1 << 11
        if channel.guild and not channel.rights & right:
            raise ApiError(403, 50013, "Missing Permissions")
        if channel.guild and self.uploaded and not channel.rights & ATTACH_FILES:
            raise ApiError(403, 50013, "Missing Permissions")
        if channel.type == FORUM:
            raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
        nonce = body.get("nonce")
        if body.get("enforce_nonce") and nonce in channel.nonces:
            return channel.messages[channel.nonces[nonce]]
        message = self._message(channel, ME, body)
        if nonce:
            channel.nonces[nonce] = int(message["id"])
        self.sent_at.append(time.monotonic())
        return message

    def _open_post(self, channel: Channel, body: Body) -> Body:
        if channel.type != FORUM:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        known = {tag["id"] for tag in channel.tags}
        if not set(body.get("applied_tags", ())) <= known or (channel.flags & 16 and not body.get("applied_tags")):
            raise ApiError(400, 50035, "Invalid Form Body")
        if self.uploaded and not channel.rights & ATTACH_FILES:
            raise ApiError(403, 50013, "Missing Permissions")
        thread = Channel(self.next_id(), body["name"], THREAD, channel.guild, channel.id, rights=channel.rights)
        self.channels[thread.id] = thread
        message = self._message(thread, ME, body["message"], ident=thread.id)
        return {**_channel(thread), "message": message, "applied_tags": body.get("applied_tags", [])}

    def _callback(self, asked: Asked, token: str, body: Body, request: web.Request) -> Body | None:
        if token != asked.token or time.monotonic() - asked.at > WITHIN:
            self.faults.append(f"interaction {asked.id} answered too late")
            raise ApiError(404, 10062, "Unknown interaction")
        if asked.answered:
            if not asked.lost:
                self.faults.append(f"interaction {asked.id} answered twice")
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        kind, data = body["type"], body.get("data") or {}
        if kind == 7 and asked.source not in asked.channel.messages:
            raise ApiError(404, 10008, "Unknown Message")
        asked.answered.append(kind)
        if kind in (4, 5):
            message = self._message(asked.channel, ME, data, person=asked.person, loading=kind == 5)
            asked.original = int(message["id"])
        elif kind in (6, 7):
            asked.original = asked.source
            if not asked.source:
                raise ApiError(400, 50035, "Invalid Form Body")
            if kind == 7:
                self._edit(asked.channel.messages[asked.source], data)
        elif kind == 8:
            asked.choices = data["choices"]
        elif kind == 9:
            if asked.kind == 5:
                raise ApiError(400, 50035, "Invalid Form Body")
            asked.modal = data
        return {"interaction": {"id": str(asked.id), "type": asked.kind}} if "with_response" in request.query else None

    def _hook(self, method: str, asked: Asked, path: list[str], body: Any) -> Any:
        if not asked.answered:
            raise ApiError(404, 10015, "Unknown Webhook")
        messages = asked.channel.messages
        match method, path:
            case "POST", []:
                return self._message(asked.channel, ME, body, person=asked.person)
            case "PATCH", ["messages", "@original"]:
                if asked.original not in messages:
                    raise ApiError(404, 10008, "Unknown Message")
                self._edit(messages[asked.original], body)
                return messages[asked.original]
            case "DELETE", ["messages", "@original"]:
                del messages[asked.original]
                return None
        raise AssertionError((method, path))

    # What it remembers

    def _edit(self, message: Body, body: Body) -> None:
        flags = message["flags"] & EPHEMERAL
        message.update({key: body[key] for key in ("content", "components") if key in body})
        message["attachments"] = self._carried(body, message["attachments"])
        message["flags"] = flags | (body.get("flags") or 0)
        message["loading"] = False

    def _message(
        self,
        channel: Channel,
        author: int,
        body: Body,
        *,
        person: Person | None = None,
        loading: bool = False,
        mentions: list[Body] | None = None,
        ident: int = 0,
    ) -> Body:
        if not loading and not body.get("content") and not body.get("components") and not body.get("attachments"):
            raise ApiError(400, 50006, "Cannot send an empty message")
        ident = ident or self.next_id()
        name = "Club" if author == ME else self.people[author].name
        message = {
            "id": str(ident),
            "channel_id": str(channel.id),
            "author": _user(author, name, bot=author == ME),
            "content": body.get("content") or "",
            "components": body.get("components") or [],
            "attachments": self._carried(body) if author == ME else body.get("attachments") or [],
            "flags": body.get("flags") or 0,
            "type": 0,
            "timestamp": "2027-03-09T09:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": mentions or [],
            "mention_roles": [],
            "embeds": [],
            "pinned": False,
            "for": person.id if person else 0,
            "loading": loading,
            "nonce": body.get("nonce") or "",
        }
        channel.messages[ident] = message
        self.news.set()
        return message

    def _shown(self, channel: Channel, message: Body) -> Body:
        shown = {key: value for key, value in message.items() if key not in ("for", "loading", "crossposted")}
        if channel.guild:
            shown["guild_id"] = str(channel.guild)
            author = self.people.get(int(message["author"]["id"]))
            if author:
                shown["member"] = {key: value for key, value in self._member(author).items() if key != "user"}
        return shown

    def _member(self, person: Person) -> Body:
        return {
            "user": _user(person.id, person.name),
            "roles": person.roles,
            "permissions": str(person.rights),
            "joined_at": "2027-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def _guild(self) -> Body:
        everyone = {"id": str(self.guild), "name": "@everyone", "permissions": str(self.everyone), **_ROLE}
        inside = [channel for channel in self.channels.values() if channel.guild]
        return {
            "id": str(self.guild),
            "name": "Le Club",
            "owner_id": "1",
            "roles": [everyone, *({**_ROLE, **role} for role in self.roles)],
            "channels": [_channel(one) for one in inside if one.type != THREAD],
            "threads": [_channel(one) for one in inside if one.type == THREAD],
            "members": [{**self._member(Person(ME, "Club")), "user": _user(ME, "Club", bot=True)}],
            "member_count": len(self.people) + 1,
            "emojis": [],
            "stickers": [],
            "features": [],
            "presences": [],
            "voice_states": [],
            "unavailable": False,
        }


_ROLE = {"color": 0, "hoist": False, "position": 0, "managed": False, "mentionable": False, "flags": 0}


async def _tell(socket: web.WebSocketResponse, event: Body) -> None:
    with suppress(ConnectionError, RuntimeError):
        await socket.send_json(event)


async def _read(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    """The body, and the files beside it by their numbers."""
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        return (json.loads(raw) if raw else None), {}
    form = await request.post()
    files = {
        int(name.removeprefix("files[").removesuffix("]")): Upload(part.filename, part.file.read(), part.content_type)
        for name, part in form.items()
        if isinstance(part, web.FileField)
    }
    return json.loads(bytes(form["payload_json"])), files  # type: ignore[arg-type]


def _unpaired(method: str, path: str, body: Any, files: dict[int, Upload]) -> Iterator[str]:
    """Files that no attachment names, attachments without one."""
    said = body if isinstance(body, dict) else {}
    said = said.get("data") or (said.get("message") if path.endswith("/threads") else None) or said
    named = {one["id"]: one["filename"] for one in said.get("attachments") or () if "filename" in one}
    if named != {str(at): one.name for at, one in files.items()}:
        yield f"{method} {path}: attachments {named} with files {sorted(files)}"


def parts(message: Body) -> list[Body]:
    """Its buttons and lists."""
    return [part for row in message["components"] for part in row["components"]]


def _leaves(data: Body) -> list[Body]:
    options: list[Body] = data["options"]
    return options[0]["options"] if options and options[0]["type"] == 1 else options


def _unsaid(method: str, path: str, body: Any) -> Iterator[str]:
    """What the description does not tell: mentions, the length of a text, ids that are used twice."""
    if not isinstance(body, dict) or path.endswith(("/crosspost", "/users/@me/channels")):
        return
    shown = body.get("message", body) if path.endswith("/threads") else body
    if path.endswith("/callback"):
        if body["type"] in (6, 8, 9):
            return
        shown = body.get("data", {})
    if shown.get("allowed_mentions", {}).get("parse") != []:
        yield f"{method} {path}: mentions are allowed"
    if len(shown.get("content") or "") > 2000:
        yield f"{method} {path}: content of {len(shown['content'])}"
    ids = [part.get("custom_id") for row in shown.get("components") or () for part in row["components"]]
    if len(set(ids)) < len(ids):
        yield f"{method} {path}: a custom id twice"


def _user(ident: int, name: str, *, bot: bool = False) -> Body:
    return {
        "id": str(ident),
        "username": name.lower(),
        "global_name": name,
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
    }


def _application() -> Body:
    return {
        "id": str(APP),
        "name": "Club",
        "icon": None,
        "description": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0",
        "flags": 0,
        "owner": _user(1, "Propriétaire"),
        "team": None,
        "rpc_origins": [],
    }


def _channel(channel: Channel) -> Body:
    body: Body = {"id": str(channel.id), "type": channel.type, "name": channel.name, "flags": channel.flags}
    if channel.type == DM:
        return {**body, "name": None, "last_message_id": None, "recipients": [_user(channel.recipient, "x")]}
    overwrites = [] if channel.rights == WRITE else [_overwrite(channel)]
    body |= {
        "guild_id": str(channel.guild),
        "position": 0,
        "parent_id": str(channel.parent) if channel.parent else None,
    }
    body |= {"permission_overwrites": overwrites, "permissions": str(channel.rights), "nsfw": False}
    if channel.type == FORUM:
        tags = [{"moderated": False, "emoji_id": None, "emoji_name": None, **tag} for tag in channel.tags]
        body |= {"available_tags": tags, "default_forum_layout": 0, "default_thread_rate_limit_per_user": 0}
    if channel.type == THREAD:
        times = {"archive_timestamp": "2027-03-09T09:00:00+00:00", "auto_archive_duration": 1440}
        metadata = {"archived": channel.locked, "locked": channel.locked, **times}
        body |= {"owner_id": str(ME), "message_count": 0, "member_count": 1, "thread_metadata": metadata}
    return body


def _overwrite(channel: Channel) -> Body:
    return {"id": str(ME), "type": 1, "allow": "0", "deny": str(WRITE & ~channel.rights)}
