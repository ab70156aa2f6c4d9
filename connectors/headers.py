"""What answers say beside their body. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_WAIT = 86_400  # seconds
MAX_COOKIES = 4_096  # bytes that are sent back within one chain of redirects


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


def with_cookies(known: str, given: Iterable[str]) -> str:
    """What a host gave so far, as it is sent back; what is too long or unreadable is left out."""
    pairs = dict(pair.partition("=")[::2] for pair in known.split("; ") if pair)
    for line in given:
        name, equals, value = line.partition(";")[0].strip().partition("=")
        if equals and name.strip() and f"{name}{value}".isprintable():
            pairs[name.strip()] = value.strip()
    joined = "; ".join(f"{name}={value}" for name, value in pairs.items())
    return joined if len(joined) <= MAX_COOKIES else known
