"""A cheap look at an XML document before it is really read: what is too deep, too long or no feed is refused here,
within milliseconds (choice S7). Expands no entity, opens no connection."""

from __future__ import annotations

from lxml import etree

from club.news import SourceTrouble

DEPTH = 120
ITEMS = 5_000
ELEMENTS = 200_000
TITLE = 100_000  # characters
ATTRIBUTES = 500  # of one element: feedparser compares each with each
_CHUNK = 32_768
_ROOTS = ("rss", "feed", "RDF", "channel")


def scan(text: str) -> int | None:
    """The line of a mended document's first fault, None when it is well-formed; SourceTrouble when it must not be
    read further."""
    parser = etree.XMLPullParser(
        events=("start", "end"), recover=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    counter = _Counter()
    octets = text.encode()
    for i in range(0, len(octets), _CHUNK):
        parser.feed(octets[i : i + _CHUNK])
        counter.read(parser)
    fault = None
    try:
        parser.close()
        counter.read(parser)
    except etree.XMLSyntaxError as error:
        fault = error.lineno or 1
    if not counter.elements:
        raise SourceTrouble("trouble-empty")
    faults = (entry.line for entry in parser.feed_error_log if entry.level >= etree.ErrorLevels.ERROR)
    return next(faults, fault)


class _Counter:
    """Counts on the way down, so that a hostile document is left at its first excess."""

    def __init__(self) -> None:
        self.depth = self.elements = self.entries = 0

    def read(self, parser: etree.XMLPullParser) -> None:
        for event, element in parser.read_events():
            if not isinstance(element, etree._Element):
                continue
            name = str(element.tag).rpartition("}")[2].rpartition(":")[2]
            if event == "start":
                self._enter(name)
                if len(element.attrib) > ATTRIBUTES:
                    raise SourceTrouble("trouble-heavy")
                continue
            self.depth -= 1
            if name == "title" and element.text and len(element.text) > TITLE:
                raise SourceTrouble("trouble-title-long")
            element.clear()

    def _enter(self, name: str) -> None:
        if not self.elements and name not in _ROOTS:
            raise SourceTrouble("trouble-html" if name.lower() == "html" else "trouble-not-feed")
        self.depth += 1
        self.elements += 1
        self.entries += name in ("item", "entry")
        if self.depth > DEPTH:
            raise SourceTrouble("trouble-deep", limit=DEPTH)
        if self.entries > ITEMS:
            raise SourceTrouble("trouble-many", limit=ITEMS)
        if self.elements > ELEMENTS:
            raise SourceTrouble("trouble-heavy")
