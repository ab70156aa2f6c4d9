"""A Message as Discord shows it: the bodies of API calls. Pure; no text becomes markup, a mention or a ping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.platforms.text import honest, in_words, sayable, shorten, split, utf16
from club.dialogue import Action, Attachment, Blank, Form, Kind, Message
from club.fold import fold
from club.markup import Line, Span, as_text, plain, plain_line
from club.texts import Texts
from club.visible import is_visible

Body = dict[str, Any]

# Limits of discord.com/developers/docs: resources/message, components/reference.
CONTENT = 2000
ROWS, BUTTONS, OPTIONS, BLANKS, BOXES = 5, 5, 25, 5, 10
BUTTON_LABEL, OPTION_LABEL, PLACEHOLDER = 80, 100, 150
TITLE, BLANK_LABEL, DESCRIPTION, TYPED = 45, 45, 100, 4000
THREAD_NAME, TAGS, ALT = 100, 5, 1024

SUPPRESS_EMBEDS, EPHEMERAL = 1 << 2, 1 << 6
ROW, BUTTON, SELECT, INPUT, LABEL, UPLOAD, CHECKS = 1, 2, 3, 4, 18, 19, 22
PRIMARY, SECONDARY = 1, 2

# The beginnings of custom ids, which come back with what was pressed.
PRESS, PICK, TICK, FILL, FORM, PART, READ = "b", "s", "x", "f:", "m:", "n:", "w:"
HOOK = "@"  # of the reference of an interaction's answer: application and token follow


def quiet() -> Body:
    """What every call that shows something carries: nobody is ever notified by a text (promise 24)."""
    return {"allowed_mentions": {"parse": []}}


def show(message: Message, texts: Texts, *, ephemeral: bool = False) -> tuple[Body, ...]:
    """The bodies of the calls that show it, in order: text between its lines, buttons and lists under the last. What
    it carries goes with the first, so that a refusal of it comes before anything is shown."""
    if message.bare:
        message = Message(as_text(plain(message.lines)), attachments=message.attachments)
    parts = [_written(part) for part in split([honest(line) for line in message.lines], CONTENT, _measure)]
    if not any(map(is_visible, parts)):
        parts = [texts.plain("news-untitled")]
    rows = list(_rows(message, texts))
    under = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)] or [[]]
    contents = [*parts, *[texts.plain("discord-more")] * (len(under) - 1)]
    components = [*[[]] * (len(parts) - 1), *under]
    flags = SUPPRESS_EMBEDS | (EPHEMERAL if ephemeral else 0)
    first, *more = (
        {"content": content, "components": below, "flags": flags, **quiet()}
        for content, below in zip(contents, components, strict=True)
    )
    return (first | ({"attachments": message.attachments} if message.attachments else {}), *more)


def packed(body: Any) -> tuple[Any, tuple[Attachment, ...]]:
    """The body as JSON, and the files that go beside it: they stand in the message itself, in the `data` of an
    answer to an interaction, or in the `message` of a post."""
    if not isinstance(body, dict):
        return body, ()
    for part in ("data", "message"):
        if isinstance(body.get(part), dict):
            inside, files = packed(body[part])
            return {**body, part: inside}, files
    files = tuple(body.get("attachments", ()))
    return (body | {"attachments": list(map(_about, range(len(files)), files))} if files else body), files


def _about(at: int, one: Attachment) -> Body:
    told = {"description": shorten(sayable(one.alt), ALT, utf16)} if one.alt else {}
    return {"id": str(at), "filename": one.name, **told}


def ways(message: Message, texts: Texts) -> tuple[Message, ...]:
    """The message, and what is tried one after the other where it is refused: without what it carries, as plain text
    (promise 28)."""
    bare = replace(message, bare=True)
    if not message.attachments:
        return message, bare
    return message, in_words(message, texts), bare, in_words(bare, texts)


def post_name(message: Message, texts: Texts) -> str:
    """The title of a forum post: the first line that says something."""
    first = next((text for line in message.lines if is_visible(text := plain_line(line))), "")
    return shorten(" ".join(first.split()), THREAD_NAME, utf16) or texts.plain("news-untitled")


def forum_post(message: Message, body: Body, tags: Sequence[tuple[str, str]], *, must: bool, texts: Texts) -> Body:
    """The body that opens a post in a forum; of its `tags` (id, name) it bears those that the message names, and the
    first one where a post `must` have some."""
    said = fold(plain(message.lines))
    named = [ident for ident, name in tags if fold(name) in said]
    if must and not named:
        named = [ident for ident, _ in tags[:1]]
    return {"name": post_name(message, texts), "message": body, "applied_tags": named[:TAGS]}


# Text

_URL = re.compile(r"(?<![0-9A-Za-z_])https?://[^\s<]+", re.IGNORECASE)
_URL_LAST = re.compile(rf"{_URL.pattern}$", re.IGNORECASE)
# Emphasis, code, spoilers and links wherever they stand; « < » and « @ » only where a mention could begin.
_MARKS = re.compile(r"[\\*_~`|\[\]]|<(?=[@#:/a-z])|@(?=everyone|here)", re.IGNORECASE)
# Headings, quotes, lists: read at the beginning of a line only.
_START = re.compile(r"(?P<blank>\s*)(?P<mark>(?:#{1,3}|-#|>{1,3}|[-+])(?=\s|$)|\d+(?=[.)]\s))")
_BREAKS = str.maketrans("\u2028\u2029", "  ")


def escape(text: str) -> str:
    """The text with a backslash before what Discord would read as a mark; addresses stay as they are."""
    text = text.translate(_BREAKS)
    pieces, at = [], 0
    for url in _URL.finditer(text):
        pieces += [_MARKS.sub(r"\\\g<0>", text[at : url.start()]), url[0]]
        at = url.end()
    return "".join((*pieces, _MARKS.sub(r"\\\g<0>", text[at:])))


def _written(lines: Sequence[Line]) -> str:
    return "\n".join(map(_line, lines))


def _line(line: Line) -> str:
    text = ""
    for span in line:
        written = _span(span)
        # An address is read up to the next blank: what follows it closely stands apart.
        apart = written[:1] in "*[" and _URL_LAST.search(text) is not None
        text += f" {written}" if apart else written
    start = _START.match(text)
    if start is None:
        return text
    at = start.end() if start["mark"].isdigit() else start.end("blank")
    return f"{text[:at]}\\{text[at:]}"


def _span(span: Span) -> str:
    text = escape(span.text)
    if not is_visible(span.text):
        return text
    if _URL.search(span.text):
        # Discord reads an address to its end, marks included, and makes no link of a label that holds one.
        return text if span.link is None or span.link in span.text else f"{text} ({span.link})"
    if span.link is not None:
        text = "".join(_linked(span.text, span.link))
    return f"**{text}**" if span.bold else text


def _linked(label: str, link: str) -> Iterator[str]:
    """The label leading there. Brackets that do not pair would end the link, so they stand between links."""
    address = link.replace("(", "%28").replace(")", "%29")
    for piece in [label] if _pairs(label) else re.split(r"([\[\]])", label):
        linkable = is_visible(piece) and piece not in "[]"
        yield f"[{escape(piece)}]({address})" if linkable else escape(piece)


def _pairs(label: str) -> bool:
    """Whether its brackets pair, one level deep."""
    return not re.search(r"[\[\]]", re.sub(r"\[[^\[\]]*\]", "", label))


def _measure(span: Span) -> int:
    return utf16(_span(span)) + 2  # the backslash that a line may begin with, the blank behind an address


# Buttons and lists


def _rows(message: Message, texts: Texts) -> Iterator[Body]:
    """Actions that are one choice, as a list when they are many or boxes; the others as buttons, in their order. The
    first one stands out, unless it answers a question."""
    alike: dict[tuple[str, frozenset[str]], list[Action]] = {}
    for action in message.actions:
        alike.setdefault((action.route, frozenset(action.values)), []).append(action)
    buttons: list[Body] = []
    for place, action in enumerate(message.actions):
        group = alike[action.route, frozenset(action.values)]
        boxes = message.is_box(action)
        if not boxes and len(group) <= BUTTONS:
            # Two buttons of a message may not bear one id.
            style = PRIMARY if place == 0 and message.again is None else SECONDARY
            buttons.append(button(f"{PRESS}{place}:{action.token}", action.label, style))
        elif action is group[0]:
            yield from _buttons(buttons)
            buttons = []
            yield from _lists(list({one.token: one for one in group}.values()), place, boxes, texts)
    yield from _buttons([*buttons, *_fill(message, texts)])


def _lists(actions: Sequence[Action], place: int, boxes: bool, texts: Texts) -> Iterator[Body]:
    """One list for each twenty-five of them, named by its first and last when there are several."""
    for at in range(0, len(actions), OPTIONS):
        options = [_option(one.token, one.label, one.chosen) for one in actions[at : at + OPTIONS]]
        hint = texts.plain("discord-tick" if boxes else "discord-choose")
        if len(actions) > OPTIONS:
            hint = texts.plain("discord-slice", first=options[0]["label"], last=options[-1]["label"])
        yield _row(
            {
                "type": SELECT,
                "custom_id": f"{TICK if boxes else PICK}{place}:{at}",
                "options": options,
                "placeholder": shorten(hint, PLACEHOLDER, utf16),
                "min_values": 0 if boxes else 1,
                "max_values": len(options) if boxes else 1,
            }
        )


def _option(value: str, label: str, chosen: bool) -> Body:
    return {"label": _label(label, OPTION_LABEL), "value": value or "-", "default": chosen}


def _buttons(buttons: Sequence[Body]) -> Iterator[Body]:
    for at in range(0, len(buttons), BUTTONS):
        yield _row(*buttons[at : at + BUTTONS])


def _row(*components: Body) -> Body:
    return {"type": ROW, "components": list(components)}


def _fill(message: Message, texts: Texts) -> Iterator[Body]:
    """What opens the form's window, under a question."""
    if message.form is None or message.again is None:
        return
    begun = any(blank.value or blank.fault for blank in message.form.blanks)
    key = "discord-fill" if not begun else "discord-refill" if len(message.form.blanks) <= BLANKS else "discord-go-on"
    yield button(f"{FILL}{message.again.token}", texts.plain(key), PRIMARY)


def button(custom_id: str, label: str, style: int = SECONDARY) -> Body:
    """One button."""
    return {"type": BUTTON, "style": style, "custom_id": custom_id, "label": _label(label, BUTTON_LABEL)}


def _label(text: str, limit: int) -> str:
    """Labels are no markdown; an invisible one could not be pressed."""
    return shorten(text if is_visible(text) else "…", limit, utf16)


# Forms


def modal(form: Form, texts: Texts) -> Body:
    """The window of the form: five blanks at most, from where the form stands when there are more."""
    several = len(form.blanks) > BLANKS
    blanks = form.blanks[form.at : form.at + BLANKS] if several else form.blanks
    return {
        "custom_id": f"{PART if several else FORM}{form.action.token}",
        "title": _label(form.title, TITLE),
        "components": [_labelled(blank, texts) for blank in blanks],
    }


def _labelled(blank: Blank, texts: Texts) -> Body:
    body = {"type": LABEL, "label": _label(blank.label, BLANK_LABEL), "component": _component(blank, texts)}
    explained = blank.fault or blank.help
    return body | ({"description": _brief(explained)} if is_visible(explained) else {})


def _brief(text: str) -> str:
    """Whole sentences when some fit, else a beginning."""
    if utf16(text) <= DESCRIPTION:
        return text
    ends = [end.end() for end in re.finditer(r"[.?!](?=\s)", text) if utf16(text[: end.end()]) <= DESCRIPTION]
    return text[: ends[-1]] if ends else shorten(text, DESCRIPTION, utf16)


def _component(blank: Blank, texts: Texts) -> Body:
    common = {"custom_id": blank.name, "required": blank.required}
    least = 1 if blank.required else 0
    if blank.kind is Kind.FILE:
        return {"type": UPLOAD, **common, "min_values": least, "max_values": 1}
    if not 0 < len(blank.choices) <= OPTIONS:
        return _typed(blank, common)
    several = blank.kind is Kind.CHOICES
    chosen = blank.value.split(",") if several else [blank.value]
    options = [_option(choice.value, choice.label, choice.value in chosen) for choice in blank.choices]
    most = len(options) if several else 1
    body = {**common, "options": options, "min_values": least, "max_values": most}
    if several and most <= BOXES:
        return {"type": CHECKS, **body}
    hint = texts.plain("discord-choose" if blank.required else "form-none")
    return {"type": SELECT, **body, "placeholder": hint}


def _typed(blank: Blank, common: Body) -> Body:
    """A text to type; lists too long for a window are typed by name."""
    style = 2 if blank.kind is Kind.PARAGRAPH else 1
    body = {"type": INPUT, "style": style, "max_length": TYPED, **common}
    if 0 < utf16(blank.value) <= TYPED:
        body["value"] = blank.value
    least, most = blank.bounds
    if not blank.value or least <= len(blank.value) <= most:  # else it could not be shown to be corrected
        body |= {"max_length": min(most, TYPED)} if most else {}
        body |= {"min_length": least} if blank.required and 1 < least <= TYPED else {}
    return body


def suggestions(choices: Iterable[tuple[str, str]]) -> Body:
    """What is proposed while one types: names and values."""
    shown = [(shorten(name, OPTION_LABEL, utf16), value) for name, value in choices if utf16(value) <= OPTION_LABEL]
    return {"choices": [{"name": name, "value": value} for name, value in shown if is_visible(name)][:OPTIONS]}
