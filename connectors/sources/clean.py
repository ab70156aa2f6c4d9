"""The one cleaner of foreign text (promise 14, 16): markup gone, entities read, nothing invisible or forbidden kept.
What it gives is plain text; whoever shows it escapes it."""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

from club.visible import limit_marks

TITLE = 500  # characters
SUMMARY = 15_000  # characters: at most 60,000 bytes, so that an entry's whole text stays under 64 KiB
_RAW = 16  # times the limit: what is looked at before markup is gone
_PASSES = 40  # honest text is stable after three; what nests deeper is a game, and loses its < and &

# Controls, soft hyphen, zero-width marks, bidi embeddings, overrides and isolates, surrogates, private use (the
# catalogue's stand-ins live there), annotations, non-characters, tag characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u061c\u180e\u200b\u202a-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff"
    "\ufdd0-\ufdef\ufeff\ufff0-\ufffc\ufffe\uffff\U000e0000-\U000e007f]"
)
# What most French texts are made of: none of it is unseen, composed otherwise or part of an accent read twice. Only
# the others are looked for one by one.
_EVERYDAY = r"!-%'-;=-~\xa1-\xac\xae-\xc1\xc4\xc6-\xef\xf1-\xff\u0152\u0153\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
_ODD = re.compile(rf"[^{_EVERYDAY}<&\t\n \xa0\u202f]")
# Words between single blanks, and such rows: cleaning them changes nothing.
_WORD = f"(?:[{_EVERYDAY}]++|&(?!#?[a-zA-Z0-9]++;))++"
_ROW = rf"{_WORD}(?:[ \xa0\u202f]{_WORD})*+"
_CLEAN_ROW = re.compile(f"(?:{_ROW})?+")
_CLEAN_ROWS = re.compile(f"(?:{_ROW}(?:\n{_ROW})*+)?+")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Joiners mean something between emoji and between letters of joining scripts, and nowhere else.
_JOINER = re.compile(
    "(?<![\u0300-\u1fff\u20d0-\U000dffff])[\u200c\u200d]|[\u200c\u200d](?![\u0300-\u1fff\u20d0-\U000dffff])"
)
_C1 = {code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_HAS_C1 = re.compile("[\x80-\x9f]")  # to look is quicker than to translate

# UTF-8 read as Windows-1252 and written again (« Ã© »): only leads that no French text holds before such signs.
_TAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_TWICE = re.compile(f"[ÂÃ]{_TAIL}|Å[\x92\x93’“]|â[\x80\x82€‚]{_TAIL}|ð[\x9fŸ]{_TAIL}{_TAIL}")

_AMPERSANDS = re.compile("&(?:amp;|AMP;|#0*38;|#[xX]0*26;)+")
_BARE_AMPERSAND = re.compile(r"&(?!#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]{1,31};)")
# A « < » that opens no tag is a sign of comparison; a tag cut at the very end (it has an attribute) is still one.
_BARE_LESS = re.compile(
    r"""<(?!/?[a-zA-Z][^<>]*>|!--|!\[CDATA\[|[!?][a-zA-Z][^<>]*>|[a-zA-Z]+\s[^<>=]*=["'][^<>]*\Z)"""
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# A tag as it should be is taken off at once; nh3 reads what is not, and what is only half a tag.
_WHOLE_TAG = re.compile(
    r"""</?[a-zA-Z][^<>"'\s/]*+(?:[\s/]++(?:[^<>"'=\s/]++(?:\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|[^<>"'\s]++))?+)?+)*+>"""
)
# Without a « > » inside, so that it ends where any reader of it ends.
_PLAIN_TAG = re.compile(
    r"""</?([a-zA-Z][a-zA-Z0-9]*+)(?:[\s/]++(?:[^<>"'=\s/]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^<>"'\s]++))?+)?+)*+>"""
)
_UNREAD = re.compile(
    r"<(script|style|template)\b[^<>]*>.*?(?:</\1\b[^<>]*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
_SMILEY = re.compile(r"""<img\b[^<>]*\bclass=["'][^"'<>]*\b(?:wp-smiley|emoji)\b[^<>]*>""", re.IGNORECASE)
_ALT = re.compile(r"""\balt=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BLOCKS = (
    "address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h1|h2"
    "|h3|h4|h5|h6|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
_CELLS = "td|th|option|button|label|legend|iframe|video|audio|object"
_BLOCK = re.compile(rf"</?(?:{_BLOCKS})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_CELL = re.compile(rf"</?(?:{_CELLS})(?:[\s/][^<>]*)?>", re.IGNORECASE)
# What stands in a plain tag's place; a « < » says that it needs another look.
_INSTEAD = {
    **dict.fromkeys(_BLOCKS.split("|"), "\n"),
    **dict.fromkeys(_CELLS.split("|"), " "),
    **dict.fromkeys(("script", "style", "template"), "<"),
}
_BLANKS = re.compile(r"\s{2,}|[^\S \xa0\u202f]")


def clean_text(text: str, limit: int = TITLE) -> str:
    """The text on one line, at most `limit` characters; cleaning it again changes nothing."""
    return _clean(text, limit, lines=False)


def clean_summary(text: str, limit: int = SUMMARY) -> str:
    """The text with a line for each block of its markup, none empty; at most `limit` characters."""
    return _clean(text, limit, lines=True)


def without_unseen(text: str) -> str:
    """The text without what never enters storage (promise 16), at most eight marks on a letter."""
    if text.isascii() and text.isprintable():
        return text
    return limit_marks(_UNSEEN.sub("", text.translate(_C1)))


def _clean(text: str, limit: int, *, lines: bool) -> str:
    text = _begin(text, max(limit * _RAW, 16_384))
    clean = _CLEAN_ROWS if lines else _CLEAN_ROW
    # To a fixed point (choice C28): what was escaped five times is read five times.
    for _ in range(_PASSES):
        if len(text) <= limit and clean.fullmatch(text):
            return text
        cleaned = _pass(text, limit, lines=lines)
        if cleaned == text:
            return text
        text = cleaned
    return _pass(text.replace("<", "").replace("&", ""), limit, lines=lines)


def _begin(text: str, longest: int) -> str:
    """The beginning of an endless text, not ending inside a tag."""
    if len(text) <= longest:
        return text
    text = text[:longest]
    opened = text.rfind("<")
    return text[:opened] if opened > text.rfind(">") else text


def _pass(text: str, limit: int, *, lines: bool) -> str:
    if _ODD.search(text):
        text = _mend(text)
    if "<" in text or "&" in text:
        text = _strip(text)
    composed = unicodedata.normalize("NFC", text)
    if len(composed) <= len(text):  # a few letters have no composed form and would grow
        text = composed
    return _cut("\n".join(filter(None, map(_single, text.split("\n")))) if lines else _single(text), limit)


def _single(text: str) -> str:
    """The text with single blanks between its words. French typography: the no-break blank before « : » is meant, when
    it stands alone."""
    if "\xa0" in text or "\u202f" in text:
        return _BLANKS.sub(" ", text).strip()
    return " ".join(text.split())


def _mend(text: str) -> str:
    """The text without what is unseen, with the letters and line ends that were meant."""
    text = _TWICE.sub(_read_twice, text)
    if _HAS_C1.search(text):
        text = text.translate(_C1)
    return limit_marks(_JOINER.sub("", _UNSEEN.sub("", _BREAK.sub("\n", text))))


def _strip(text: str) -> str:
    """One layer of markup and of entities taken off."""
    text = _AMPERSANDS.sub("&", text)
    if "<" in text:
        text = _untag(text)
    if "<" in text or "&" in text:
        text = _BARE_LESS.sub("&lt;", _BARE_AMPERSAND.sub("&amp;", text))
        text = html.unescape(nh3.clean(text, tags=set()) if "<" in text else text)
    return text


def _untag(text: str) -> str:
    """Without its tags; in HTML a line's end is a blank, and a block begins a line."""
    if not _TAG.search(text):
        return text
    text = text.replace("\n", " ")
    untagged = _PLAIN_TAG.sub(_instead, text)
    if "<" not in untagged:
        return untagged
    text = _SMILEY.sub(_alternative, _UNREAD.sub("", text))
    return _WHOLE_TAG.sub("", _CELL.sub(" ", _BLOCK.sub("\n", text)))


def _instead(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    return "<" if name == "img" and _SMILEY.match(tag[0]) else _INSTEAD.get(name, "")


def _alternative(smiley: re.Match[str]) -> str:
    alternative = _ALT.search(smiley[0])
    return (alternative[1] or alternative[2] or "") if alternative else ""


def _read_twice(pair: re.Match[str]) -> str:
    # Every pair that the pattern finds is valid UTF-8.
    return b"".join(sign.encode("latin-1" if sign <= "\xff" else "cp1252") for sign in pair[0]).decode()


def _cut(text: str, limit: int) -> str:
    """The text, or its beginning and « … », between words where one is near and never inside a letter."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 1 and _belongs_to_the_left(text[end], text[end - 1]):
        end -= 1
    head = text[:end]
    blank = head.rfind(" ", end - 40 if end > 40 else 0)
    return (head[:blank] if blank > 0 else head).rstrip() + "…"


def _belongs_to_the_left(sign: str, before: str) -> bool:
    return (
        before == "\u200d"
        or sign in "\u200c\u200d"
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or unicodedata.category(sign).startswith("M")
    )
