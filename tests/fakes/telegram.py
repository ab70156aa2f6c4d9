"""A Telegram of ours: people, groups, topics, channels, and a Bot API that says no as Telegram does.

Every call is checked against Telegram's own description; what is wrong is kept in `faults` and refused. Reached without
a socket by `Direct`, or over HTTP by `telegram_http.serve`.
"""

from __future__ import annotations

import asyncio
import json
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from tests.fakes.telegram_spec import (
    BadHtml,
    faults,
    faults_of_call,
    method_named,
    parse_html,
    units,
    value_of,
)

TOKEN = "7000000001:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
BOT = {
    "id": 7000000001,
    "is_bot": True,
    "first_name": "Club",
    "username": "club_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}
POWERS = [
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
    "can_delete_stories",
]
SILENT = [
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users"),
    *("can_pin_messages", "can_manage_topics"),
]

Answer = tuple[int, dict[str, Any]]


class Upload(NamedTuple):
    """A part of a form that is a file."""

    name: str
    data: bytes
    kind: str


Uploads = Mapping[str, Upload]
NO_FILES: Uploads = {}


class No(Exception):  # noqa: N818
    """A refusal, in Telegram's words."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Silence(Exception):  # noqa: N818
    """The connection ends without an answer."""


@dataclass
class Chat:
    id: int
    type: str
    title: str = ""
    members: dict[int, str] = field(default_factory=dict)  # id → status
    forum: bool = False
    topics: dict[int, bool] = field(default_factory=dict)  # id → open
    moved_to: int = 0
    may_send: bool = True
    may_send_files: bool = True
    bot_may_post: bool = True

    def body(self) -> dict[str, Any]:
        named = {"title": self.title} if self.title else {}
        return {"id": self.id, "type": self.type, **named, **({"is_forum": True} if self.forum else {})}


@dataclass
class Telegram:
    """The network. Verbs set its moods; `messages`, `calls` and `faults` tell what happened."""

    users: dict[int, dict[str, Any]] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    started: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    messages: dict[int, dict[int, dict[str, Any]]] = field(default_factory=dict)  # chat → id → Message
    files: dict[str, bytes] = field(default_factory=dict)  # by file_id
    largest: int = 50 * 2**20  # bytes of a file
    alerts: list[tuple[int, str, str]] = field(default_factory=list)  # who pressed, text, address
    answered: set[str] = field(default_factory=set)
    inline: list[dict[str, Any]] = field(default_factory=list)
    menus: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    moods: list[tuple[str, Callable[[], None]]] = field(default_factory=list)
    gates: list[tuple[str, int, asyncio.Event]] = field(default_factory=list)
    bot: dict[str, Any] = field(default_factory=lambda: dict(BOT))
    webhook: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    weather: Callable[[], Exception | None] = lambda: None  # what meets each message that is sent
    sent_at: list[tuple[float, int | str]] = field(default_factory=list)
    seen: asyncio.Event = field(default_factory=asyncio.Event)  # something was shown
    _came: asyncio.Event = field(default_factory=asyncio.Event)  # an update waits
    _polling: list[asyncio.Event] = field(default_factory=list)
    _next_id: int = 100
    _next_update: int = 5000
    _next_query: int = 1
    _queries: dict[str, int] = field(default_factory=dict)

    # People and places

    def user(self, ident: int, name: str, *, started: bool = True) -> int:
        self.users[ident] = {"id": ident, "is_bot": False, "first_name": name}
        self.chats[ident] = Chat(ident, "private")
        if started:
            self.started.add(ident)
        return ident

    def group(self, ident: int, title: str, *, kind: str = "supergroup", forum: bool = False) -> Chat:
        self.chats[ident] = Chat(ident, kind, title, {self.bot["id"]: "member"}, forum)
        if kind == "channel":
            self.chats[ident].members[self.bot["id"]] = "administrator"
        return self.chats[ident]

    def migrate(self, old: int, new: int, *, tell: bool = True) -> None:
        """The group becomes a supergroup."""
        chat = self.chats[old]
        self.chats[new] = Chat(new, "supergroup", chat.title, dict(chat.members))
        chat.moved_to = new
        if tell:
            someone = next(iter(self.users))
            self.push("message", self._message(chat, someone, migrate_to_chat_id=new))

    # What people do

    def say(self, user: int, text: str = "", chat: int = 0, thread: int = 0, **more: Any) -> None:
        chat = chat or user
        if chat == user:
            self.started.add(user)
            self.blocked.discard(user)
        place = self.chats[chat]
        topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        said = {"text": text} if text else {}
        if text.startswith("/"):
            said["entities"] = [{"type": "bot_command", "offset": 0, "length": units(text.split()[0])}]
        self.push("message", self._message(place, user, **said, **topic, **more))

    def give(self, user: int, name: str, data: bytes, *, photo: bool = False, words: str = "") -> str:
        """A person sends a file, or a picture as such; its file_id."""
        ident = f"file-{len(self.files)}"
        self.files[ident] = data
        about = {"file_id": ident, "file_unique_id": ident, "file_size": len(data)}
        sizes = [{**about, "file_id": f"small-{ident}", "width": 9, "height": 9}, {**about, "width": 90, "height": 90}]
        sent = {"photo": sizes} if photo else {"document": {**about, "file_name": name}}
        self.say(user, **sent, **({"caption": words} if words else {}))
        return ident

    def press(self, user: int, label: str, chat: int = 0) -> str:
        """The id of the query; AssertionError when no message there has that button."""
        chat = chat or user
        for message in reversed(self.messages.get(chat, {}).values()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for key in row:
                    if key["text"] in (label, f"☐ {label}", f"☑ {label}") and "callback_data" in key:
                        return self.send_press(user, message, key["callback_data"])
        raise AssertionError(f"no button {label!r} in {chat}")

    def send_press(self, user: int, message: Mapping[str, Any], data: str) -> str:
        query = str(self._next_query)
        self._next_query += 1
        self._queries[query] = user
        press = {"id": query, "from": self.users[user], "message": dict(message), "chat_instance": "1", "data": data}
        self.push("callback_query", press)
        return query

    def post(self, channel: int, text: str, **more: Any) -> None:
        """What a channel publishes: nobody knows who wrote it."""
        chat = self.chats[channel]
        self._next_id += 1
        said = {"message_id": self._next_id, "date": 1804600000, "chat": chat.body(), "sender_chat": chat.body()}
        self.push("channel_post", {**said, "text": text, **more})

    def forgotten(self, chat: int, ident: int) -> dict[str, Any]:
        """A message that Telegram no longer shows, as it names it."""
        gone = {"chat": self.chats[chat].body(), "message_id": ident, "date": 0}
        assert not (wrong := list(faults("InaccessibleMessage", gone))), wrong
        return gone

    def makes_bot(self, status: str, chat: int, by: int = 0, *, may_post: bool = True) -> None:
        """The bot's standing in that chat changes: `member`, `administrator`, `left`, `kicked`, `restricted`."""
        place, me = self.chats[chat], self.bot["id"]
        was = self._member(place, me)
        place.members[me] = status
        place.bot_may_post = may_post
        if place.type == "private":
            (self.blocked.add if status == "kicked" else self.blocked.discard)(chat)
        change = {"chat": place.body(), "from": self.users[by or chat], "date": 1804600000}
        self.push("my_chat_member", {**change, "old_chat_member": was, "new_chat_member": self._member(place, me)})

    def ask_inline(self, user: int, words: str) -> None:
        self.push("inline_query", {"id": "i1", "from": self.users[user], "query": words, "offset": ""})

    def push(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        update = {"update_id": self._next_update, kind: content}
        assert not (wrong := list(faults("Update", update))), wrong
        self._next_update += 1
        self.updates.append(update)
        self._came.set()
        return update

    def _message(self, chat: Chat, user: int, **more: Any) -> dict[str, Any]:
        self._next_id += 1
        return {
            "message_id": self._next_id,
            "date": 1804600000,
            "chat": chat.body(),
            "from": self.users[user],
            **more,
        }

    # Moods: each meets one call of that method

    def refuses(self, seconds: int, times: int = 1, method: str = "sendMessage") -> None:
        self.fails(No(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds), times, method)

    def fails(self, error: Exception, times: int = 1, method: str = "sendMessage") -> None:
        def mood() -> None:
            raise error

        self.moods += [(method, mood)] * times

    def holds(self, method: str = "sendMessage", chat: int = 0) -> asyncio.Event:
        """Calls of that method, about that chat or all, are carried out once the event is set."""
        gate = asyncio.Event()
        self.gates.append((method, chat, gate))
        return gate

    def drops_the_answer(self, times: int = 1, method: str = "sendMessage") -> None:
        """The message is shown, and the connection ends."""
        self.fails(Silence(), times, f"{method}!")

    # The API

    async def call(self, token: str, method: str, form: Mapping[str, str], files: Uploads = NO_FILES) -> Answer:
        """The HTTP code and the JSON of the answer; Silence when there is none."""
        if self.down:
            raise Silence
        try:
            result = await self._judge(token, method, form, files)
        except No as no:
            body = {"ok": False, "error_code": no.code, "description": no.description}
            return no.code, {**body, **({"parameters": no.parameters} if no.parameters else {})}
        return 200, {"ok": True, "result": result}

    async def _judge(self, token: str, name: str, form: Mapping[str, str], files: Uploads) -> Any:
        if token != TOKEN:
            raise No(401 if ":" in token else 404, "Unauthorized" if ":" in token else "Not Found")
        method = method_named(name)
        if not method:
            self.faults.append(f"no method {name}")
            raise No(404, "Not Found: method not found")
        if wrong := list(faults_of_call(method, form, files)):
            self.faults += wrong
            raise No(400, f"Bad Request: {wrong[0]}")
        given = {field: value_of(method, field, raw) for field, raw in form.items()} | dict(files)
        self.calls.append((method, given))
        self.seen.set()
        for held, chat, gate in self.gates:
            if held == method and chat in (0, given.get("chat_id")):
                await gate.wait()
        self._meet(method)
        result = getattr(self, "_" + re.sub("[A-Z]", lambda big: f"_{big[0].lower()}", method))(**given)
        if asyncio.iscoroutine(result):
            result = await result
        self.seen.set()
        self._meet(f"{method}!")
        return result

    def _meet(self, method: str) -> None:
        for at, (mood, act) in enumerate(self.moods):
            if mood == method:
                del self.moods[at]
                act()
                return

    def _get_me(self) -> dict[str, Any]:
        return self.bot

    async def _get_updates(
        self, offset: int = 0, limit: int = 100, allowed_updates: Any = None, **more: int
    ) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise No(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        for other in self._polling:
            other.set()  # the newer one wins
        mine = asyncio.Event()
        self._polling.append(mine)
        try:
            return await self._waiting(mine, offset or 0, limit, more.get("timeout", 0))
        finally:
            self._polling.remove(mine)

    async def _waiting(self, ended: asyncio.Event, offset: int, limit: int, seconds: int) -> list[dict[str, Any]]:
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            self.updates[:] = [update for update in self.updates if update["update_id"] >= offset]
            self.seen.set()
            if ended.is_set():
                raise No(409, "Conflict: terminated by other getUpdates request; make sure that only one bot runs")
            left = deadline - asyncio.get_running_loop().time()
            if self.updates or left <= 0:
                return self.updates[:limit]
            self._came.clear()
            waits = [asyncio.ensure_future(event.wait()) for event in (self._came, ended)]
            await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for one in waits:
                one.cancel()

    def _get_webhook_info(self) -> dict[str, Any]:
        url = self.webhook.get("url", "")
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.updates)}

    def _set_webhook(self, url: str, **more: Any) -> bool:
        if url and not url.startswith("https://"):
            raise No(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = {"url": url, **more}
        return True

    def _delete_webhook(self, drop_pending_updates: bool = False) -> bool:
        self.webhook = {}
        return True

    def _get_my_commands(self, scope: Any = None, language_code: str = "") -> list[dict[str, str]]:
        return self.menus.get(json.dumps(scope), [])

    def _set_my_commands(self, commands: Any, scope: Any = None, language_code: str = "") -> bool:
        for command in commands:
            name, told = command["command"], command["description"]
            if not (
                1 <= len(name) <= 32 and name.isascii() and name.replace("_", "").isalnum() and name == name.lower()
            ):
                raise No(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(told) <= 256:
                raise No(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[json.dumps(scope)] = commands
        return True

    def _send_message(self, chat_id: int | str, text: str, **more: Any) -> dict[str, Any]:
        self.sent_at.append((asyncio.get_running_loop().time(), chat_id))
        if trouble := self.weather():
            raise trouble
        chat = self._writable(chat_id, more.get("message_thread_id"))
        said, entities = self._parsed(text, more.get("parse_mode"))
        thread = more.get("message_thread_id")
        self._next_id += 1
        message: dict[str, Any] = {
            "message_id": self._next_id,
            "date": 1804600000,
            "chat": chat.body(),
            "from": {key: self.bot[key] for key in ("id", "is_bot", "first_name", "username")},
            "text": said,
        }
        if chat.type == "channel":
            message["sender_chat"] = chat.body()
            del message["from"]
        if thread:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        self._dress(message, entities, more.get("reply_markup"))
        self.messages.setdefault(chat.id, {})[self._next_id] = message
        self.seen.set()
        return message

    def _send_photo(self, chat_id: int | str, photo: Upload, **more: Any) -> dict[str, Any]:
        return self._send_file(chat_id, "photo", photo, **more)

    def _send_document(self, chat_id: int | str, document: Upload, **more: Any) -> dict[str, Any]:
        return self._send_file(chat_id, "document", document, **more)

    def _send_file(self, chat_id: int | str, kind: str, file: Upload, **more: Any) -> dict[str, Any]:
        self.sent_at.append((asyncio.get_running_loop().time(), chat_id))
        if trouble := self.weather():
            raise trouble
        chat, thread = self._writable(chat_id, more.get("message_thread_id")), more.get("message_thread_id")
        if not chat.may_send_files:
            raise No(400, f"Bad Request: not enough rights to send {kind}s to the chat")
        self._next_id += 1
        message = {
            "message_id": self._next_id,
            "date": 1804600000,
            "chat": chat.body(),
            "from": {key: self.bot[key] for key in ("id", "is_bot", "first_name", "username")},
            **self._carried(kind, file, more.get("caption", "")),
            **({"message_thread_id": thread, "is_topic_message": True} if thread else {}),
        }
        self.messages.setdefault(chat.id, {})[self._next_id] = message
        self.seen.set()
        return message

    def _carried(self, kind: str, file: Upload, caption: str) -> dict[str, Any]:
        if units(caption) > 1024:
            raise No(400, "Bad Request: message caption is too long")
        if not file.data:
            raise No(400, "Bad Request: file must be non-empty")
        if len(file.data) > self.largest:
            raise No(413, "Request Entity Too Large")
        told = {"caption": caption} if caption else {}
        ident = f"file-{len(self.files)}"
        self.files[ident] = file.data
        about: dict[str, Any] = {"file_id": ident, "file_unique_id": ident, "file_size": len(file.data)}
        if kind == "document":
            return {"document": {**about, "file_name": file.name, "mime_type": file.kind}, **told}
        width, height = picture_size(file.data)
        return {"photo": [{**about, "width": width, "height": height}], **told}

    def _edit_message_media(self, media: dict[str, Any], chat_id: int, message_id: int, **files: Any) -> dict[str, Any]:
        old = self.messages.get(chat_id, {}).get(message_id)
        if old is None:
            raise No(400, "Bad Request: message to edit not found")
        file = files[media["media"].removeprefix("attach://")]
        bare = {key: value for key, value in old.items() if key not in ("photo", "document", "text", "caption")}
        self.messages[chat_id][message_id] = {**bare, **self._carried(media["type"], file, media.get("caption", ""))}
        self.seen.set()
        return self.messages[chat_id][message_id]

    def _edit_message_text(self, text: str, chat_id: int = 0, message_id: int = 0, **more: Any) -> dict[str, Any]:
        old = self.messages.get(chat_id, {}).get(message_id)
        if old is None:
            raise No(400, "Bad Request: message to edit not found")
        if "text" not in old:
            raise No(400, "Bad Request: there is no text in the message to edit")
        self._writable(chat_id, None)
        said, entities = self._parsed(text, more.get("parse_mode"))
        new = {**old, "text": said, "edit_date": 1804600100}
        self._dress(new, entities, more.get("reply_markup"))
        same = ("text", "entities", "reply_markup")
        if [old.get(key) for key in same] == [new.get(key) for key in same]:
            raise No(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the"
                " same as a current content and reply markup of the message",
            )
        self.messages[chat_id][message_id] = new
        self.seen.set()
        return new

    def _delete_message(self, chat_id: int, message_id: int) -> bool:
        if self.messages.get(chat_id, {}).pop(message_id, None) is None:
            raise No(400, "Bad Request: message to delete not found")
        return True

    def _send_chat_action(self, chat_id: int | str, action: str, message_thread_id: int = 0) -> bool:
        self._writable(chat_id, message_thread_id or None)
        return True

    def _get_file(self, file_id: str) -> dict[str, Any]:
        if file_id not in self.files:
            raise No(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self.files[file_id]) > 20 * 2**20:
            raise No(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": file_id, "file_path": f"documents/{file_id}.bin"}

    def _answer_callback_query(self, callback_query_id: str, text: str = "", url: str = "", **_: Any) -> bool:
        if callback_query_id in self.answered or callback_query_id not in self._queries:
            raise No(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if units(text) > 200:
            raise No(400, "Bad Request: MESSAGE_TOO_LONG")
        if url and not url.startswith(f"https://t.me/{self.bot['username']}?start="):
            raise No(400, "Bad Request: URL_INVALID")
        self.answered.add(callback_query_id)
        if text or url:
            self.alerts.append((self._queries[callback_query_id], text, url))
        self.seen.set()
        return True

    def _answer_inline_query(self, inline_query_id: str, results: list[dict[str, Any]], **_: Any) -> bool:
        for one in results:
            if not 1 <= len(one["id"].encode()) <= 64:
                raise No(400, "Bad Request: RESULT_ID_INVALID")
            self._parsed(one["input_message_content"]["message_text"], one["input_message_content"].get("parse_mode"))
        self.inline = results
        self.seen.set()
        return True

    def _get_chat(self, chat_id: int | str) -> dict[str, Any]:
        chat = self._known(chat_id)
        full = {"accent_color_id": 1, "max_reaction_count": 1}
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        full["accepted_gift_types"] = dict.fromkeys(gifts, False)
        if chat.type in ("group", "supergroup"):
            full["permissions"] = {"can_send_messages": chat.may_send}
        return {**chat.body(), **full}

    def _get_chat_member(self, chat_id: int | str, user_id: int) -> dict[str, Any]:
        chat = self._known(chat_id)
        if chat.type == "channel" and chat.members.get(self.bot["id"]) != "administrator":
            raise No(400, "Bad Request: member list is inaccessible")
        if user_id != self.bot["id"] and user_id not in self.users:
            raise No(400, "Bad Request: user not found")
        return self._member(chat, user_id)

    def _member(self, chat: Chat, user_id: int) -> dict[str, Any]:
        someone = self.users.get(user_id, self.bot)
        user = {key: value for key, value in someone.items() if key in ("id", "is_bot", "first_name", "username")}
        status = chat.members.get(user_id, "member" if chat.type == "private" else "left")
        member: dict[str, Any] = {"status": status, "user": user}
        if status == "administrator":
            member |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(POWERS, True)}
            if chat.type == "channel":
                member["can_post_messages"] = chat.bot_may_post if user_id == self.bot["id"] else True
        elif status == "creator":
            member["is_anonymous"] = False
        elif status == "restricted":
            member |= {"is_member": True, "until_date": 0, **dict.fromkeys(SILENT, False)}
        elif status == "kicked":
            member["until_date"] = 0
        assert not (wrong := list(faults("ChatMember", member))), wrong
        return member

    # What it says no to

    def _known(self, chat_id: int | str) -> Chat:
        named = [chat for chat in self.chats.values() if f"@{chat.title}" == chat_id]
        chat = named[0] if named else self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise No(400, "Bad Request: chat not found")
        if chat.moved_to:
            raise No(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if chat.type != "private" and chat.members.get(self.bot["id"], "left") in ("left", "kicked"):
            raise No(403, f"Forbidden: bot was kicked from the {chat.type} chat")
        return chat

    def _writable(self, chat_id: int | str, thread: int | None) -> Chat:
        chat = self._known(chat_id)
        if chat.type == "private":
            if chat.id in self.blocked:
                raise No(403, "Forbidden: bot was blocked by the user")
            if chat.id not in self.started:
                raise No(403, "Forbidden: bot can't initiate conversation with a user")
        elif chat.type == "channel" and not chat.bot_may_post:
            raise No(400, "Bad Request: need administrator rights in the channel chat")
        elif chat.members[self.bot["id"]] == "restricted" or not chat.may_send:
            raise No(400, "Bad Request: not enough rights to send text messages to the chat")
        if thread and thread not in chat.topics:
            raise No(400, "Bad Request: message thread not found")
        if thread and not chat.topics[thread]:
            raise No(400, "Bad Request: TOPIC_CLOSED")
        return chat

    def _parsed(self, text: str, mode: str | None) -> tuple[str, list[dict[str, Any]]]:
        try:
            said, entities = parse_html(text) if mode == "HTML" else (text.strip(), [])
        except BadHtml as bad:
            self.faults.append(f"html: {bad}")
            raise No(400, f"Bad Request: can't parse entities: {bad}") from bad
        if not said.strip():
            raise No(400, "Bad Request: message text is empty")
        if units(said) > 4096:
            self.faults.append("text too long")
            raise No(400, "Bad Request: message is too long")
        if len(entities) > 100:
            self.faults.append("more than 100 entities")
        return said, entities

    def _dress(self, message: dict[str, Any], entities: list[dict[str, Any]], markup: Any) -> None:
        message.pop("entities", None)
        message.pop("reply_markup", None)
        if entities:
            message["entities"] = entities
        if not markup or not markup["inline_keyboard"]:
            return
        keys = [key for row in markup["inline_keyboard"] for key in row]
        for key in keys:
            if not key["text"].strip() or not 1 <= len(key.get("callback_data", "x").encode()) <= 64:
                self.faults.append(f"button {key}")
                raise No(400, "Bad Request: BUTTON_DATA_INVALID")
        if len(keys) > 100:
            self.faults.append("more than 100 buttons")
            raise No(400, "Bad Request: reply markup is too long")
        message["reply_markup"] = markup

    # What tests look at

    def texts(self, chat: int) -> list[str]:
        return [message["text"] for message in self.messages.get(chat, {}).values() if "text" in message]

    def carried(self, chat: int) -> list[tuple[str, bytes, str]]:
        """The files in that chat: name ("" for a picture), content, caption."""
        return [
            (one.get("document", {}).get("file_name", ""), self.files[file["file_id"]], one.get("caption", ""))
            for one in self.messages.get(chat, {}).values()
            for file in [one.get("document"), *one.get("photo", [])[-1:]]
            if file
        ]

    def labels(self, message: Mapping[str, Any]) -> list[str]:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        return [key["text"] for row in rows for key in row]

    def called(self, method: str) -> list[dict[str, Any]]:
        return [given for name, given in self.calls if name == method]


def picture_size(data: bytes) -> tuple[int, int]:
    """Of a PNG; refused as Telegram refuses what it cannot draw."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise No(400, "Bad Request: IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", data[16:24])
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise No(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    return width, height


class Direct(BaseRequest):
    """The network without a socket."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram

    @property
    def read_timeout(self) -> float:
        return 5

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        _, bot, name = urlsplit(url).path.split("/")
        try:
            form = request_data.json_parameters if request_data else {}
            parts = request_data.multipart_data if request_data else {}
            files = {field: Upload(part[0], bytes(part[1]), part[2]) for field, part in parts.items()}
            code, body = await self.telegram.call(bot.removeprefix("bot"), name, form, files)
        except Silence as silence:
            raise NetworkError("cut") from silence
        return code, json.dumps(body).encode()
