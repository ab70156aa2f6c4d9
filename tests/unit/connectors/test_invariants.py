"""What must hold for every document, however it was made (promises §2): against a second reading, or a rule that needs
no example."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import assume, example, given
from hypothesis import strategies as st

from club.news import Event, Harvest, Item, Source, SourceTrouble
from connectors.inflate import PIECE, Inflater
from connectors.sources.agenda import AFTER, BEFORE, OCCURRENCES
from connectors.sources.clean import SUMMARY, TITLE, clean_text
from connectors.sources.dates import AHEAD, EARLIEST
from connectors.sources.document import Document
from connectors.sources.identity import KEPT, identify
from connectors.sources.links import LINK, normalise_link
from connectors.sources.page import look
from connectors.sources.parsers import parse
from tests.hostile.case import FORBIDDEN

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
URL = "https://www.exemple.fr/flux"
PAGES = Path(__file__).parents[2] / "pages"
FEEDS = sorted(path for path in (PAGES / "fr").iterdir() if path.suffix != ".toml")
PARIS = ZoneInfo("Europe/Paris")


def read(body: bytes | str) -> Harvest:
    octets = body.encode() if isinstance(body, str) else body
    return parse(Document(octets, URL, "", NOW), Source("essai", URL))


def is_sound(entry: Item | Event) -> bool:
    """What storage may rely on (promises 14, 16, 17)."""
    texts = (entry.title, entry.summary, entry.link or "", *entry.categories)
    dated = isinstance(entry, Event) or entry.published is None or EARLIEST <= entry.published <= NOW + AHEAD
    return (
        bool(entry.identity)
        and dated
        and len(entry.title) <= TITLE
        and len(entry.summary) <= SUMMARY
        and (entry.link is None or (len(entry.link) <= LINK and entry.link.startswith(("http://", "https://"))))
        and not any(FORBIDDEN.search(text.replace("\n", "")) for text in texts)
    )


@given(st.sampled_from(FEEDS), st.data())
def test_bytes_that_flip_in_a_partner_s_document(path: Path, data: st.DataObject) -> None:
    body = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=8)):
        body[at] = data.draw(st.integers(0, 255))
    try:
        harvest = read(bytes(body))
    except SourceTrouble:
        return
    entries = (*harvest.items, *harvest.events)
    assert len(entries) <= KEPT
    assert all(map(is_sound, entries))
    assert len({entry.identity for entry in entries}) == len(entries)


TITLES = st.text(min_size=1, max_size=40).map(clean_text).filter(bool)
LINKS = st.from_regex(r"https?://[a-z]{1,9}\.fr/[a-zA-Z0-9/_-]{0,20}(\?[a-z]=[a-z0-9&=;]{0,8})?", fullmatch=True)
DATES = st.datetimes(datetime(1991, 1, 1), datetime(2026, 3, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
ITEMS = st.lists(st.builds(Item, TITLES, st.just(""), TITLES, LINKS.map(normalise_link), DATES | st.none(), TITLES))


def atom(items: Iterable[Item]) -> str:
    entries = "".join(
        f"<entry><id>{escape(item.guid)}</id><title>{escape(escape(item.title))}</title>"
        f"<link href={quoteattr(item.link or '')}/>"
        + (f"<published>{item.published.isoformat()}</published>" if item.published else "")
        + f"<summary>{escape(escape(item.summary))}</summary></entry>"
        for item in items
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'


def told(items: Iterable[Item]) -> set[tuple[object, ...]]:
    return {(item.title, item.link, item.published) for item in items}


@given(ITEMS)
def test_what_was_read_is_read_again_from_what_we_write(items: list[Item]) -> None:
    once = read(atom(items)).items
    again = read(atom(once)).items
    assert told(again) == told(once)
    assert {item.link for item in once} <= {item.link for item in items}


TRACKING = st.sampled_from(["utm_source=rss", "pk_campaign=x", "mtm_x=1", "at_medium=RSS", "fbclid=a", "PHPSESSID=9"])


@given(LINKS, TRACKING, TITLES)
def test_tracking_and_the_case_of_the_host_make_no_other_entry(link: str, tracking: str, title: str) -> None:
    def identity(address: str) -> str:
        (only,) = identify([Item("", "", title, normalise_link(address), NOW)])
        return only.identity

    host = link.split("/")[2]
    for other in (link.replace(host, host.upper(), 1), f"{link}{'&' if '?' in link else '?'}{tracking}"):
        assert identity(other) == identity(link)
    assert identity(f"{link}-autre") != identity(link)


@given(st.lists(LINKS.map(normalise_link), min_size=2, max_size=6, unique=True), TITLES)
def test_entries_whose_links_differ_are_never_one(links: list[str | None], title: str) -> None:
    entries = [Item("", "", title, link, NOW) for link in links]
    together = identify(entries)
    assert len({item.identity for item in together}) == len(together) == len(entries)
    assert {replace(item, identity="") for item in together} == set(entries)


# --- Rules of repetition, read a second time by dateutil -------------------------------------------------------------

DAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=3, unique=True)
PARTS = st.one_of(
    st.just(""),
    DAYS.map(lambda days: ";BYDAY=" + ",".join(days)),
    st.integers(1, 28).map(";BYMONTHDAY={}".format),
    st.just(";BYMONTHDAY=-1"),
)
ENDS = st.one_of(
    st.just(""),
    st.integers(1, 60).map(";COUNT={}".format),
    st.dates(datetime(2026, 1, 1).date(), datetime(2028, 1, 1).date()).map(lambda day: f";UNTIL={day:%Y%m%d}T000000Z"),
)
FREQUENCIES = st.tuples(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]), st.integers(1, 5))
RULES = st.builds(lambda f, part, end: f"FREQ={f[0]};INTERVAL={f[1]}{part}{end}", FREQUENCIES, PARTS, ENDS)
# At noon no clock changes: what is tried here is the rule, not the zone.
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1)).map(
    lambda at: at.replace(hour=12, minute=0, second=0, microsecond=0)
)


def occurrences(rule: str, start: datetime, now: datetime = NOW) -> list[datetime]:
    body = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:x\n"
        f"DTSTART;TZID=Europe/Paris:{start:%Y%m%dT%H%M%S}\nRRULE:{rule}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    harvest = parse(Document(body.encode(), URL, "text/calendar", now), Source("essai", URL))
    assert harvest.skipped == 0
    return [event.start for event in harvest.events if isinstance(event.start, datetime)]


def second_reading(rule: str, start: datetime) -> list[datetime]:
    """dateutil's, in Paris; it leaves the start out when the rule does not hold on it, calendars keep it."""
    zoned = start.replace(tzinfo=PARIS)
    found = {zoned, *rrulestr(rule, dtstart=zoned).between(NOW - BEFORE, NOW + AFTER, inc=True)}
    return sorted(moment for moment in found if NOW - BEFORE <= moment <= NOW + AFTER)[:OCCURRENCES]


@given(RULES, STARTS)
@example("FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1", datetime(2026, 1, 31, 12))
def test_a_rule_gives_the_dates_that_dateutil_gives(rule: str, start: datetime) -> None:
    until = rule.partition("UNTIL=")[2][:8]
    assume(not until or f"{start:%Y%m%d}" < until)
    zoned = start.replace(tzinfo=PARIS)
    assume(
        rrulestr(rule, dtstart=zoned).after(zoned, inc=True) == zoned
    )  # a start outside its own rule is counted or not, as one likes (RFC 5545 leaves it open)
    assert occurrences(rule, start) == second_reading(rule, start)


@given(RULES, STARTS, st.integers(0, 200))
def test_a_window_in_two_halves_gives_what_the_whole_gives(rule: str, start: datetime, days: int) -> None:
    later = NOW + timedelta(days=days)
    whole, first, second = occurrences(rule, start), occurrences(rule, start), occurrences(rule, start, later)
    assume(len(whole) < OCCURRENCES and len(second) < OCCURRENCES)
    cut = later - BEFORE
    joined = [at for at in first if at < cut] + [at for at in second if at <= NOW + AFTER]
    assert joined == whole


@given(st.text(alphabet="FREQ=DAILYWKSUBMOTHCN;,0123456789-+:TZ", max_size=60), STARTS)
def test_any_rule_costs_its_own_event_at_most(rule: str, start: datetime) -> None:
    body = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:bon\nDTSTART:20260401T100000Z\nEND:VEVENT\n"
        f"BEGIN:VEVENT\nUID:2\nSUMMARY:x\nDTSTART:{start:%Y%m%dT%H%M%S}\nRRULE:{rule}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    harvest = read(body)
    assert "bon" in [event.title for event in harvest.events]
    assert all(map(is_sound, harvest.events))


# --- Bodies and pages -----------------------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(0, 3))
def test_pieces_are_small_whatever_comes(chunks: list[bytes], layers: int) -> None:
    inflater = Inflater(["gzip"] * layers, 10**6)
    try:
        for chunk in chunks:
            assert all(len(piece) <= PIECE for piece in inflater.push(chunk))
    except SourceTrouble:
        pass


MARKUP = st.sampled_from(
    [
        "<link rel=alternate type=application/rss+xml href=",
        "<a href=",
        "<base href=",
        "'/feed'",
        '"//x/rss.xml"',
        ">",
        "<!--",
        "javascript:x",
        "<script type=application/ld+json>",
        "</script>",
        '{"@type":"Event"',
        "<title>",
        "\0",
        "<html lang=",
    ]
)


@given(st.lists(MARKUP | st.text(max_size=8), max_size=30).map("".join))
def test_any_page_gives_signs_or_a_trouble(text: str) -> None:
    try:
        signs = look(Document(text.encode("utf-8", "surrogatepass"), URL, "text/html", NOW))
    except SourceTrouble:
        return
    assert all(link.url.startswith(("http://", "https://")) for link in signs.links)
    assert len(signs.title) <= TITLE


@given(st.lists(MARKUP | st.text(max_size=8), max_size=30).map("".join))
def test_any_page_gives_events_or_a_trouble(text: str) -> None:
    body = f'<html><script type="application/ld+json">{text}'.encode("utf-8", "surrogatepass")
    try:
        harvest = parse(Document(body, URL, "text/html", NOW), Source("essai", URL))
    except SourceTrouble:
        return
    assert all(map(is_sound, harvest.events))
