"""The demonstration's partner site: what it serves is read back by feedparser, icalendar and lxml over loopback."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import feedparser
import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event
from lxml import etree

from bot.demo.cms import SHAPES
from bot.demo.press import Article, Outlet, PartnerPress, RawArticle, load_outlets, load_texts
from bot.demo.site import SHOWN, PartnerSite, open_site
from club.news import Source, SourceKind
from club.regions import Regions
from club.topics import Topics
from digest.classify import regions_of, topics_of

TUESDAY = datetime(2026, 11, 24, 13, 7, 42, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OUTLETS = load_outlets()
BY_CODE = {outlet.code: outlet for outlet in OUTLETS}
FEEDS = [o.code for o in OUTLETS if o.kind in ("auto", "feed") and o.shape not in ("broken", "truncated")]
CALENDARS = ["etat-agenda", "hqe-agenda", "reunion-agenda"]
STEADY = [o.code for o in OUTLETS if SHAPES[o.shape].steady]

starts = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))


class Clock:
    """Says what it is told."""

    def __init__(self) -> None:
        self.now = TUESDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def site(clock: Clock) -> AsyncIterator[PartnerSite]:
    site = await open_site(clock)
    yield site
    await site.close()


@pytest.fixture
async def web() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def source(site: PartnerSite, code: str) -> Source:
    return next(source for source in site.sources if f"/{code}/" in source.url)


def press(started: datetime = TUESDAY) -> PartnerPress:
    return PartnerPress(OUTLETS, load_texts(), started)


def shown(code: str, now: datetime = TUESDAY) -> list[Article]:
    return list(press().entries(BY_CODE[code], now))[:SHOWN]


async def body(web: ClientSession, url: str, status: int = 200) -> bytes:
    async with web.get(url) as answer:
        assert answer.status == status, url
        return await answer.read()


async def read_feed(web: ClientSession, url: str) -> Any:
    async with web.get(url) as answer:
        assert answer.status == 200
        return feedparser.parse(await answer.read(), response_headers={"content-type": answer.headers["Content-Type"]})


async def read_calendar(web: ClientSession, site: PartnerSite, code: str) -> list[Event]:
    calendar = Calendar.from_ical((await body(web, source(site, code).url)).decode())
    return list(calendar.walk("VEVENT"))


def plain(title: str) -> str:
    """The title a reader sees: entities to a fixed point, spaces and apostrophes of one kind."""
    before = ""
    while title != before:
        before, title = title, html.unescape(title)
    return " ".join(title.replace("’", "'").split())


# What is there


def test_the_village_is_large_and_varied_enough() -> None:
    articles = [draft for outlet in OUTLETS if outlet.kind != "ics" for draft in outlet.base]
    events = [draft for outlet in OUTLETS if outlet.kind == "ics" for draft in outlet.base]
    assert len(articles) >= 70
    assert len(events) >= 16
    assert sum(len(outlet.fresh) for outlet in OUTLETS) >= 40
    assert len({outlet.partner for outlet in OUTLETS}) >= 10
    assert {outlet.region for outlet in OUTLETS} >= {"", "76", "53", "11", "32", "84", "04"}
    assert len({tag for draft in articles for tag in draft.tags}) >= 25


def every_draft() -> Iterable[tuple[Outlet, RawArticle]]:
    return ((outlet, draft) for outlet in OUTLETS for draft in (*outlet.base, *outlet.fresh))


def test_every_text_is_short_and_names_nobody() -> None:
    for outlet in OUTLETS:
        entries = press().entries(outlet, TUESDAY + 200 * MINUTE)
        for entry in entries:
            assert 40 <= len(entry.title) <= 130, entry.title
            assert 1 <= len(re.findall(r"[.?!](?:\s|$)", entry.text)) <= 4, entry.text
            words = f"{entry.title} {entry.text} {entry.place}"
            assert not re.search(r"@|https?:|\b0\d([ .]?\d\d){4}\b|\bM(?:me|\.) ", words), words
            assert not re.search(r"[{}]", words), words
    for _, draft in every_draft():
        assert 40 <= len(draft.title) <= 110, draft.title


def test_several_stories_are_relayed_by_two_to_four_partners_in_other_words() -> None:
    told: dict[str, list[tuple[Outlet, RawArticle]]] = {}
    for outlet, draft in every_draft():
        if draft.story:
            told.setdefault(draft.story, []).append((outlet, draft))
    assert len(told) >= 6
    for tellers in told.values():
        assert 2 <= len({outlet.partner for outlet, _ in tellers}) == len(tellers) <= 4
        assert len({draft.title for _, draft in tellers}) == len(tellers)
    spellings = set(re.findall(r"[ÉEée]co-?[qQ]uartier", " ".join(d.title for t in told.values() for _, d in t)))
    assert spellings == {"ÉcoQuartier", "écoquartier", "Éco-quartier"}


@given(starts)
def test_whatever_the_start_it_is_fresh_and_nothing_is_ahead_of_time(started: datetime) -> None:
    now = press(started)
    for outlet in OUTLETS:
        for entry in now.entries(outlet, started):
            assert started - timedelta(days=11) <= entry.published <= started


@given(starts)
def test_events_are_ahead_on_working_days_and_texts_name_the_same_days(started: datetime) -> None:
    now = press(started)
    for code in CALENDARS:
        for entry in now.entries(BY_CODE[code], started):
            assert entry.start is not None and entry.end is not None
            first, last = day(entry.start), day(entry.end)
            assert timedelta(0) < first - started.date() <= timedelta(days=63)
            assert first <= last and first.weekday() < 5 and last.weekday() < 5
    meeting = next(e for e in now.entries(BY_CODE["etat-agenda"], started) if "Rencontres nationales" in e.title)
    told = next(e for e in now.entries(BY_CODE["club"], started) if "Rencontres nationales" in e.title)
    assert meeting.start is not None and meeting.end is not None
    assert load_texts().days(day(meeting.start), day(meeting.end)) in told.text


def day(at: datetime | date) -> date:
    return at.date() if isinstance(at, datetime) else at


def test_dates_are_written_in_french() -> None:
    texts = load_texts()
    assert texts.day(date(2026, 3, 1)) == "1er mars"
    assert texts.days(date(2026, 12, 21), date(2026, 12, 22)) == "21 et 22 décembre"
    assert texts.days(date(2026, 7, 31), date(2026, 8, 1)) == "31 juillet et 1er août"
    assert texts.days(date(2026, 8, 1), date(2026, 8, 1)) == "1er août"
    assert texts.clock(datetime(2026, 8, 1, 9, 5, tzinfo=UTC)) == "9 h 05"


def test_deadlines_close_within_the_week() -> None:
    titles = [entry.title for code in FEEDS for entry in shown(code)]
    assert sum("clôture le 30 novembre" in title for title in titles) == 1  # +4 days is a Saturday
    assert sum("jusqu'au 27 novembre" in title for title in titles) == 3


def test_a_date_that_cannot_be_read_is_named() -> None:
    wrong = replace(BY_CODE["cerema"], base=(RawArticle("Titre", "Texte", at="hier matin"),))
    with pytest.raises(ValueError, match="hier matin"):
        PartnerPress([wrong], load_texts(), TUESDAY)


# Minute by minute


def announced(now: PartnerPress, minute: int) -> list[tuple[str, Article]]:
    """What is there after `minute` minutes and was not one minute before."""
    at = now.started + minute * MINUTE
    return [
        (outlet.code, entry)
        for outlet in OUTLETS
        for entry in now.entries(outlet, at)
        if entry.published > at - MINUTE and minute
    ]


def test_one_new_entry_a_minute_each_outlet_in_turn() -> None:
    now = press()
    reserve = sum(len(outlet.fresh) for outlet in OUTLETS)
    turns = [announced(now, minute) for minute in range(1, reserve + 1)]
    assert [len(turn) for turn in turns] == [1] * reserve
    codes = [turn[0][0] for turn in turns]
    assert Counter(codes) == {outlet.code: len(outlet.fresh) for outlet in OUTLETS if outlet.fresh}
    assert all(one != other for one, other in pairwise(codes))
    assert len(set(codes[:22])) >= 18


def test_before_the_first_minute_nothing_is_new() -> None:
    now = press()
    for outlet in OUTLETS:
        assert len(list(now.entries(outlet, TUESDAY + timedelta(seconds=59)))) == len(outlet.base)
        assert len(list(now.entries(outlet, TUESDAY - timedelta(days=1)))) == len(outlet.base)


def test_a_narrow_choice_has_news_in_two_letters_from_any_minute_of_the_beginning() -> None:
    topics, regions = Topics.load(), Regions.load()
    water = set(topics.commitments_of(topics.theme("eau")))

    def is_for_her(code: str, entry: Article) -> bool:
        about = topics_of(entry.title, entry.text, tuple(entry.tags), topics)
        where = regions_of(entry.title, entry.text, entry.place, BY_CODE[code].region, regions)
        return bool(water & set(about)) and (not where or "76" in where)

    now = press()
    minutes = [any(is_for_her(*one) for one in announced(now, minute)) for minute in range(1, 13)]
    assert all(any(minutes[at : at + 4]) for at in range(9))


def test_after_the_reserve_articles_come_back_and_say_so() -> None:
    now = press()
    reserve = sum(len(outlet.fresh) for outlet in OUTLETS)
    [(code, again)] = announced(now, reserve + 1)
    assert code == "dreal-occitanie"
    assert (
        again.title
        == f"{now._dated(BY_CODE[code], BY_CODE[code].fresh[0], again.published).title} – point d’étape n° 2"
    )
    assert again.text.startswith("Point d’étape n° 2 ")
    everything = [
        (entry.title, (outlet.code, entry.number))
        for outlet in OUTLETS
        for entry in now.entries(outlet, TUESDAY + 500 * MINUTE)
    ]
    assert len(everything) == sum(len(outlet.base) for outlet in OUTLETS) + 500
    assert any("n° 11" in title for title, _ in everything)
    assert len({title for title, _ in everything}) == len(everything) - doubled_titles()
    assert len({number for _, number in everything}) == len(everything)


def doubled_titles() -> int:
    titles = [draft.title for _, draft in every_draft()]
    return len(titles) - len(set(titles))


@given(st.integers(0, 600))
def test_the_same_minute_always_gives_the_same(minute: int) -> None:
    at = TUESDAY + minute * MINUTE
    outlet = BY_CODE["localtis"]
    assert list(press().entries(outlet, at)) == list(press().entries(outlet, at + timedelta(seconds=59)))


# Over the wire


async def test_sources_say_how_they_are_read(site: PartnerSite) -> None:
    assert len({item.name for item in site.sources}) == len({item.url for item in site.sources}) == len(OUTLETS)
    assert all(item.url.startswith(f"http://127.0.0.1:{site.port}/") for item in site.sources)
    assert {item.kind for item in site.sources} == set(SourceKind) - {SourceKind.PAGE}
    assert source(site, "deal-reunion").zone == source(site, "reunion-agenda").zone == "Indian/Reunion"
    assert source(site, "dreal-bretagne").region == "53"
    assert source(site, "dreal-bretagne").trusted and not source(site, "localtis").trusted


@pytest.mark.parametrize("code", FEEDS)
@pytest.mark.parametrize("minutes", [0, 70])
async def test_each_feed_is_read_whole(
    code: str, minutes: int, site: PartnerSite, web: ClientSession, clock: Clock
) -> None:
    clock.now += minutes * MINUTE
    expected = shown(code, clock.now)
    address = source(site, code).url
    if BY_CODE[code].shape == "jsonfeed":
        items = json.loads(await body(web, address))["items"]
        read = [(item["title"], item["url"], datetime.fromisoformat(item["date_published"])) for item in items]
    else:
        feed = await read_feed(web, address)
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.feed.title == BY_CODE[code].title
        read = [(entry.title, entry.link, moment(entry)) for entry in feed.entries]
    assert len(expected) >= 3
    assert [plain(title) for title, _, _ in read] == [plain(entry.title) for entry in expected]
    if BY_CODE[code].shape != "spip-old":
        assert [at for _, _, at in read] == [entry.published for entry in expected]
    for title, link, _ in read:
        page = (await body(web, link)).decode()
        assert "<strong>Exemple de démonstration.</strong>" in page
        assert plain(title) in plain(page)


def moment(entry: Any) -> datetime:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    return datetime(*parsed[:6], tzinfo=UTC)


async def test_jsonfeed_is_version_1_1(site: PartnerSite, web: ClientSession) -> None:
    feed = json.loads(await body(web, source(site, "vad").url))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == source(site, "vad").url
    assert all({"id", "url", "content_html", "summary", "tags"} <= item.keys() for item in feed["items"])


async def test_each_cms_has_its_quirks(site: PartnerSite, web: ClientSession) -> None:
    drupal, spip, old, wordpress, atom, tracked = [
        (await body(web, source(site, code).url)).decode()
        for code in ("cerema", "dreal-occitanie", "dreal-bretagne", "hqe", "etat", "localtis")
    ]
    assert re.search(r'<guid isPermaLink="false">\d+ at https://www.cerema.example</guid>', drupal)
    assert "&lt;div class=&#34;field field--name-body" in drupal
    assert spip.isascii() and "pubDate" not in spip and "&#171;&#160;Bourgs vivants&#160;&#187;" in spip
    assert re.search(r"<dc:date>2026-11-\d\dT\d\d:\d\d:\d\dZ</dc:date>", spip)
    assert "rel=&#34;directory&#34;&gt;Eau et risques&lt;/a&gt;" in spip
    assert "<dc:date>2026-11-22 08:40:00</dc:date>" in old
    assert "<title>R&amp;amp;D d&amp;rsquo;usage" in wordpress
    assert "est apparu en premier sur <a" in wordpress and "[et_pb_section" in wordpress
    assert re.search(r'<guid isPermaLink="false">https://www.hqegbc.example/\?p=\d+</guid>', wordpress)
    assert "<id>https://amenagement-durable.example/actualites/" in atom
    assert "pk_campaign=Flux%20RSS&amp;pk_kwd=2026-11-2" in tracked


async def test_the_old_site_writes_latin_1_and_says_so(site: PartnerSite, web: ClientSession) -> None:
    raw = await body(web, source(site, "maire-info").url)
    assert raw.startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert b"\xe9coquartier" in raw and b"C&#339;urs de bourgs" in raw
    assert b"<guid" not in raw
    with pytest.raises(UnicodeDecodeError):
        raw.decode()


async def test_one_source_is_broken_and_one_is_cut(site: PartnerSite, web: ClientSession) -> None:
    broken = await body(web, source(site, "rbd").url, status=500)
    assert b"<h1>" in broken
    cut = await body(web, source(site, "construction21").url)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(cut)
    feed = feedparser.parse(cut)
    assert feed.bozo
    assert [plain(entry.title) for entry in feed.entries][:2] == [entry.title for entry in shown("construction21")[:2]]


@pytest.mark.parametrize("code", CALENDARS)
@pytest.mark.parametrize("minutes", [0, 70])
async def test_each_calendar_is_read_whole(
    code: str, minutes: int, site: PartnerSite, web: ClientSession, clock: Clock
) -> None:
    clock.now += minutes * MINUTE
    expected = {entry.title: entry for entry in shown(code, clock.now)}
    events = await read_calendar(web, site, code)
    assert len(events) == len(expected) == len({str(event["UID"]) for event in events})
    for event in events:
        entry = expected.pop(str(event["SUMMARY"]))
        zone = entry.zone if code == "hqe-agenda" else "UTC"
        start = event.decoded("DTSTART")
        assert day_or_instant(start, entry) == entry.start
        if isinstance(start, datetime) and start.tzinfo:
            assert str(start.tzinfo) == zone
        if entry.all_day:
            assert entry.end is not None
            assert event.decoded("DTEND") == entry.end + timedelta(days=1)
        if "URL" in event:
            assert entry.title in plain((await body(web, str(event["URL"]))).decode())
    assert not expected


def day_or_instant(start: date | datetime, entry: Article) -> date | datetime:
    """Floating hours are those of the entry's place."""
    if isinstance(start, datetime) and start.tzinfo is None:
        assert entry.zone == "Indian/Reunion" and isinstance(entry.start, datetime)
        return start.replace(tzinfo=entry.start.tzinfo)
    return start


async def test_the_events_calendar_has_its_traps(site: PartnerSite, web: ClientSession) -> None:
    events = {str(event["SUMMARY"]): event for event in await read_calendar(web, site, "hqe-agenda")}
    cancelled = [title for title, event in events.items() if str(event.get("STATUS")) == "CANCELLED"]
    assert cancelled == ["Journée de terrain : matériaux biosourcés et artisans du Vexin"]
    overseas = next(event for title, event in events.items() if "outre-mer" in title)
    assert overseas.decoded("DTSTART").utcoffset() == timedelta(hours=4)
    assert "<p>" in str(overseas["DESCRIPTION"])
    assert all(re.fullmatch(r"\d+-\d+-\d+@www\.hqegbc\.example", str(event["UID"])) for event in events.values())
    raw = await body(web, source(site, "hqe-agenda").url)
    assert max(map(len, raw.split(b"\r\n"))) <= 75 and b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("today", "weekday"),
    [
        (datetime(2026, 12, 1, 12, tzinfo=UTC), "1MO"),  # five days on is a Sunday, so Monday 7
        (datetime(2026, 12, 10, 12, tzinfo=UTC), "3TU"),
        (datetime(2026, 12, 24, 12, tzinfo=UTC), "-1TU"),  # the fifth Tuesday: not every month has one
    ],
)
async def test_a_monthly_event_keeps_its_weekday(today: datetime, weekday: str, web: ClientSession) -> None:
    site = await open_site(lambda: today)
    try:
        [monthly] = [event for event in await read_calendar(web, site, "hqe-agenda") if "RRULE" in event]
        assert monthly["RRULE"]["FREQ"] == ["MONTHLY"] and monthly["RRULE"]["BYDAY"] == [weekday]
    finally:
        await site.close()


async def test_the_state_agenda_is_never_twice_the_same_and_forgets_the_past(
    site: PartnerSite, web: ClientSession, clock: Clock
) -> None:
    first = await body(web, source(site, "etat-agenda").url)
    clock.now += timedelta(seconds=1)
    second = await body(web, source(site, "etat-agenda").url)
    assert first != second and b"LOCATION:None" in first and b"URL" not in first
    assert all(str(event["UID"]).isdigit() for event in Calendar.from_ical(first.decode()).walk("VEVENT"))
    clock.now = TUESDAY + timedelta(days=3)
    assert b"revue de projet" in first
    assert b"revue de projet" not in await body(web, source(site, "etat-agenda").url)


@pytest.mark.parametrize("code", STEADY)
async def test_what_did_not_change_is_not_sent_again(
    code: str, site: PartnerSite, web: ClientSession, clock: Clock
) -> None:
    address = source(site, code).url
    async with web.get(address) as answer:
        etag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
    clock.now += timedelta(seconds=10)
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        async with web.get(address, headers=headers) as answer:
            assert (answer.status, await answer.read(), answer.headers["ETag"]) == (304, b"", etag)
    for headers in ({"If-None-Match": '"other"', "If-Modified-Since": modified}, {"If-None-Match": '"other"'}):
        async with web.get(address, headers=headers) as answer:
            assert answer.status == 200
    if not BY_CODE[code].fresh:
        return
    clock.now += timedelta(minutes=70)
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        async with web.get(address, headers=headers) as answer:
            assert answer.status == 200
            assert answer.headers["ETag"] != etag


async def test_pages_load_nothing_from_elsewhere(site: PartnerSite, web: ClientSession) -> None:
    home = f"http://127.0.0.1:{site.port}/"
    for address in (home, f"{home}cerema/", f"{home}nowhere/"):
        async with web.get(address) as answer:
            policy = answer.headers["Content-Security-Policy"]
            page = await answer.text()
        assert policy.startswith("default-src 'none'; style-src 'self'")
        assert "<script" not in page and "style=" not in page
        assert "Exemple de démonstration" in page
    assert (await body(web, f"{home}style.css")).startswith(b"body")
    links = set(re.findall(r'href="/([^"/]+)/"', (await body(web, home)).decode()))
    assert links == {outlet.code for outlet in OUTLETS}


async def test_an_event_page_says_when_and_where(site: PartnerSite, web: ClientSession) -> None:
    events = {str(event["SUMMARY"]): event for event in await read_calendar(web, site, "hqe-agenda")}
    pages = {title: plain((await body(web, str(event["URL"]))).decode()) for title, event in events.items()}
    assert "24 décembre, 15 h 00 (heure de La Réunion) · Saint-Denis" in next(
        page for title, page in pages.items() if "outre-mer" in title
    )
    fair = next(page for title, page in pages.items() if title.startswith("Salon"))
    assert ">8 et 9 décembre · Halle aux Sucres du Parc, Lille<" in fair
    assert sum("<strong>Annulé.</strong>" in page for page in pages.values()) == 1


@pytest.mark.parametrize(
    "path", ["nobody/", "cerema/actualites/unknown", "cerema/%2e%2e/%2e%2e/etc/passwd", "cerema/%00", "cerema/{x}", "x"]
)
async def test_an_unknown_address_is_said_in_words(path: str, site: PartnerSite, web: ClientSession) -> None:
    async with web.get(f"http://127.0.0.1:{site.port}/{path}") as answer:
        assert answer.status == 404


async def test_a_page_stays_after_it_left_the_feed(site: PartnerSite, web: ClientSession, clock: Clock) -> None:
    feed = await read_feed(web, source(site, "cerema").url)
    clock.now += timedelta(days=2)
    later = await read_feed(web, source(site, "cerema").url)
    assert len(later.entries) == SHOWN and not {e.id for e in later.entries} & {e.id for e in feed.entries}
    await body(web, feed.entries[0].link)


async def test_a_demonstration_taken_up_again_goes_on(site: PartnerSite, web: ClientSession, clock: Clock) -> None:
    clock.now += 5 * MINUTE
    again = await open_site(clock, started=TUESDAY)
    try:
        one, other = [await read_feed(web, source(it, "ademe").url) for it in (site, again)]
        assert [(e.id, e.title, e.published) for e in one.entries] == [
            (e.id, e.title, e.published) for e in other.entries
        ]
    finally:
        await again.close()


async def test_a_busy_port_is_refused_and_a_closed_one_is_free(clock: Clock) -> None:
    first = await open_site(clock)
    with pytest.raises(OSError, match="in use"):
        await open_site(clock, first.port)
    await first.close()
    second = await open_site(clock, first.port)
    assert second.port == first.port
    await second.close()
