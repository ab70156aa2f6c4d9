"""Text out of bytes, and XML that a parser can read out of what sites call XML (promise 15)."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from email.message import Message
from html.entities import html5

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How « < » or « BE » looks without a mark (XML 1.0, appendix F).
_SHAPES = (
    (re.compile(rb"\x00\x00\x00[<B{]"), "utf-32-be"),
    (re.compile(rb"[<B{]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00[<B{]\x00"), "utf-16-be"),
    (re.compile(rb"[<B{]\x00[^\x00]\x00"), "utf-16-le"),
)
# Only encodings of text that sites use: a name may also lead Python to zlib, UTF-7 or worse.
_KNOWN = re.compile(
    r"ascii|utf-8|utf-8-sig|utf-16(-[lb]e)?|utf-32(-[lb]e)?|iso8859-\d+|cp125\d|koi8-[rut]|mac-roman|cp866|cp874"
    r"|big5|big5hkscs|gb2312|gbk|gb18030|euc_jp|euc_kr|shift_jis|cp932|cp949|iso2022_jp|tis-620"
)
_LOOKED_AT = 400  # bytes: a declaration stands within them, and wide encodings show their zeros
_WESTERN = ("ascii", "iso8859-1", "iso8859-15", "cp1252")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a document, in the order byte order mark, HTTP, XML declaration, UTF-8, Windows-1252; never fails.

    Bytes that are valid UTF-8 beyond ASCII are UTF-8 whatever Latin name they were given: chance does not do that.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            body = body[len(mark) :]
            return _strict(body, name) or body.decode("cp1252" if name == "utf-8" else name, "replace")
    for name in _candidates(body, content_type):
        text = _strict(body, name)
        if text is not None:
            return text
    return "".join(_western(body))


def _candidates(body: bytes, content_type: str) -> Iterator[str]:
    shape = next((name for pattern, name in _SHAPES if pattern.match(body)), None)
    if shape:
        yield shape
    declared = _DECLARED.match(body[:_LOOKED_AT])
    for name in (_charset(content_type), declared[1].decode() if declared else ""):
        known = _codec(name)
        if known in _WESTERN:
            yield "utf-8"
            yield "cp1252" if known != "iso8859-15" else known
        elif known and (not known.startswith(("utf-16", "utf-32")) or b"\x00" in body[:_LOOKED_AT]):
            yield known
    yield "utf-8"


def _codec(name: str) -> str:
    """Python's name of the encoding, "" when it is not one of text."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return known if _KNOWN.fullmatch(known) else ""


def _charset(content_type: str) -> str:
    header = Message()
    try:
        header["content-type"] = content_type
    except ValueError:
        return ""
    charset = header.get_param("charset", "")
    return charset if isinstance(charset, str) else ""


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name).removeprefix("\ufeff")
    except (UnicodeError, ValueError):
        return None


def _western(body: bytes) -> Iterator[str]:
    # Five bytes mean nothing in Windows-1252; as the web does, they stay controls, which cleaning drops.
    for i in range(0, len(body), 65_536):
        piece = body[i : i + 65_536]
        yield _strict(piece, "cp1252") or "".join(map(_sign, piece))


def _sign(octet: int) -> str:
    return bytes([octet]).decode("cp1252", "ignore") or chr(octet)


# --- XML ------------------------------------------------------------------------------------------------------------

_CDATA_OR_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#([0-9]{1,8})|#[xX]([0-9a-fA-F]{1,7})|([A-Za-z][A-Za-z0-9]{0,40}));|&",
    re.DOTALL,
)
_PROLOG = re.compile(
    r"(?:\s+|<!--.*?(?:-->|\Z)|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OWN = ("lt", "gt", "amp", "quot", "apos")


def mend_xml(text: str) -> str:
    """The document as a strict parser wants it: no declaration, no DTD, no control, no bare ampersand, no entity but
    XML's five. Entities of HTML become their letters; others are left as text, never expanded (promise 14)."""
    start = max(text.find("<"), 0)
    prolog = _PROLOG.match(text, start)
    root = prolog.end() if prolog else start
    # Line ends are kept, so that a fault is told at its line.
    lines = "\n" * text.count("\n", 0, root)
    return lines + _CDATA_OR_AMPERSAND.sub(_mend, _NOT_XML.sub("", text[root:]))


def _mend(found: re.Match[str]) -> str:
    if found[0][0] == "<":
        return found[0]
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        sign = chr(code) if code < 0x110000 else ""
        return _escape(_NOT_XML.sub("", sign))
    if name in _OWN:
        return found[0]
    letters = html5.get(f"{name};") if name else None
    return _escape(letters) if letters else "&amp;" + found[0][1:]


def _escape(letters: str) -> str:
    return html.escape(letters, quote=True)
