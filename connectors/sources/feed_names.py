"""The namespaces of feeds, and the short names that feedparser gives to their elements: `dc_date`, `pubdate`."""

from __future__ import annotations

import re

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ATOM = "http://www.w3.org/2005/Atom"
_PREFIXES = {
    "": "",
    ATOM.lower(): "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://wellformedweb.org/commentapi/": "wfw",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://podlove.org/simple-chapters": "psc",
    "http://web.resource.org/cc/": "cc",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    RDF.lower(): "rdf",
}
_KNOWN = frozenset(_PREFIXES.values())
_DECLARATION = re.compile(r"""xmlns:([^\s=<>"']+)\s*=\s*["']([^"'<>]*)""")


def speaks_plainly(text: str) -> bool:
    """True when each prefix has one meaning in the whole document, and a usual one its usual meaning."""
    declared = set(_DECLARATION.findall(text))
    return len({prefix.lower() for prefix, _ in declared}) == len(declared) and all(
        _PREFIXES.get(uri.lower()) == prefix.lower() for prefix, uri in declared if prefix.lower() in _KNOWN
    )


def name_of(tag: str, prefix: str | None) -> str:
    """The short name of an element, in small letters; "" when it has a namespace of its own and no prefix, so that its
    name says nothing."""
    uri, _, local = tag.rpartition("}")
    known = _PREFIXES.get(uri[1:].lower())
    if known is None:
        return f"{prefix}_{local}".lower() if prefix else ""
    return f"{known}_{local}".lower() if known else local.lower()
