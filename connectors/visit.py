"""One visit of one source: what is asked, what came of it, and what it leaves for the next one."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from club.news import Harvest, Source, SourceKind, SourceTrouble
from connectors.discover import Discovery, digest_of, discover, explore, is_page, read_page
from connectors.fetch import Fetched, Fetcher, Memo, NotModified
from connectors.reader import Reader
from connectors.rhythm import rhythm_of
from storage.sources import Memory, SourceState

log = logging.getLogger(__name__)

READ_AGAIN = timedelta(days=7)  # an unchanged calendar still gains occurrences as its window moves
SEEK_AGAIN = timedelta(hours=20)  # a page is searched once a day at most
EMPTY = 3  # visits in a row before an empty feed is a fault: sites are moved, feeds are rebuilt
_PATIENCE = 3  # failures of a known feed before its page is searched: a site under repair shows a page for an hour
# How a feed that was found on a page ends; then it is looked for again.
_ENDED = frozenset({"trouble-not-found", "trouble-gone", "trouble-html", "trouble-not-feed"})


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of one visit: a harvest, nothing new (harvest None), or trouble. `discovery`: the feed was looked
    for and found; `sought`: it was looked for."""

    state: SourceState
    page: Fetched | NotModified | None = None
    body_digest: str | None = None
    harvest: Harvest | None = None
    trouble: SourceTrouble | None = None
    discovery: Discovery | None = None
    sought: bool = False


async def visit(state: SourceState, fetcher: Fetcher, reader: Reader, now: datetime) -> Visit:
    """One visit, with one deadline; whatever goes wrong is in its result."""
    with fetcher.one_visit():
        return _light(_judged(await _visit(state, fetcher, reader, now)))


def _judged(one: Visit) -> Visit:
    emptied = one.trouble is None and empties_after(one) >= EMPTY
    return replace(one, trouble=SourceTrouble("trouble-emptied")) if emptied else one


def _light(one: Visit) -> Visit:
    """Many wait together to be stored; their documents need not, nor what was under way when one failed."""
    if one.trouble is not None:
        one.trouble.__traceback__ = one.trouble.__context__ = one.trouble.__cause__ = None
    if not isinstance(one.page, Fetched):
        return one
    page, discovery = replace(one.page, body=b""), one.discovery
    if discovery is not None:
        discovery = replace(discovery, read=replace(discovery.read, page=page))
    return replace(one, page=page, discovery=discovery)


async def _visit(state: SourceState, fetcher: Fetcher, reader: Reader, now: datetime) -> Visit:
    sought = False
    try:
        try:
            return await _ask(state, fetcher, reader, now)
        except _Page as page:
            sought = True
            return await _found(state, explore(page.page, state.source, fetcher, reader, now))
        except SourceTrouble as trouble:
            if not _has_ended(state, trouble, now):
                raise
            sought = True
            return await _seek_again(state, trouble, fetcher, reader, now)
    except SourceTrouble as trouble:
        return Visit(state, trouble=trouble, sought=sought)
    except Exception:
        log.exception("visit failed", extra={"source": state.source.id})
        return Visit(state, trouble=SourceTrouble("trouble-parse-failed"), sought=sought)


class _Page(Exception):  # noqa: N818 — says what came instead of a feed
    def __init__(self, page: Fetched) -> None:
        super().__init__()
        self.page = page


async def _ask(state: SourceState, fetcher: Fetcher, reader: Reader, now: datetime) -> Visit:
    page = await fetcher.fetch(state.address, _memo(state, now))
    if isinstance(page, NotModified):
        return Visit(state, page)
    body_digest = digest_of(page)
    if body_digest == state.body_digest and _is_recent(state, now):
        return Visit(state, page, body_digest)
    try:
        read = await read_page(page, _as_found(state), reader, now)
    except SourceTrouble as trouble:
        if is_page(page, trouble) and _is_searched(state, now):
            raise _Page(page) from None
        if is_page(page, trouble) and state.trouble == "trouble-no-feed":
            raise SourceTrouble("trouble-no-feed") from None  # it was searched not long ago
        raise
    return Visit(state, page, body_digest, read.harvest)


async def _seek_again(
    state: SourceState, ended: SourceTrouble, fetcher: Fetcher, reader: Reader, now: datetime
) -> Visit:
    """The feed of a page is no more: perhaps the page names another one. If not, the end of the feed is what counts."""
    source, dead = state.source, state.feed_url or ""
    try:
        return await _found(state, discover(source.url, fetcher, reader, now, source, dead))
    except SourceTrouble as trouble:
        raise (ended if trouble.key == "trouble-no-feed" else trouble) from None


async def _found(state: SourceState, looking: Awaitable[Discovery]) -> Visit:
    discovery = await looking
    read = discovery.read
    return Visit(state, read.page, read.digest, read.harvest, discovery=discovery, sought=True)


def _as_found(state: SourceState) -> Source:
    """The source, read as what was found: a page that describes its events itself stays a page."""
    return replace(state.source, kind=SourceKind.PAGE) if state.feed_kind is SourceKind.PAGE else state.source


def _is_searched(state: SourceState, now: datetime) -> bool:
    """Whether what came is the page that the operator named, to be searched; a known feed may be under repair."""
    known = state.feed_url is not None or (state.succeeded_at is not None and state.failures < _PATIENCE)
    return state.source.kind is SourceKind.AUTO and not known and _may_seek(state, now)


def _has_ended(state: SourceState, trouble: SourceTrouble, now: datetime) -> bool:
    return state.feed_url is not None and trouble.key in _ENDED and _may_seek(state, now)


def _may_seek(state: SourceState, now: datetime) -> bool:
    """Once a day; a search that lies in the future was noted by a clock that went back since."""
    return state.sought_at is None or not timedelta(0) <= now - state.sought_at < SEEK_AGAIN


def _memo(state: SourceState, now: datetime) -> Memo:
    return Memo(state.etag or "", state.last_modified or "") if _is_recent(state, now) else Memo()


def _is_recent(state: SourceState, now: datetime) -> bool:
    return state.parsed_at is not None and now - state.parsed_at < READ_AGAIN


# --- What it leaves for the next one --------------------------------------------------------------------------------


def empties_after(one: Visit) -> int:
    """How many visits in a row, this one included, found a feed empty that once was not."""
    state = one.state
    if one.harvest is None:
        return state.empties + (state.empties > 0)
    has_news = one.harvest.items or one.harvest.events
    # An agenda may well be empty; a list of news never is again.
    was_full = state.news_at is not None and one.harvest.kind in (SourceKind.FEED, SourceKind.JSONFEED)
    return 0 if has_news or one.harvest.skipped or not was_full else state.empties + 1


def memory_of(one: Visit, now: datetime, *, is_new: bool) -> dict[str, Memory]:
    """The columns that a visit which went well changes."""
    memory: dict[str, Memory] = {"empties": empties_after(one), **_moved(one, now)}
    if isinstance(one.page, Fetched):
        memory |= {"etag": one.page.etag, "last_modified": one.page.last_modified, "body_digest": one.body_digest}
    if one.harvest is not None:
        dates = [item.published for item in one.harvest.items]
        rhythm = rhythm_of(dates)
        memory |= {"parsed_at": now, "rhythm": None if rhythm is None else int(rhythm / timedelta(minutes=1))}
        if is_new:
            newest = max((date for date in dates if date is not None and date <= now), default=now)
            memory["news_at"] = newest if one.state.news_at is None else now
    if one.discovery is not None:
        found = one.discovery.found
        direct = one.discovery.direct
        memory |= {"feed_url": None if direct else found.url, "feed_kind": None if direct else found.kind}
    return {**memory, "sought_at": now} if one.sought else memory


def _moved(one: Visit, now: datetime) -> dict[str, Memory]:
    """Since when and how often the address that the operator wrote led to this other one, each time for good."""
    state = one.state
    if one.discovery is not None:
        moved = one.discovery.moved
    elif state.feed_url is not None or one.page is None:
        return {}  # the page was not asked
    else:
        moved = one.page.moved
    if moved is None:
        return {"moved_to": None, "moved_since": None, "moved_visits": 0}
    if moved != state.moved_to:
        return {"moved_to": moved, "moved_since": now, "moved_visits": 1}
    return {"moved_visits": state.moved_visits + 1, "moved_since": state.moved_since or now}
