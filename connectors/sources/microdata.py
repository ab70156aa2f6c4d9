"""Events that a page describes in its own markup: microdata (https://html.spec.whatwg.org/#microdata), RDFa Lite and
h-event (https://microformats.org/wiki/h-event), as the nodes that JSON-LD would give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

HAS_EVENTS = re.compile(
    r"""(?:itemtype|typeof)\s*=\s*["']?[^"'>]*(?:Event|Festival|Hackathon|CourseInstance)\b"""
    r"""|class\s*=\s*["'][^"'>]*\b(?:vevent|h-event)\b""",
    re.IGNORECASE,
)
LOOKED_AT = 2 * 2**20  # characters of a page
MOST = 500  # events of a page
DEEP = 200  # elements within elements
_TEXT = 20_000  # characters of one value

Node = dict[str, Any]

_FORMAT = {
    "summary": "name", "p-name": "name", "dtstart": "startDate", "dt-start": "startDate", "dtend": "endDate",
    "dt-end": "endDate", "location": "location", "p-location": "location", "description": "description",
    "p-summary": "description", "e-content": "description", "url": "url", "u-url": "url", "status": "eventStatus",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Names:
    """The attributes that one way of writing uses: what begins a thing, its type, a property of it."""

    scope: str
    kind: str
    name: str


_WAYS = (_Names("itemscope", "itemtype", "itemprop"), _Names("typeof", "typeof", "property"))


def read_markup(text: str) -> Iterator[Node]:
    """The events of the page, in its order, each once."""
    if not HAS_EVENTS.search(text):
        return
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(text[:LOOKED_AT].encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is not None:
        yield from islice(_events(root), MOST)


def _events(root: etree._Element) -> Iterator[Node]:
    for element in root.iter(etree.Element):
        for way in _WAYS:
            if _is_event(element.get(way.kind, "")) and element.get(way.scope) is not None:
                yield _thing(element, way, 0)
                break
        else:
            if {"vevent", "h-event"}.intersection((element.get("class") or "").split()):
                yield _format(element)


def _is_event(kinds: str) -> bool:
    return any(re.search(r"(?:Event|Festival|Hackathon|CourseInstance)$", kind) for kind in kinds.split())


def _thing(element: etree._Element, way: _Names, depth: int) -> Node:
    """The thing that begins there with its properties; things within it are values."""
    node: Node = {"@type": (element.get(way.kind) or "").split()}
    if said := element.get("itemid") or element.get("resource"):
        node["@id"] = said
    if depth > DEEP:
        return node
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if not isinstance(child.tag, str):
            continue
        begins = child.get(way.scope) is not None
        names = (child.get(way.name) or "").split()
        if names:
            value: Any = _thing(child, way, depth + 1) if begins else _value(child)
            for name in names:
                _add(node, re.split(r"[/#:]", name)[-1], value)
        if not begins:
            waiting += reversed(child)
    return node


def _add(node: Node, name: str, value: Any) -> None:
    if value in ("", None):
        return
    known = node.get(name)
    node[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]


def _value(element: etree._Element) -> str:
    """What a property says: its attribute for programs, an address, or its text."""
    for name in ("content", "datetime"):
        if said := element.get(name):
            return said.strip()
    tag = str(element.tag).lower()
    if tag in ("a", "area", "link"):
        return (element.get("href") or "").strip()
    if tag in ("img", "audio", "video", "iframe", "source", "embed"):
        return (element.get("src") or "").strip()
    if tag in ("data", "meter") and (said := element.get("value")):
        return said.strip()
    return " ".join("".join(map(str, element.itertext()))[:_TEXT].split())


def _format(element: etree._Element) -> Node:
    """An h-event or hCalendar event."""
    node: Node = {"@type": "Event"}
    for child in element.iter(etree.Element):
        if child is element:
            continue
        for name in (child.get("class") or "").split():
            key = _FORMAT.get(name)
            if key and key not in node and (said := _said(child, key)):
                node[key] = said
    return node


def _said(element: etree._Element, key: str) -> str:
    if key in ("startDate", "endDate"):
        # The value of a date may stand in its title, as hCalendar had it.
        inner = element.find(".//*[@title]")
        return (element.get("datetime") or element.get("title") or (inner.get("title") if inner is not None else "")
                or _value(element))  # fmt: skip
    if key == "url":
        return element.get("href") or ""
    return " ".join("".join(map(str, element.itertext()))[:_TEXT].split())


def has_events(text: str) -> bool:
    """Whether the page describes any in its markup."""
    return bool(HAS_EVENTS.search(text))
