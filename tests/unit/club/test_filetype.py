"""Kinds of files are told by what they hold."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from club.filetype import UNKNOWN, Received, kind_of
from tests.kit.attachments import png


def packed(*entries: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in entries:
            made.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (png(2, 2), "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", UNKNOWN),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00", UNKNOWN),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (packed(("a.txt", b"a")), "application/zip"),
        (
            packed(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")),
            "application/vnd.oasis.opendocument.text",
        ),
        (
            packed(("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"<html><script>alert(1)</script></html>", "text/html"),
        (b"\xef\xbb\xbf  <!DOCTYPE HTML>\n<p>", "text/html"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"><script/></svg>', "image/svg+xml"),
        (b"<?xml version='1.0'?><rss/>", "application/xml"),
        (b"BEGIN:VCALENDAR\r\n", "text/calendar"),
        ("nom;ville\nAnaïs;Créteil\n".encode(), "text/plain"),
        ("nom;ville\nAnaïs;Créteil\n".encode("cp1252"), "text/plain"),
        (b"", UNKNOWN),
        (b"MZ\x90\x00\x03", UNKNOWN),
    ],
)
def test_examples(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind
    assert Received("photo.jpg", data).kind == kind


@given(st.binary() | st.text().map(str.encode) | st.binary().map(b"PK\x03\x04".__add__))
@example(b"PK\x03\x04" + b"\x00" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.\xff")
def test_whatever_it_holds_has_a_kind(data: bytes) -> None:
    assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", kind_of(data))
