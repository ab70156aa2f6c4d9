"""Telegram's updates → Requests. Pure: rights, which must be asked for, are added by whoever listens.

Anonymous administrators, channels, other bots and forwarded commands have no rights (promise 35).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Chat, Message, Update, User
from telegram.constants import ChatType, MessageEntityType

from bot.platforms.telegram.links import PLATFORM, read_command, read_place, read_press
from bot.platforms.telegram.show import turned
from bot.platforms.text import unnamed
from club.dialogue import Request
from club.fold import fold
from club.people import Person, Place

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)


@dataclass(frozen=True, slots=True)
class Heard:
    """A request, and where its answer is awaited: the chat that the person looks at, the message that was pressed, the
    query that a press opened, the page of a list that was shown. `told` is a text that answers it at once. `is_gone`:
    Telegram no longer shows the message that was pressed, nor says in which topic it stands."""

    request: Request
    chat: int
    thread: int | None = None
    pressed: int = 0
    query: str = ""
    page: int = 0
    told: str = ""
    is_gone: bool = False

    @property
    def in_private(self) -> bool:
        """Whether nobody else looks on; what is said may still be about a group."""
        return self.chat > 0


def read(update: Update, bot: User, here: Collection[str] = ()) -> tuple[Heard, ...]:
    """What the update asks; () when it is nothing for us. A link may bring two things: the first word and another.
    `here` are the names, folded, of the command that tells a place's id."""
    if update.callback_query is not None:
        return tuple(_pressed(update.callback_query, update.update_id, bot))
    if update.message is not None and update.message.from_user is not None:
        return tuple(_said(update.message, update.update_id, bot))
    if update.channel_post is not None:
        return tuple(_posted(update.channel_post, bot, here))
    return ()


def migration(update: Update) -> tuple[Place, Place] | None:
    """The place that another one has become, when the update tells that a group is a supergroup now."""
    said = update.message
    if said is None or not (said.migrate_to_chat_id or said.migrate_from_chat_id):
        return None
    old, new = said.migrate_from_chat_id or said.chat_id, said.migrate_to_chat_id or said.chat_id
    return Place(PLATFORM, str(old)), Place(PLATFORM, str(new))


def _posted(message: Message, bot: User, here: Collection[str]) -> Iterator[Heard]:
    """Nobody knows who posts in a channel, so nothing can be asked there but the channel's id."""
    words = _addressed(message.text or "", bot) or ""
    if words.startswith("/") and fold(words[1:]) in here and message.forward_origin is None:
        place = _place(message, message.chat)
        nobody = Person(PLATFORM, place.id)
        yield Heard(Request(nobody, place, words=words, private=False), message.chat_id, told="telegram-here")


def _said(message: Message, update: int, bot: User) -> Iterator[Heard]:
    chat = message.chat
    words = _addressed(message.text or message.caption or "", bot)
    if words is None or message.from_user is None or (chat.type != ChatType.PRIVATE and chat.type not in GROUPS):
        return
    named = False
    if chat.type in GROUPS and not words.startswith("/"):
        words, named = unnamed(words, bot.username or "")
    heard = Heard(
        request=Request(
            person=_person(message.from_user),
            place=_place(message, chat),
            words=words,
            private=chat.type == ChatType.PRIVATE,
            named=named,
            update=str(update),
            files=_files(message),
        ),
        chat=chat.id,
        thread=_thread(message),
    )
    if message.sender_chat is not None or message.from_user.is_bot:
        if chat.type in GROUPS and not message.is_automatic_forward and words.startswith("/"):
            yield replace(heard, told="telegram-anonymous")
    elif message.forward_origin is not None or (message.via_bot is not None and message.via_bot.id != bot.id):
        if chat.type == ChatType.PRIVATE:
            yield replace(heard, told="telegram-forwarded")
    elif words or heard.request.named or heard.request.files:
        yield from _begun(heard, message, bot)
    elif chat.type == ChatType.PRIVATE and _has_content(message):
        yield replace(heard, told="telegram-words-only")


def _begun(heard: Heard, message: Message, bot: User) -> Iterator[Heard]:
    """Words as they are; behind `/start`, what its link brings comes second."""
    request = heard.request
    first, _, rest = request.words.partition(" ")
    if first != "/start" or not request.private:
        about = request.private and _about(message.reply_to_message, bot)
        if about and not request.words.startswith("/"):
            request = replace(request, place=about, private=False)
        yield replace(heard, request=request)
        return
    yield replace(heard, request=replace(request, words=first))
    again = replace(request, words="", update=f"{request.update}.2")
    if command := read_command(rest):
        yield replace(heard, request=replace(again, words=f"/{command}"))
    elif press := read_press(rest):
        yield replace(heard, request=replace(again, place=press[0], token=press[1], private=False))


def _pressed(query: CallbackQuery, update: int, bot: User) -> Iterator[Heard]:
    message = query.message
    if message is None or query.from_user.is_bot or not query.data:
        return
    # The library reads one that Telegram no longer shows as a message too.
    shown = message if isinstance(message, Message) and message.is_accessible else None
    private = message.chat.type == ChatType.PRIVATE
    place = _place(shown, message.chat)
    about = _about(shown, bot) if private else None
    page, token = turned(query.data)
    yield Heard(
        request=Request(
            person=_person(query.from_user),
            place=about or place,
            token=token,
            private=private and about is None,
            ref=str(message.message_id),
            update=str(update),
        ),
        chat=message.chat.id,
        thread=_thread(shown) if shown else None,
        pressed=message.message_id,
        query=query.id,
        page=page if page >= 0 else _page(shown),
        is_gone=shown is None,
    )


def _page(message: Message | None) -> int:
    """The page of a list that the message shows."""
    if message is None or message.reply_markup is None:
        return 0
    keys = (key for row in message.reply_markup.inline_keyboard for key in row if "/" in key.text)
    return next((page for key in keys if (page := turned(str(key.callback_data))[0]) >= 0), 0)


def _about(message: Message | None, bot: User) -> Place | None:
    """The group that a message of ours in a private talk is about: its first line is a link that names it. No title can
    pass for it, since it is the whole first line of what the bot itself wrote."""
    if message is None or message.from_user is None or message.from_user.id != bot.id or not message.text:
        return None
    first = next(iter(message.entities), None)
    if first is None or first.type != MessageEntityType.TEXT_LINK or first.offset:
        return None
    line = message.text.split("\n")[0]
    if first.length * 2 != len(line.encode("utf-16-le")):
        return None
    return read_place(bot.username or "", first.url or "")


def _addressed(text: str, bot: User) -> str | None:
    """The words, a command without the bot's name and as people say it; None when it is another bot's."""
    text = text.strip()
    if not text.startswith("/"):
        return text
    first, space, rest = text.partition(" ")
    command, at, name = first.partition("@")
    if at and name.lower() != (bot.username or "").lower():
        return None
    return f"{command.replace('_', ' ')}{space}{rest.strip()}"


def _person(user: User) -> Person:
    return Person(PLATFORM, str(user.id), user.full_name)


def _place(message: Message | None, chat: Chat) -> Place:
    thread = _thread(message) if message is not None else None
    return Place(PLATFORM, str(chat.id), str(thread or ""))


def _thread(message: Message) -> int | None:
    """The topic of a forum; answers in other groups bear a thread's number too."""
    in_topic = message.is_topic_message and message.chat.type in GROUPS
    return message.message_thread_id if in_topic else None


def _files(message: Message) -> tuple[str, ...]:
    """What was attached, by the handles that get it back: documents, and photos at their largest."""
    found = [message.document] if message.document else list(message.photo[-1:])
    return tuple(f"{PLATFORM}:{file.file_id}" for file in found)


def _has_content(message: Message) -> bool:
    """Whether a person sent it, rather than Telegram telling what happened in the chat."""
    return bool(
        message.sticker
        or message.voice
        or message.video
        or message.video_note
        or message.audio
        or message.location
        or message.contact
        or message.poll
        or message.animation
    )
