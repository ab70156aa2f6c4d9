"""What documents are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

NOW = datetime.now(UTC)
RECENT = (NOW - timedelta(days=2)).strftime("%a, %d %b %Y %H:%M:%S +0000")
SOON = NOW + timedelta(days=10)


def item(title: str = "", more: str = "", *, guid: str = "", date: str = RECENT, link: str = "") -> str:
    """One entry of RSS; `title` is escaped, `more` is not."""
    parts = [f"<title>{escape(title)}</title>" if title else "", f"<guid>{escape(guid)}</guid>" if guid else ""]
    parts += [f"<pubDate>{date}</pubDate>" if date else "", f"<link>{escape(link)}</link>" if link else "", more]
    return f"<item>{''.join(parts)}</item>"


def channel(inside: str, before: str = "", root: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{before}<rss version="2.0" {root}><channel><title>Flux</title>{inside}</channel></rss>'
    )


def rss(*titles: str) -> str:
    return channel("".join(item(title, guid=title) for title in titles))


def atom(inside: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Flux</title>{inside}</feed>'


def event(title: str, *lines: str, start: str | None = f"DTSTART:{SOON:%Y%m%dT%H%M%SZ}", uid: str = "") -> str:
    rows = [
        "BEGIN:VEVENT",
        f"UID:{uid or title}",
        f"SUMMARY:{title}",
        *([start] if start else []),
        *lines,
        "END:VEVENT",
    ]
    return "\r\n".join(rows)


def calendar(*events: str, said: str = "") -> str:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//FR", *([said] if said else []), *events, "END:VCALENDAR", ""]
    )
