"""What a file is, told by what it holds: neither its name nor who sent it is believed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LARGEST = 10 * 2**20  # bytes of a file that a person sends
UNKNOWN = "application/octet-stream"

# The first bytes, as each format's own description has them.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_BRANDS = {b"avif": "image/avif", b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic"}
_ZIP = b"PK\x03\x04"
# OpenDocument says its type in its first entry; the others are known by a part that each must have.
_OPEN_DOCUMENT = re.compile(rb"mimetype(application/vnd\.oasis\.opendocument\.[a-z-]{1,40})PK")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PARTS = (
    (b"word/document.xml", f"{_OFFICE}wordprocessingml.document"),
    (b"xl/workbook.xml", f"{_OFFICE}spreadsheetml.sheet"),
    (b"ppt/presentation.xml", f"{_OFFICE}presentationml.presentation"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body|script|svg)\b", re.IGNORECASE)
_LOOKED_AT = 4096  # bytes in which a markup's first tag stands


@dataclass(frozen=True, slots=True)
class Received:
    """A file that a person sent: its name there, for people only, "" = none; `kind` is its media type."""

    name: str
    data: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        """Its media type, by what it holds."""
        return kind_of(self.data)


def kind_of(data: bytes) -> str:
    """The media type of these bytes; what no format is known for is UNKNOWN."""
    for beginning, kind in _MAGIC:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        return _BRANDS[data[8:12]]
    return _kind_of_zip(data) if data.startswith(_ZIP) else _kind_of_text(data)


def _kind_of_zip(data: bytes) -> str:
    """Names of entries are written as they are, so nothing is unpacked."""
    if declared := _OPEN_DOCUMENT.match(data, 30):
        return declared[1].decode()
    return next((kind for part, kind in _PARTS if part in data), "application/zip")


def _kind_of_text(data: bytes) -> str:
    if not data or _CONTROL.search(data):
        return UNKNOWN
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        found = _MARKUP.search(text[:_LOOKED_AT])
        if found is None:
            return "application/xml"
        return "image/svg+xml" if found[0][1:].lower() == b"svg" else "text/html"
    return "text/calendar" if text.upper().startswith(b"BEGIN:VCALENDAR") else "text/plain"
