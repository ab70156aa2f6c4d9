"""What it takes to read one document of twenty entries, from its bytes to cleaned entries, beside lxml and feedparser
that only parse: `python -m benchmarks.reading`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO

import feedparser
from lxml import etree

from benchmarks.server import document
from club.news import Source
from connectors.sources.document import Document
from connectors.sources.parsers import parse

NOW = datetime(2027, 3, 9, 9, tzinfo=UTC)
ROUNDS = 4
TIMES = 30


def bodies() -> dict[str, bytes]:
    rss, atom, json_feed, calendar = (document(number, 0)[0] for number in (0, 5, 8, 9))
    return {
        "RSS": rss,
        "Atom": atom,
        "RSS, a bare ampersand": rss.replace("étape".encode(), b"R&D", 1),
        "RSS, a DTD": rss.replace(b"<rss", b"<!DOCTYPE rss><rss", 1),
        "RSS, cut": rss[:-20],
        "JSON Feed": json_feed,
        "ICS": calendar,
    }


def milliseconds(work: Callable[[], object]) -> float:
    """Of CPU, the least of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(TIMES):
            work()
        rounds.append((time.process_time() - begun) / TIMES * 1000)
    return min(rounds)


def alone(body: bytes) -> object:
    return feedparser.parse(BytesIO(body), resolve_relative_uris=False, sanitize_html=False)


def main() -> None:
    print("| document | read and cleaned | lxml alone | feedparser alone |\n|---|---|---|---|")
    for name, body in bodies().items():
        one = Document(body, "http://127.0.0.1/feed", "", NOW)
        work = [partial(parse, one, Source("bench", one.url))]
        if name in ("RSS", "Atom"):
            work += [partial(etree.fromstring, body), partial(alone, body)]
        times = [f"{milliseconds(one):.2f} ms" for one in work]
        print(f"| {name} | {' | '.join((*times, *'–' * (3 - len(times))))} |", flush=True)


if __name__ == "__main__":
    main()
