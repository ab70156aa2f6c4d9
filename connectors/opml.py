"""Lists of sources as other feed readers write and read them (OPML 2.0). Pure: bytes to values, values to bytes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from lxml import etree

from club.news import Source, SourceKind, SourceTrouble
from connectors.sources.clean import clean_text
from connectors.sources.decode import decode, mend_xml
from connectors.sources.trim import strip_junk

LONGEST = 200  # characters of a name, as in the configuration
MOST = 5_000  # sources in one list
LARGEST = 10 * 2**20  # bytes
DEEPEST = 120  # folders in folders

NAMESPACE = "urn:club-ecoquartier:hub"
PAGE = f"{{{NAMESPACE}}}page"  # where a hub found the feed: it follows the page

_ROOT = re.compile(r"<\?xml\b|<opml\b", re.IGNORECASE)
_TAG = re.compile(r"""</outline\s*>|<outline\b((?:[^<>"']|"[^"]*"|'[^']*')*?)(/?)>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REGION = re.compile(r"/region/(\d{2})")
_KINDS = {kind.value: kind for kind in SourceKind if kind not in (SourceKind.AUTO, SourceKind.FEED)}


@dataclass(frozen=True, slots=True)
class Outline:
    """One source of a list, its address as written; `partner` is the folder it lies in, `region` an INSEE code."""

    name: str
    url: str
    partner: str = ""
    kind: SourceKind = SourceKind.AUTO
    region: str = ""


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """The sources of the list, in its order; SourceTrouble `trouble-opml…` when it is none or not worth reading."""
    if len(body) > LARGEST:
        raise SourceTrouble("trouble-opml-big", megabytes=LARGEST // 2**20)
    root = _parse(body)
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise SourceTrouble("trouble-opml")
    found = []
    for outline in _outlines(root):
        found.append(outline)
        if len(found) > MOST:
            raise SourceTrouble("trouble-many", limit=MOST)
    if not found:
        raise SourceTrouble("trouble-opml-empty")
    return tuple(found)


def _parse(body: bytes) -> etree._Element | None:
    # What the bytes are is found out first, as for a partner's document: a wrong declaration loses no accent.
    text = decode(body)
    if "<!ENTITY" in text:  # a list needs none; whoever declares one wants to read a file or fill the memory
        raise SourceTrouble("trouble-opml-entity")
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, remove_pis=True)
    # A recovering parser would drop what it does not understand, and so read another address.
    for mended in (mend_xml(strip_junk(text, _ROOT, ("</opml>",))), _rewrite(text)):
        try:
            return etree.fromstring(mended.encode("utf-8", "replace"), parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
    return None


def _rewrite(text: str) -> str:
    """The list with its outlines alone, each attribute as it was written, when the document is ill-formed."""
    if not re.search(r"<opml\b", text, re.IGNORECASE):
        return ""
    lines, depth = ["<opml><body>"], 0
    for tag in _TAG.finditer(text):
        if tag[0].startswith("</"):
            lines += ["</outline>"] * (depth > 0)
            depth -= depth > 0
            continue
        said = {found[1].lower(): found[2] or found[3] or "" for found in _ATTRIBUTE.finditer(tag[1])}
        known = (name for name in ("text", "title", "type", "xmlurl", "category") if name in said)
        closed = tag[2] == "/"
        written = " ".join(f"{name}={quoteattr(_read_entities(said[name]))}" for name in known)
        lines.append(f"<outline {written}{'/' if closed else ''}>")
        depth += not closed
    return _NOT_XML.sub("", "".join((*lines, "</outline>" * depth, "</body></opml>")))


def _read_entities(written: str) -> str:
    """The value with its entities read; « &copy=2 » is none, it wants a semicolon."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), written)


def _outlines(root: etree._Element) -> Iterator[Outline]:
    """Every outline that names a feed; a plain walk, since folders may lie deeper than Python's own stack."""
    waiting: list[tuple[etree._Element, str, int]] = [(root, "", 0)]
    while waiting:
        element, folder, depth = waiting.pop()
        if depth > DEEPEST:
            raise SourceTrouble("trouble-deep", limit=DEEPEST)
        if not isinstance(element.tag, str):
            continue
        if element.tag.lower() == "outline":
            said = {str(name).lower(): str(value) for name, value in element.items()}
            name = clean_text(said.get("text") or said.get("title") or "", LONGEST)
            if url := (said.get(PAGE, "") or said.get("xmlurl", "")).strip():
                yield _outline(name, url, folder, said)
            folder = name if not url and name else folder
        waiting += [(child, folder, depth + 1) for child in reversed(element)]


def _outline(name: str, url: str, folder: str, said: dict[str, str]) -> Outline:
    region = _REGION.search(said.get("category", ""))
    return Outline(
        name=name or _host(url),
        url=url,
        partner=folder,
        kind=_KINDS.get(said.get("type", "").lower(), SourceKind.AUTO),
        region=region[1] if region else "",
    )


def _host(url: str) -> str:
    try:
        return clean_text(urlsplit(url).hostname or url, LONGEST)
    except ValueError:
        return clean_text(url, LONGEST)


def write_opml(sources: Iterable[Source], title: str, feeds: Mapping[str, str] | None = None) -> bytes:
    """The sources as a list, those of a partner in a folder of its name. Trust does not travel: it is granted here.

    `feeds`: the feed that was found at the address of a page; other readers are given it, another hub the page.
    """
    root = etree.Element("opml", nsmap={"hub": NAMESPACE}, version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders = {"": body}
    for source in sources:
        partner = clean_text(source.partner, LONGEST)
        if partner not in folders:
            folders[partner] = etree.SubElement(body, "outline", text=partner)
        name = clean_text(source.name, LONGEST)
        kind = source.kind.value if source.kind.value in _KINDS else "rss"
        feed = (feeds or {}).get(source.url, source.url)
        outline = etree.SubElement(folders[partner], "outline", type=kind, text=name, title=name, xmlUrl=feed)
        if feed != source.url:
            outline.set(PAGE, source.url)
        if source.region:
            outline.set("category", f"/region/{source.region}")
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
