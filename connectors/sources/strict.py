"""Feeds as lxml reads them: those written as the standards say. Everything else is given way to feedparser, whose
answer would be the same: which elements count, and which of two, is decided here as it decides it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from lxml import etree

from connectors.sources.element import ABOUT, Unsure, content, language_of, leaf, values_of
from connectors.sources.entry import Feed, ReadEntry
from connectors.sources.feed_names import ATOM, RDF, name_of, speaks_plainly
from connectors.sources.scan import ATTRIBUTES, ITEMS, TITLE

Meaning = Callable[[Any, etree._Element, int], None]

_PARSER = etree.XMLParser(
    encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)
_MARKS = 100_000  # « < » of a document: they are counted before the tree is made that they would make
_DEPTH = 8  # below an entry
_CROWDED = etree.XPath(f"boolean(//*[@*[{ATTRIBUTES + 1}]])")
_BASE = re.compile(r"base\s*=")
_SAYS_LANGUAGE = re.compile(r"lang\s*=")
_PAGES = ("html", "xhtml", "text/html", "application/xhtml+xml")
# Texts that are not ours, and what only other formats have.
_SILENT = ("rights", "copyright", "subtitle", "tagline", "info", "dc_rights", "itunes_subtitle")
_STRANGE = ("abstract", "body", "xhtml_body", "fullitem", "feed", "rss", "links", "guidislink", "svg", "math")
# What may stand in the picture of a feed, in its search field, in what an entry was taken from.
_OF_PICTURES = ("title", "link", "description", "url", "width", "height")
_OF_FIELDS = ("title", "link", "description", "name")
_OF_SOURCES = ("id", "title", "link", "updated", "published", "subtitle", "category", "rights", "generator", "icon")
_ENTITY = re.compile("&[A-Za-z0-9_]+;")


def read_strictly(text: str) -> Feed | None:
    """The feed; None when it takes another reader to be sure of it."""
    if _is_heavy(text) or _is_odd(text) or not speaks_plainly(text):
        return None
    try:
        root = etree.fromstring(text.lstrip().encode("utf-8", "surrogatepass"), _PARSER)
        if text.count("=") > ATTRIBUTES and _CROWDED(root):
            return None
        return _read(root, says_language=bool(_SAYS_LANGUAGE.search(text)))
    except (etree.XMLSyntaxError, Unsure):
        return None


def _is_heavy(text: str) -> bool:
    return text.count("<") > _MARKS or text.count("<item") > ITEMS or text.count("<entry") > ITEMS


def _is_odd(text: str) -> bool:
    """True with a DTD, a link whose host stands too far behind, a base for links."""
    return "<!DOCTYPE" in text or ":///" in text or _BASE.search(text) is not None


def _read(root: etree._Element, *, says_language: bool) -> Feed:
    head = _Head(says_language)
    if root.tag == f"{{{RDF}}}RDF":
        head.read_rdf(root)
    elif root.tag == f"{{{ATOM}}}feed":
        head.read(root)
    elif root.tag == "rss" and [channel.tag for channel in root] == ["channel"]:
        values_of(root[0], but=("lastmod", "href"))
        head.read(root[0])
    else:
        raise Unsure
    if not head.entries:
        raise Unsure
    language = "" if root.tag.endswith("RDF") or not says_language else language_of(root)
    return Feed(
        title=head.title or "",
        link=head.link or "",
        language=head.said.get("language", language),
        ttl=head.said.get("ttl", ""),
        period=head.said.get("sy_updateperiod", ""),
        frequency=head.said.get("sy_updatefrequency", ""),
        entries=tuple(head.entries),
    )


class _Part:
    """A feed or an entry, while its elements are read one after the other. `meanings` are by short name; what has none
    is passed through, for what it holds."""

    meanings: ClassVar[Mapping[str, Meaning]] = {}
    deepest: ClassVar[int] = 0

    def __init__(self, says_language: bool, known: dict[str, Meaning | None]) -> None:
        self.says_language = says_language
        self.title: str | None = None
        self.link: str | None = None
        self.pages: list[str] = []
        self.guid_is_link: bool | None = None
        self.said: dict[str, str] = {}
        self._known = known  # meanings by tag, of one document

    def read(self, parent: etree._Element, depth: int = 0) -> None:
        """Everything inside `parent`; `depth` is 0 for what stands directly in the feed or the entry."""
        if depth > _DEPTH:  # the look before feedparser says what is too deep
            raise Unsure
        for element in parent:
            tag = element.tag
            meaning = self._known[tag] if tag in self._known else self._learn(element)
            if meaning is None:
                if len(element):
                    self.read(element, depth + 1)
            elif depth > self.deepest:
                raise Unsure
            else:
                meaning(self, element, depth)

    def _learn(self, element: etree._Element) -> Meaning | None:
        tag = str(element.tag)
        name = name_of(tag, element.prefix)
        if not name and tag.rpartition("}")[2].lower() in self.meanings:
            raise Unsure
        self._known[tag] = self.meanings.get(name)
        return self._known[tag]

    def keep(self, name: str, value: str, _: int) -> None:
        self.said[name] = value

    def take_link(self, element: etree._Element, _: int) -> None:
        values = values_of(element)
        text = leaf(element)
        rel, kind = values.get("rel", "alternate"), values.get("type", "text/html")
        href = values.get("url", values.get("uri", values.get("href"))) or values.get("href")
        if href is None:
            if _ENTITY.search(text):
                raise Unsure
            self.link = href = text
        elif rel == "alternate" and kind in _PAGES:
            self.link = href
        if rel == "alternate":
            self.pages.append(href)

    def take_id(self, element: etree._Element, depth: int) -> None:
        value = leaf(element)
        is_link = values_of(element).get("ispermalink", "true") == "true"
        self.keep("id", value, depth)
        if self.guid_is_link is None:
            self.guid_is_link = is_link and self.link is None
        if is_link and self.link is None:
            self.link = value

    def close(self, element: etree._Element, _: int) -> None:
        """An element that says nothing to us, and must not hold what does."""
        for inner in element.iterdescendants():
            if self._learn(inner) is not None:
                raise Unsure


def _keep(name: str) -> Meaning:
    def keep(part: _Part, element: etree._Element, depth: int) -> None:
        part.keep(name, leaf(element), depth)

    return keep


def _stop(_: _Part, __: etree._Element, ___: int) -> None:
    raise Unsure


class _Body(_Part):
    """An entry. Of two elements that say the same, the last counts that is not deeper than the one before."""

    deepest = _DEPTH

    def __init__(self, says_language: bool, known: dict[str, Meaning | None]) -> None:
        super().__init__(says_language, known)
        self._depths: dict[str, int] = {}
        self._title_depth = -1  # of the first title that is not empty: no later one counts, unless it stands higher
        self._apart = False  # something had a title of its own, and feedparser forgot that depth
        self._title_language = ""
        self._contents: list[str] = []
        self._labels: dict[tuple[str, str, str], None] = {}

    def entry(self) -> ReadEntry:
        """What was read."""
        said = self.said
        return ReadEntry(
            id=said.get("id", ""),
            title=self.title or "",
            link=self.link,
            pages=tuple(self.pages),
            guid_is_link=bool(self.guid_is_link),
            texts=(said.get("summary", ""), *self._contents),
            dates=(said.get("published", ""), said.get("updated", ""), said.get("created", "")),
            labels=tuple(dict.fromkeys(label or term for term, _, label in self._labels)),
            languages=(said.get("language", ""), self._title_language),
        )

    def keep(self, name: str, value: str, depth: int) -> None:
        if depth <= self._depths.get(name, depth):
            self._depths[name] = depth
            self.said[name] = value

    def take_title(self, element: etree._Element, depth: int) -> None:
        if self._title(element, depth):
            self._title_depth = depth

    def take_media_title(self, element: etree._Element, depth: int) -> None:
        self._title(element, depth)

    def _title(self, element: etree._Element, depth: int) -> str:
        if self._apart and (depth or self.title is not None):
            raise Unsure
        value = content(element)
        if len(value) > TITLE:
            raise Unsure
        if -1 < self._title_depth <= depth:
            return value
        if depth <= self._depths.get("title", depth):
            self._depths["title"] = depth
            self.title = value
        if self.says_language:
            self._title_language = language_of(element)
        return value

    def take_text(self, element: etree._Element, depth: int) -> None:
        if "summary" in self.said and not self._contents:
            self.take_content(element, depth)
        else:
            self.keep("summary", content(element), depth)

    def take_content(self, element: etree._Element, _: int) -> None:
        value = content(element)
        self._contents.append(value)
        self.said.setdefault("summary", value)

    def take_label(self, element: etree._Element, _: int, scheme: str = "") -> None:
        values, value = values_of(element), leaf(element)
        scheme = values.get("scheme", scheme or values.get("domain", ""))
        label = (values.get("term", ""), scheme, values.get("label", ""))
        if any(label):
            self._labels.setdefault(label)
        if not value:
            return
        last = next(reversed(self._labels), None)
        if last is not None and not last[0]:
            del self._labels[last]
            self._labels.setdefault((value, *last[1:]))
        else:
            self._labels.setdefault((value, "", ""))

    def take_media_label(self, element: etree._Element, depth: int) -> None:
        self.take_label(element, depth, "media")

    def pass_source(self, element: etree._Element, _: int) -> None:
        """What the entry was taken from; it has a title and a link of its own."""
        self._apart = True
        for inner in element:
            if len(inner) or name_of(str(inner.tag), inner.prefix) not in _OF_SOURCES:
                raise Unsure

    def pass_image(self, element: etree._Element, _: int) -> None:
        self._apart = True
        leaf(element)

    meanings: ClassVar[Mapping[str, Meaning]] = {
        **dict.fromkeys(("title", "dc_title"), take_title),
        "media_title": take_media_title,
        "link": _Part.take_link,
        **dict.fromkeys(("id", "guid"), _Part.take_id),
        **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), _keep("published")),
        **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), _keep("updated")),
        **dict.fromkeys(("created", "dcterms_created"), _keep("created")),
        **dict.fromkeys(("language", "dc_language"), _keep("language")),
        **dict.fromkeys(("description", "dc_description", "media_description", "summary", "itunes_summary"), take_text),
        **dict.fromkeys(("content", "content_encoded"), take_content),
        **dict.fromkeys(("category", "keywords", "dc_subject"), take_label),
        "media_category": take_media_label,
        "source": pass_source,
        "image": pass_image,
        **dict.fromkeys(_SILENT, _Part.close),
        **dict.fromkeys((*_STRANGE, "item", "entry", "channel", "textinput", "tags", "date"), _stop),
        **dict.fromkeys(("title_detail", "itunes_category", "itunes_keywords", "media_keywords"), _stop),
    }


class _Head(_Part):
    """The feed itself."""

    def __init__(self, says_language: bool) -> None:
        super().__init__(says_language, {})
        self.entries: list[ReadEntry] = []
        self._in_entries: dict[str, Meaning | None] = {}

    def read_rdf(self, root: etree._Element) -> None:
        """RSS 1.0: the entries stand beside the channel, behind it."""
        for number, element in enumerate(root):
            name = name_of(str(element.tag), element.prefix)
            if (name == "channel") != (number == 0):
                raise Unsure
            if name == "channel":
                values_of(element, but=("lastmod", "href"))
                self.read(element)
            elif name == "item":
                self.take_entry(element, 0)
            elif name in ("image", "textinput"):
                self.pass_picture(element, 0)
            else:
                raise Unsure

    def take_entry(self, element: etree._Element, _: int) -> None:
        if len(self.entries) == ITEMS:
            raise Unsure
        values = values_of(element, but=("lastmod", "href"))
        body = _Body(self.says_language, self._in_entries)
        if about := values.get(ABOUT):
            body.said["id"] = about
        body.read(element)
        self.entries.append(body.entry())

    def take_title(self, element: etree._Element, _: int) -> None:
        if self.title is not None:
            raise Unsure
        self.title = content(element)
        if len(self.title) > TITLE:
            raise Unsure

    def take_setting(self, element: etree._Element, depth: int) -> None:
        value = leaf(element)
        self.keep(name_of(str(element.tag), element.prefix), "" if element.attrib else value, depth)

    def pass_picture(self, element: etree._Element, _: int) -> None:
        """The feed's picture or its search field; both have a title and a link of their own."""
        allowed = _OF_FIELDS if str(element.tag).lower().endswith("textinput") else _OF_PICTURES
        for inner in element:
            if len(inner) or name_of(str(inner.tag), inner.prefix) not in allowed:
                raise Unsure

    meanings: ClassVar[Mapping[str, Meaning]] = {
        **dict.fromkeys(("item", "entry"), take_entry),
        "title": take_title,
        "link": _Part.take_link,
        **dict.fromkeys(("id", "guid"), _Part.take_id),
        **dict.fromkeys(("language", "dc_language"), _keep("language")),
        **dict.fromkeys(("ttl", "sy_updateperiod", "sy_updatefrequency"), take_setting),
        **dict.fromkeys(("image", "textinput"), pass_picture),
        **dict.fromkeys((*_SILENT, "description", "dc_description"), _Part.close),
        **dict.fromkeys((*_STRANGE, "channel", "source", "summary", "itunes_summary"), _stop),
        **dict.fromkeys(("content", "content_encoded", "dc_title", "media_title", "media_description"), _stop),
    }
