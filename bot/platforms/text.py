"""Text as every chat needs it: links that say where they lead, long messages in parts, attachments in words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import SplitResult, quote, urlsplit

from club.dialogue import Attachment, Message
from club.markup import Line, Span, plain_line
from club.texts import Texts
from club.visible import is_visible, letters

NAME = "club"  # what the bot is called where it has no name of its own

Measure = Callable[[Span], int]
Part = tuple[Line, ...]

_NEAR = 200  # letters before the limit in which a blank is looked for
# An address as it stands in a text: with its scheme, or a name that readers take for one.
_TOP = "fr|com|org|net|eu|info|io|gov|edu|int|be|ch|lu|ca|re|gp|mq|gf|yt|nc|pf|pm|wf|paris|bzh|corsica|alsace"
# Dots as browsers read them, then signs that look like one; those between words also write « adhérent·es ».
_BETWEEN = "\u00b7\u2022\u2027\u2219\u22c5"
_DOTS = ".\u3002\uff0e\uff61\u2024\ufe52\u06d4\u0701\u0702\ua4f8\ua60e" + _BETWEEN
_AS_DOT = str.maketrans(dict.fromkeys(_DOTS, "."))
_ADDRESS = re.compile(
    rf"(?<![\w.@-])(?P<scheme>https?://)?(?P<mailbox>[\w.+-]{{1,64}}[@\uff20\ufe6b])?"
    rf"(?P<host>(?:[\w-]+[{_DOTS}])+[^\W\d_]{{2,24}})(?![\w@-])(?P<path>[/?#:]\S*)?",
    re.IGNORECASE,
)
_USUAL_TOP = re.compile(rf"(?:www\..*|.*\.(?:{_TOP}))", re.IGNORECASE)


def utf16(text: str) -> int:
    """Its length as Telegram and JavaScript count it, in UTF-16 units."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def sayable(text: str) -> str:
    """The text with what no network can carry replaced: lone surrogates, control characters."""
    return "".join(
        "\ufffd" if unicodedata.category(sign) == "Cs" else " " if unicodedata.category(sign) == "Cc" else sign
        for sign in text
    )


def shorten(text: str, limit: int, size: Callable[[str], int] = len) -> str:
    """The text, or its beginning and « … », never cut inside a letter; `limit` in what `size` counts."""
    if size(text) <= limit:
        return text
    kept: list[str] = []
    left = limit - size("…")
    for letter in letters(text):
        left -= size(letter)
        if left < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def unnamed(words: str, name: str) -> tuple[str, bool]:
    """The words without « @name », and whether they said it: to the bot, where others talk too."""
    left, count = re.subn(rf" ?(?<![\w@])@{re.escape(name)}(?!\w) ?", " ", words, flags=re.IGNORECASE)
    return (left.strip() if count else words), count > 0


# Attachments


def titled(one: Attachment, texts: Texts) -> str:
    """« inscrits.csv (12 ko) »."""
    return texts.plain("attachment-title", name=one.name, size=-(-len(one.data) // 1024))


def in_words(message: Message, texts: Texts, refused: Sequence[Attachment] | None = None) -> Message:
    """The message without those attachments, all unless told, which its last lines say in words: a picture is told, a
    file is named and may be asked for again."""
    refused = message.attachments if refused is None else refused
    if not refused:
        return message
    told = [line for one in refused for line in _told(one, texts)]
    kept = tuple(one for one in message.attachments if one not in refused)
    return replace(message, attachments=kept).adding([(), *told])


def _told(one: Attachment, texts: Texts) -> Sequence[Line]:
    if one.is_picture:
        return texts.lines("attachment-left-picture", alt=one.alt)
    return texts.lines("attachment-left", title=titled(one, texts))


# Links


def honest(line: Line) -> Line:
    """The same line, in which a link whose label looks like an address leads to that address, and hosts in mixed
    scripts stand in punycode (promise 25)."""
    return tuple(part for span in line for part in _honest(span))


def _honest(span: Span) -> Iterator[Span]:
    text = _ADDRESS.sub(_plain_host, sayable(span.text))
    if span.link is None:
        yield replace(span, text=text)
        return
    link = ascii_link(span.link)
    where = _split(link)
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    shown = [found for found in _ADDRESS.finditer(seen) if _looks_like_one(found, seen)]
    if where is not None and is_visible(text) and all(_leads_there(found, where) for found in shown):
        yield replace(span, text=text, link=link)
        return
    # What is written stays as it is, and the link says by itself where it leads.
    yield replace(span, text=f"{text} (" if text.strip() else "(", link=None)
    yield replace(span, text=where.netloc if where else link, link=link if where else None)
    yield replace(span, text=")", link=None)


def ascii_link(link: str) -> str:
    """The address with its host as machines write it, blanks and quotes escaped."""
    where = _split(link)
    if where is None:
        return link
    host = where.netloc if where.netloc.isascii() else _punycode(where.netloc)
    address = where._replace(netloc=host).geturl()
    return re.sub(r"[\s\"'<>`\\]", lambda sign: quote(sign[0]), address)


def _split(link: str) -> SplitResult | None:
    try:
        where = urlsplit(link)
        return where if where.scheme in ("http", "https") and where.hostname else None
    except ValueError:
        return None


def _plain_host(found: re.Match[str]) -> str:
    host = found["host"]
    return found[0].replace(host, _punycode(host), 1) if is_mixed(host) else found[0]


def is_mixed(host: str) -> bool:
    """Whether the host is written in more than one script."""
    return len({unicodedata.name(sign, "?").partition(" ")[0] for sign in host if sign.isalpha()}) > 1


def _punycode(host: str) -> str:
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode', 'replace').decode()}"
        for label in unicodedata.normalize("NFKC", host.lower()).split(".")
    )


def _looks_like_one(found: re.Match[str], text: str) -> bool:
    """« v2.finale » and « M.Dupont » in a title are no addresses; alone, a name with a dot may be one."""
    if not (found["scheme"] or found["mailbox"]) and any(sign in _BETWEEN for sign in found["host"]):
        return _dotted(found["host"]).lower().endswith((".fr", ".com", ".org", ".net", ".eu"))
    alone, with_path = found[0] == text.strip(), (found["path"] or "").startswith("/")
    return bool(
        found["scheme"] or found["mailbox"] or alone or with_path or _USUAL_TOP.fullmatch(_dotted(found["host"]))
    )


def _dotted(host: str) -> str:
    """The host with what browsers take for a dot, or readers do, as dots."""
    return unicodedata.normalize("NFKC", host.translate(_AS_DOT))


def _leads_there(found: re.Match[str], where: SplitResult) -> bool:
    said, host = _dotted(found["host"]).lower().removeprefix("www."), (where.hostname or "").removeprefix("www.")
    path = re.sub(r"\W+$", "", found["path"] or "")
    beyond = f"{where.path}?{where.query}" if where.query else where.path
    if found["scheme"] and found["mailbox"]:  # https://site.fr@elsewhere.fr
        return False
    return said == host and (beyond.startswith(path))


# Parts


def split(lines: Sequence[Line], limit: int, measure: Measure, marks: int = 100) -> tuple[Part, ...]:
    """The lines in parts of at most `limit` (as `measure` counts each span; a line's end counts one) and `marks` bold
    runs and links. Cut between lines; a line that is too long, between words or letters; a link only when it is longer
    than a part. At least one part; the same lines give the same parts."""
    parts: list[Part] = []
    current: list[Line] = []
    size = marked = 0
    for line in lines:
        for piece in _pieces(line, limit, measure, marks):
            grown, more = sum(map(measure, piece)), sum(map(_marks, piece))
            if current and (size + 1 + grown > limit or marked + more > marks):
                parts.append(_trimmed(current))
                current, size, marked = [], 0, 0
            size += grown + bool(current)
            marked += more
            current.append(piece)
    parts.append(_trimmed(current))
    return tuple(part for part in parts if part) or ((),)


def _trimmed(lines: Sequence[Line]) -> Part:
    """Without the empty lines at both ends."""
    full = [at for at, line in enumerate(lines) if is_visible(plain_line(line))]
    return tuple(lines[full[0] : full[-1] + 1]) if full else ()


def _marks(span: Span) -> int:
    return span.bold + (span.link is not None)


def _pieces(line: Line, limit: int, measure: Measure, marks: int) -> list[Line]:
    """The line, or pieces of it that fit a part each."""
    pieces: list[list[Span]] = [[]]
    left, left_marks = limit, marks
    rest = list(reversed(line))
    while rest:
        span = rest.pop()
        head, tail = _cut(span, left, measure, whole=not pieces[-1]) if left_marks >= _marks(span) else (None, span)
        if head is not None:
            pieces[-1].append(head)
            left, left_marks = left - measure(head), left_marks - _marks(head)
        if tail is not None:
            rest.append(tail)
            if pieces[-1]:
                pieces.append([])
                left, left_marks = limit, marks
    return [tuple(piece) for piece in pieces]


def _cut(span: Span, left: int, measure: Measure, *, whole: bool) -> tuple[Span | None, Span | None]:
    """What of the span fits, and what is left; `whole`: nothing stands before it, so something must fit."""
    if measure(span) <= left:
        return span, None
    if span.link and not whole:
        return None, span
    signs = list(letters(span.text))
    at = _most(span, signs, left, measure)
    if at == 0 and whole:
        if span.link:  # an address longer than a message
            return _cut(replace(span, link=None), left, measure, whole=True)
        signs = list(span.text)  # a letter under thousands of accents
        at = max(_most(span, signs, left, measure), 1)
    if not signs[at].isspace():
        blank = next((n for n in range(at, max(at - _NEAR, 0), -1) if signs[n - 1].isspace()), 0)
        if blank == 0 and not whole and at < _NEAR:
            return None, span  # the word begins the next part
        at = blank or at
    head, tail = "".join(signs[:at]).rstrip(), "".join(signs[at:]).lstrip()
    return (replace(span, text=head) if head else None), (replace(span, text=tail) if tail else None)


def _most(span: Span, signs: Sequence[str], left: int, measure: Measure) -> int:
    """How many of the signs fit."""
    low, high = 0, len(signs) - 1
    while low < high:
        middle = (low + high + 1) // 2
        fits = measure(replace(span, text="".join(signs[:middle]))) <= left
        low, high = (middle, high) if fits else (low, middle - 1)
    return low
