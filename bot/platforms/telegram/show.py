"""Message → what Telegram's API is given: texts as HTML, keyboards, within its limits. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from bot.platforms.text import Part, honest, sayable, shorten, split, utf16
from club.dialogue import Action, Attachment, Message
from club.markup import Line, Span, plain, plain_line
from club.visible import is_visible

# Limits of the Bot API, in its own units: UTF-16 after parsing, entities, bytes.
TEXT = 4096
CAPTION = 1024
ALERT = 200
DATA = 64
_ENTITIES = 100
_BUTTONS = 96  # a hundred, less the page's own
_LABEL = 64
_PAGE = 8  # rows of choices that one screen shows
_ROW = 30  # characters of buttons side by side
_SHORT = 14  # a label that may share its row
_ITEM = 60  # characters of a line that stands apart
_LIST = 3  # so many alike actions are a list


@dataclass(frozen=True, slots=True)
class Button:
    """One key: its label and what comes back."""

    label: str
    data: str

    def body(self) -> dict[str, Any]:
        """As InlineKeyboardButton."""
        return {"text": self.label, "callback_data": self.data}


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class TelegramText:
    """One message of Telegram's; `html` says how its text is to be read."""

    text: str
    rows: Rows = ()
    html: bool = True

    def body(self) -> dict[str, Any]:
        """As sendMessage and editMessageText are given it, but for the chat."""
        body: dict[str, Any] = {"text": self.text, "link_preview_options": {"is_disabled": True}}
        if self.html:
            body["parse_mode"] = "HTML"
        if self.rows:
            body["reply_markup"] = {"inline_keyboard": [[key.body() for key in row] for row in self.rows]}
        return body


def show(message: Message, page: int = 0, above: Sequence[Line] = ()) -> tuple[TelegramText, ...]:
    """The message as one sheet or more, its buttons under the last; the same message gives the same sheets. `page` is
    the one shown of a long list, `above` are lines of the bot's own before those of the message."""
    lines = [*map(_own, above), *map(honest, _spaced(message.lines))]
    texts = [_plain(part) if message.bare else _html(part) for part in split(lines, TEXT, _size, _ENTITIES)]
    boards = keyboards(message, page) or [()]
    sheets = [TelegramText(text or "…", html=not message.bare) for text in texts]
    last = sheets.pop()
    return (
        *sheets,
        TelegramText(last.text, boards[0], last.html),
        *(TelegramText("…", board, last.html) for board in boards[1:]),
    )


def _own(line: Line) -> Line:
    """A line whose link leads to the bot, also when the name of a group that stands in it looks like an address."""
    return tuple(replace(span, text=sayable(span.text)) for span in line)


def _spaced(lines: Sequence[Line]) -> Iterator[Line]:
    """Air around each item of a letter, a long line that begins in bold: seven of them would be one block."""
    was_item = False
    for at, line in enumerate(lines):
        is_item = bool(line) and line[0].bold and len(plain_line(line)) > _ITEM
        if at and (is_item or was_item):
            yield ()
        yield line
        was_item = is_item


def _size(span: Span) -> int:
    return utf16(span.text)


def _html(part: Part) -> str:
    return "\n".join("".join(map(_tag, line)) for line in part)


def _tag(span: Span) -> str:
    text = escape(span.text, quote=False)
    if span.link:
        text = f'<a href="{escape(span.link)}">{text}</a>'
    return f"<b>{text}</b>" if span.bold else text


def _plain(part: Part) -> str:
    """The same part without marks; addresses behind their labels as long as there is room."""
    told = plain(part)
    return told if utf16(told) <= TEXT else "\n".join(map(plain_line, part))


def caption(one: Attachment) -> str:
    """What stands under a picture or a file: its words, as Telegram has no other place for them."""
    return shorten(sayable(one.alt), CAPTION, utf16)


def alert(message: Message) -> str:
    """The message as a window over the chat, "" when it does not fit one."""
    told = (
        ""
        if message.actions or message.attachments
        else sayable(plain(message.lines).replace("\n", "\x00")).replace("\x00", "\n")
    )
    return told if utf16(told) <= ALERT else ""


# Keyboards


def keyboards(message: Message, page: int = 0) -> list[Rows]:
    """The keyboards of the message, one unless it has more buttons than Telegram takes."""
    listed = _listed(message)
    rows: list[tuple[Button, ...]] = []
    again = message.again.token if message.again else ""
    if again and len(f"=99={again}".encode()) <= DATA:
        choices = list(_packed([action for action in message.actions if action in listed], message))
        rest = list(_packed([action for action in message.actions if action not in listed], message))
        if len(choices) > _PAGE:
            return [(*_paged(choices, page, again), *rest)]
    rows = list(_packed(message.actions, message))
    return list(_within_limits(rows))


def _listed(message: Message) -> list[Action]:
    """The actions of a list: several alike, which differ by a value."""
    counts = Counter(_likeness(action) for action in message.actions)
    return [action for action in message.actions if counts[_likeness(action)] >= _LIST]


def _likeness(action: Action) -> tuple[str, tuple[str, ...]]:
    return action.route, tuple(sorted(action.values))


def _packed(actions: Sequence[Action], message: Message) -> Iterator[tuple[Button, ...]]:
    """Rows: boxes and long labels one below the other, short ones side by side."""
    listed = _listed(message)
    in_column = any(len(action.label) > _SHORT or message.is_box(action) for action in listed)
    row: list[Button] = []
    for action in actions:
        alone = action in listed and in_column
        button = Button(_label(action, message), action.token)
        wide = sum(len(key.label) for key in row) + len(button.label) > _ROW
        if row and (alone or wide or len(row) == (2 if action in listed else 3)):
            yield tuple(row)
            row = []
        row.append(button)
        if alone:
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)


def _label(action: Action, message: Message) -> str:
    label = sayable(action.label).strip()
    box = ("☑ " if action.chosen else "☐ ") if message.is_box(action) else ""
    return box + shorten(label if is_visible(label) else "…", _LABEL, utf16)


def _paged(rows: Sequence[tuple[Button, ...]], page: int, again: str) -> Iterator[tuple[Button, ...]]:
    """One page of the rows, and how to turn it: `◀ 1/3 ▶`."""
    pages = -(-len(rows) // _PAGE)
    page %= pages
    yield from rows[page * _PAGE : (page + 1) * _PAGE]
    yield (
        Button("◀", f"={(page - 1) % pages}={again}"),
        Button(f"{page + 1}/{pages}", f"={page}={again}"),
        Button("▶", f"={(page + 1) % pages}={again}"),
    )


def _within_limits(rows: Sequence[tuple[Button, ...]]) -> Iterator[Rows]:
    board: list[tuple[Button, ...]] = []
    for row in rows:
        if sum(map(len, board)) + len(row) > _BUTTONS:
            yield tuple(board)
            board = []
        board.append(row)
    if board:
        yield tuple(board)


def turned(data: str) -> tuple[int, str]:
    """The page that a key asks for and the token behind it; page −1 when it is no page's key."""
    head, sep, token = data.removeprefix("=").partition("=")
    if data.startswith("=") and sep and head.isascii() and head.isdigit() and len(head) < 3:
        return int(head), token
    return -1, data
