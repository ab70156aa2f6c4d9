"""What answers say beside their body. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_WAIT = 86_400  # seconds


def retry_after(text: str, now: datetime) -> int | None:
    """Seconds to wait, at most a day, from a Retry-After header: a number or a date; None when it says neither."""
    text = text.strip()
    if re.fullmatch("[0-9]+", text):
        return MAX_WAIT if len(text) > 6 else min(int(text), MAX_WAIT)
    try:
        until = parsedate_to_datetime(text)
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return max(0, min(int((until - now).total_seconds()), MAX_WAIT))
    except (ValueError, OverflowError):
        return None


def max_age(cache_control: str) -> int | None:
    """Seconds of freshness in a Cache-Control header, None when it says nothing of it."""
    found = re.search(r'(?:^|[\s,])max-age\s*=\s*"?([0-9]{1,9})(?![0-9])', cache_control, re.IGNORECASE)
    return int(found[1]) if found else None


def printable(header: str) -> str:
    """The header, or "" when it could be neither stored nor sent back."""
    return header if header.isprintable() and len(header) <= 1024 else ""
