"""What one element of a feed says, when it says it plainly."""

from __future__ import annotations

from lxml import etree

from connectors.sources.feed_names import RDF

ABOUT = f"{{{RDF}}}about".lower()
_XML = "{http://www.w3.org/xml/1998/namespace}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPES = ("text", "plain", "html", "text/plain", "text/html")
# Blanks as feedparser takes them off, while two of them are elsewhere (lenient.py).
_BLANKS = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace() and sign not in "\x85\xa0")


class Unsure(Exception):  # noqa: N818 — says that feedparser has to read the document
    """This document takes another reader."""


def leaf(element: etree._Element) -> str:
    """The text of an element that must hold no other."""
    if len(element):
        raise Unsure
    return (element.text or "").strip(_BLANKS)


def content(element: etree._Element) -> str:
    """The text of what may hold markup, when it is none that XML reads and no coding of bytes."""
    values = values_of(element, but=("mode",))
    if values.get("type", "text") not in _TYPES:
        raise Unsure
    return leaf(element)


def values_of(element: etree._Element, but: tuple[str, ...] = ()) -> dict[str, str]:
    """The attributes, by their names in small letters, without language and blanks; those named in `but` are not ours
    to read."""
    values: dict[str, str] = {}
    for key, value in element.items():
        name = str(key).lower()
        if name.startswith(_XML):
            continue
        if name.startswith("{") and name != ABOUT:
            raise Unsure
        values[name] = str(value).lower() if name in ("rel", "type") else str(value)
    if not values.keys().isdisjoint(but):
        raise Unsure
    return values


def language_of(element: etree._Element) -> str:
    """The language in which the element stands."""
    for one in (element, *element.iterancestors()):
        said = one.get(_LANGUAGE, one.get("lang"))
        if said is not None:
            return str(said).replace("_", "-")
    return ""
