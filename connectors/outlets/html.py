"""Public pages: templates with every value escaped, one stylesheet, no script, no cookie."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from club.texts import Texts
from connectors.outlets.sheet import Sheet

FOLDER = Path(__file__).with_name("templates")
TYPE = "text/html; charset=utf-8"
_SOURCES = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'"
POLICY = f"{_SOURCES}; frame-ancestors 'none'"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, texts: Texts, /, here: str = "", **values: Any) -> Sheet:
    """The page of that template with these values; its own words are the texts `web-…`, `here` the part of the menu
    that it belongs to."""
    said = _templates().get_template(template).render(say=partial(_say, texts), here=here, **values)
    return Sheet(said.encode("utf-8", "replace"), TYPE, POLICY)


def _say(texts: Texts, name: str, **values: object) -> str:
    return texts.plain(f"web-{name}", **values)


def asset(name: str, kind: str) -> Sheet:
    """A file that pages need, as it is; other sites may use it too."""
    return Sheet((FOLDER / name).read_bytes(), kind, shared=True)
