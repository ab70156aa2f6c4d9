"""What the operating system says of a failure, in words."""

from __future__ import annotations

import errno

from club.texts import Texts


def why(error: OSError, texts: Texts) -> str:
    """In the texts' language where it is usual, else in the system's own words."""
    key = f"cli-system-{errno.errorcode.get(error.errno or 0, '').lower()}"
    return texts.plain(key) if key in texts else error.strerror or type(error).__name__
