"""A file and a picture for messages to carry."""

from __future__ import annotations

import struct
import zlib

from club.dialogue import Attachment


def png(width: int, height: int) -> bytes:
    """A white picture of that size, in pixels."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = (b"\0" + b"\xff" * -(-width // 8)) * height
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


LIST = Attachment("inscrits.csv", "text/csv", "nom;ville\nAnaïs;Créteil\n".encode())
CHART = Attachment("mois.png", "image/png", png(64, 48), "Douze personnes en mars, huit en avril")
