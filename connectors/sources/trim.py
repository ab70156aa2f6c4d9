"""What is cut off a feed's text before it is read, so that one part never decides for the rest: words that a site's own
software printed around the document, titles without end, entries beyond the newest ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from connectors.sources.dates import PARIS, parse_date
from connectors.sources.identity import KEPT

JUNK = 4_096  # characters before the document that may be somebody else's
LONG_TITLE = 100_000  # characters
MOST = 5_000  # entries that are read one by one; of more, the newest alone
TOO_LONG = "\ue0fe"  # stands for a title without end; cleaning takes it for nothing

_BEGIN = re.compile(r"<\?xml\b|<!DOCTYPE\s+(?!html)|<(?:rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
_ENDS = ("</rss>", "</feed>", "</rdf:RDF>", "</RDF>", "</channel>")
_ENTRY = re.compile(r"<((?:\w+:)?(?:item|entry))\b[^>]*?(?:/>|>)")
_DATE = re.compile(r"<(?:\w+:)?(?:pubDate|published|updated|date|issued|modified)\b[^>]*>([^<]{6,120})<", re.IGNORECASE)


def strip_junk(text: str, begin: re.Pattern[str] = _BEGIN, ends: Sequence[str] = _ENDS) -> str:
    """The document without what was printed before its prolog or root, within 4 KiB, and behind its end."""
    found = begin.search(text, 0, JUNK + 64)
    if found and found.start() <= JUNK and text[: found.start()].strip("\ufeff \t\r\n"):
        text = text[found.start() :]
    end = max(text.rfind(tag) + len(tag) if tag in text else 0 for tag in ends)
    return text[:end] if end and text[end:].strip() and not text[end:].lstrip().startswith(("<!--", "<?")) else text


def shorten_titles(text: str) -> str:
    """The document with a sign in place of each title of more than 100,000 characters."""
    if len(text) <= LONG_TITLE:
        return text
    kept, at = [], 0
    while (begin := text.find("<title", at)) >= 0:
        inside = text.find(">", begin) + 1
        end = text.find("</title", inside) if inside else -1
        if end < 0:
            break
        kept.append(text[at:inside])
        kept.append(TOO_LONG if end - inside > LONG_TITLE else text[inside:end])
        at = end
    return "".join((*kept, text[at:]))


def keep_newest(text: str) -> str:
    """The document with its newest entries alone when it has more than can be read one by one; those without a date
    count as the newest, in the document's order."""
    if text.count("<item") + text.count("<entry") + text.count(":entry") <= MOST:
        return text
    blocks = []
    at = 0
    while found := _ENTRY.search(text, at):
        at = found.end()
        if not found[0].endswith("/>"):
            closed = text.find(f"</{found[1]}>", at)
            at = closed + len(found[1]) + 3 if closed >= 0 else len(text)
            blocks.append((found.start(), at))
    if len(blocks) <= MOST:
        return text
    now = datetime.max.replace(tzinfo=UTC)
    dates = [_date_of(text[begin:end]) or now for begin, end in blocks]
    newest = sorted(sorted(range(len(blocks)), key=lambda i: dates[i], reverse=True)[:KEPT])
    kept = "".join(text[blocks[i][0] : blocks[i][1]] for i in newest)
    return text[: blocks[0][0]] + kept + text[blocks[-1][1] :]


def _date_of(block: str) -> datetime | None:
    found = _DATE.search(block)
    return parse_date(found[1].strip(), PARIS) if found else None
