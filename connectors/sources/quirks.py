"""What content systems put around a text: page-builder marks, « est apparu en premier sur », sections as links."""

from __future__ import annotations

import re

from connectors.sources.clean import clean_summary, clean_text

LABEL = 120  # characters of a category
LABELS = 20  # categories of one entry

# SPIP ends a text with its section as a link, behind a lone dash.
_SECTION = re.compile(
    r"""(?:[-/|,]\s*)?<a\b[^<>]*\brel=["'](?:directory|tag)["'][^<>]*>(?P<label>[^<]{0,300})</a>""", re.IGNORECASE
)
# Page builders of WordPress leave their marks: [et_pb_section …], [/vc_column], [caption …].
_SHORTCODE = re.compile(
    r"\[/?(?:[a-z]{2,20}(?:_[a-z0-9]+)+|caption|gallery|embed|playlist|audio|video|contact-form-7)(?:\s[^\[\]]{0,2000})?/?\]"
)
_CUT = re.compile(r"\s*\[(?:…|\.\.\.)\]")
# No end may stand before the verb, or a whole paragraph would go.
_BOILERPLATE = re.compile(
    r"(?:^|(?<=[.!?…»\n]))[ \u00a0]*(?:L[’']article|Cet article|Le billet|The post|The article)\b[^\n]{0,900}?"
    r"(?:est apparu en premier sur|(?:first appeared|appeared first) on)\b[^\n]*\Z"
)


def read_summary(markup: str) -> tuple[str, tuple[str, ...]]:
    """The plain text of a description, and the sections it named as links."""
    # To look for a word is quicker than to search.
    sections: tuple[str, ...] = ()
    if "rel=" in markup.lower():
        sections = tuple(found["label"] for found in _SECTION.finditer(markup))
        markup = _SECTION.sub(" ", markup)
    text = clean_summary(_SHORTCODE.sub(" ", markup) if "[" in markup else markup)
    shorter = _BOILERPLATE.sub("", text) if "appeared" in text or "apparu" in text else text
    shorter = (_CUT.sub("…", shorter) if "[" in shorter else shorter).removesuffix("\n-")
    # Cleaning what is clean changes nothing, and takes a while.
    return text if shorter == text else clean_summary(shorter), sections


def read_labels(*labels: object) -> tuple[str, ...]:
    """The categories as plain text, each once, in their order."""
    cleaned = (clean_text(label, LABEL) for label in labels if isinstance(label, str))
    return tuple(dict.fromkeys(label for label in cleaned if label))[:LABELS]


def read_language(tag: object) -> str:
    """`fr`, `fr-ca`; "" when it is no language."""
    if not isinstance(tag, str) or not tag:
        return ""
    tag = tag.strip().replace("_", "-").lower()
    return tag if re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,2}", tag) else ""
