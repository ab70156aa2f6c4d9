"""Ten partners' sites as they should be; whatever the others do, every entry of theirs is stored."""

from __future__ import annotations

import gzip

import brotli

from tests.hostile.case import Case, read
from tests.hostile.cases.jsonfeeds import feed
from tests.hostile.cases.pages import atom, calendar, event, item, rss
from tests.hostile.server import XML, chunked, head, in_turn, says, writes

TITLES = tuple(f"Nouvelle du quartier n° {n}" for n in range(1, 21))
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    + "".join(f'<item rdf:about="https://exemple.fr/{title}"><title>{title}</title></item>' for title in TITLES)
    + "</rdf:RDF>"
)
ENTRIES = "".join(f"<entry><title>{title}</title><id>urn:{n}</id></entry>" for n, title in enumerate(TITLES))
CHUNKS = head(200, [("Content-Type", XML), ("Transfer-Encoding", "chunked")])
MENDED = "".join(item(title, guid=title) for title in TITLES)

GOOD: tuple[Case, ...] = tuple(
    read(f"good-{name}", answer, len(TITLES), titles=TITLES, requests=2)
    for name, answer in (
        ("rss", says(rss(*TITLES))),
        ("atom", says(atom(ENTRIES))),
        ("rdf", says(RDF)),
        ("json", says(feed(*({"id": title, "title": title} for title in TITLES)), type="application/feed+json")),
        ("calendar", says(calendar(*map(event, TITLES)), type="text/calendar")),
        ("gzip", says(gzip.compress(rss(*TITLES).encode()), Content_Encoding="gzip")),
        ("brotli", says(brotli.compress(rss(*TITLES).encode()), Content_Encoding="br")),
        ("chunked", writes(CHUNKS + chunked(rss(*TITLES).encode(), b""))),
        ("redirected", in_turn(says(status=301, Location="/ailleurs"), says(rss(*TITLES)))),
        ("ill-formed", says(f"<rss><channel>{MENDED}<item><title>R&D"[:-9])),
    )
)
