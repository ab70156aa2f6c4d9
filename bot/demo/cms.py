"""How each partner's site writes its feed or calendar: the shape of its CMS, quirks included, and its pages.

The shapes are those of partners' own sites; what people read in them stands in `templates/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import escape

from bot.demo.press import Article, Outlet, PressTexts

TEMPLATES = Path(__file__).parent / "templates"
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FOLD = 75  # octets a line, RFC 5545 §3.1


@dataclass(frozen=True, slots=True)
class Shape:
    """How a kind of site answers. `page` is the address of one entry; `steady` = the same bytes while nothing is
    new, so ETag and Last-Modified make sense; `whole` = the document is not cut on its way."""

    template: str
    content_type: str
    page: str
    encoding: str = "utf-8"
    tracking: str = ""
    steady: bool = True
    whole: bool = True


_RSS = "application/rss+xml; charset=utf-8"
_DRUPAL_PAGE = "actualites/{slug}"
_CALENDAR = "text/calendar; charset=utf-8"

SHAPES = {
    "drupal": Shape("drupal.xml", _RSS, _DRUPAL_PAGE),
    "drupal-tracked": Shape(
        "drupal.xml",
        _RSS,
        _DRUPAL_PAGE,
        tracking="?pk_campaign=Flux%20RSS&pk_kwd={day}&pk_source=Localtis&pk_medium=RSS",
    ),
    # SPIP writes every accent as a numeric entity.
    "spip": Shape("spip.xml", "text/xml; charset=utf-8", "{slug}-a{number}.html", encoding="ascii"),
    "spip-old": Shape("spip.xml", "text/xml; charset=utf-8", "{slug}-a{number}.html", encoding="ascii"),
    "wordpress": Shape("wordpress.xml", _RSS, "{slug}/", tracking="?utm_source=rss&utm_medium=rss"),
    "wagtail": Shape("wagtail.xml", "application/atom+xml; charset=utf-8", "actualites/{slug}/"),
    "rdf": Shape("club.rdf.xml", "application/rdf+xml; charset=utf-8", "actualite/{slug}"),
    "legacy": Shape(
        "legacy.xml", "text/xml; charset=ISO-8859-1", "article.asp?param={number}", encoding="iso-8859-1", steady=False
    ),
    "jsonfeed": Shape("", "application/feed+json; charset=utf-8", "actualites/{slug}"),
    "tec": Shape("tec.ics", _CALENDAR, "evenement/{slug}/"),
    "spip-ics": Shape("spip.ics", _CALENDAR, "{slug}-e{number}.html"),
    # DTSTAMP is the time of the request: no two answers are equal.
    "wagtail-ics": Shape("wagtail.ics", _CALENDAR, "agenda/{slug}/", steady=False),
    "truncated": Shape("wordpress.xml", _RSS, "{slug}/", whole=False),
    "broken": Shape("broken.html", "text/html; charset=utf-8", "{slug}", steady=False),
}


def page_path(outlet: Outlet, entry: Article) -> str:
    """The entry's page below the outlet's own address."""
    return SHAPES[outlet.shape].page.format(slug=entry.slug, number=entry.number)


class Printer:
    """Writes an outlet's document and the site's pages; `origin` is the site's address, without a final slash."""

    def __init__(self, texts: PressTexts, origin: str) -> None:
        self.origin = origin
        self.texts = texts
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(["xml", "html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals |= {"texts": texts, "origin": origin}
        self._templates.filters |= {
            "rfc822": _rfc822,
            "iso": _iso,
            "without_zone": _without_zone,
            "twice": _twice,
            "unbroken": _unbroken,
            "value": _value,
            "stamp": _stamp,
            "floating": _floating,
            "day_after": _day_after,
            "monthly": _monthly,
            "page": self._page,
            "link": self._link,
            "when": self._when,
        }

    def document(self, outlet: Outlet, entries: Sequence[Article], now: datetime) -> bytes:
        """The feed or calendar as its site sends it."""
        shape = SHAPES[outlet.shape]
        if outlet.shape == "jsonfeed":
            return json.dumps(self._json(outlet, entries), ensure_ascii=False, indent=1).encode()
        text = self._templates.get_template(shape.template).render(outlet=outlet, entries=entries, now=now)
        if shape.template.endswith(".ics"):
            return _folded(text)
        body = text.encode(shape.encoding, "xmlcharrefreplace")
        return body if shape.whole else body[: body.rindex(b"</description>")]

    def page(self, name: str, **values: object) -> str:
        """One of the site's own pages, as HTML."""
        return self._templates.get_template(name).render(**values)

    def _page(self, entry: Article, outlet: Outlet) -> str:
        return f"{self.origin}/{outlet.code}/{page_path(outlet, entry)}"

    def _link(self, entry: Article, outlet: Outlet) -> str:
        return self._page(entry, outlet) + SHAPES[outlet.shape].tracking.format(day=entry.published.date())

    def _when(self, entry: Article) -> str:
        """Day, and hour when there is one, of an event or of an article's publication."""
        first = entry.start or entry.published
        last = entry.end or first
        days = self.texts.days(_day(first), _day(last))
        return f"{days}, {self.texts.clock(first)}" if isinstance(first, datetime) else days

    def _json(self, outlet: Outlet, entries: Iterable[Article]) -> dict[str, Any]:
        home = f"{self.origin}/{outlet.code}/"
        return {
            "version": "https://jsonfeed.org/version/1.1",
            "title": outlet.title,
            "description": self.texts.notice,
            "home_page_url": home,
            "feed_url": f"{home}{outlet.path}",
            "language": "fr-FR",
            "items": [
                {
                    "id": f"https://{outlet.host}/node/{entry.number}",
                    "url": self._link(entry, outlet),
                    "title": entry.title,
                    "summary": entry.text,
                    "content_html": f"<p>{escape(entry.text)}</p>",
                    "date_published": entry.published.isoformat(),
                    "tags": list(entry.tags),
                }
                for entry in entries
            ],
        }


def _day(at: datetime | date) -> date:
    return at.date() if isinstance(at, datetime) else at


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC))


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _without_zone(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _twice(title: str) -> str:
    """Escaped by a plug-in before the feed escapes it again."""
    return str(escape(title)).replace("&#39;", "&rsquo;")


def _unbroken(text: str) -> str:
    """With the no-break spaces that SPIP sets around French punctuation."""
    for mark in ":;?!»":
        text = text.replace(f" {mark}", f"\u00a0{mark}")
    return text.replace("« ", "«\u00a0")


def _value(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _floating(at: datetime | date) -> str:
    return at.strftime("%Y%m%dT%H%M%S" if isinstance(at, datetime) else "%Y%m%d")


def _day_after(day: date) -> date:
    return day + timedelta(days=1)


def _monthly(at: datetime | date) -> str:
    nth = (at.day - 1) // 7 + 1
    return f"FREQ=MONTHLY;BYDAY={-1 if nth > 4 else nth}{_WEEKDAYS[at.weekday()]};COUNT=6"


def _folded(text: str) -> bytes:
    """Lines ended and folded as calendars want them, without cutting a character."""
    return b"".join(part + b"\r\n" for line in text.splitlines() if line for part in _parts(line))


def _parts(line: str) -> Iterable[bytes]:
    part = b""
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > _FOLD:
            yield part
            part = b" "
        part += octets
    yield part
