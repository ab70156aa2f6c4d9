"""What goes through the pipe comes out as it was."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from club.news import Event, Harvest, Item, Source, SourceTrouble
from connectors.sources.document import Document
from connectors.sources.wire import (
    SIZE,
    harvest_from_json,
    harvest_to_json,
    pack,
    request_from_json,
    request_to_json,
    trouble_from_json,
    trouble_to_json,
)

texts = st.text(st.characters(), max_size=20)  # lone surrogates too
instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.timezones() | st.just(UTC))
moments = instants | st.dates()
words = st.lists(texts, max_size=3).map(tuple)
items = st.builds(
    Item,
    guid=texts,
    identity=texts,
    title=texts,
    link=st.none() | texts,
    published=st.none() | instants,
    summary=texts,
    categories=words,
    language=texts,
)
events = st.builds(
    Event, uid=texts, identity=texts, title=texts, start=moments, end=st.none() | moments, categories=words
)
harvests = st.builds(
    Harvest,
    title=texts,
    items=st.lists(items, max_size=3).map(tuple),
    events=st.lists(events, max_size=3).map(tuple),
    notes=words,
    ttl=st.none() | st.integers(0),
)


def through(row: object) -> dict[str, object]:
    packed = pack(row)  # type: ignore[arg-type]
    assert int.from_bytes(packed[:SIZE]) == len(packed) - SIZE
    read: dict[str, object] = json.loads(packed[SIZE:])
    return read


@given(harvests)
def test_harvest(harvest: Harvest) -> None:
    read = harvest_from_json(through(harvest_to_json(harvest)))
    assert read == harvest
    # Equal instants may hide a date that became midnight, or a lost offset.
    for ours, theirs in zip(harvest.events, read.events, strict=True):
        assert type(ours.start) is type(theirs.start) and type(ours.end) is type(theirs.end)
        assert ours.start.isoformat() == theirs.start.isoformat()


@given(texts, texts, instants, st.builds(Source, name=texts, url=texts, partner=texts, trusted=st.booleans()))
def test_request(url: str, content_type: str, now: datetime, source: Source) -> None:
    document = Document(b"\0\xff", url, content_type, now)
    row = through(request_to_json(document, source, 3.0))
    assert request_from_json(row, document.body) == (document, source, 3.0)


@given(texts, st.booleans(), st.dictionaries(st.text("abc", min_size=1), st.integers() | texts))
def test_trouble(key: str, blocked: bool, values: dict[str, object]) -> None:
    read = trouble_from_json(through(trouble_to_json(SourceTrouble(key, blocked=blocked, **values))))
    assert (read.key, read.blocked, read.values) == (key, blocked, values)


def test_values_that_json_does_not_know_become_words() -> None:
    trouble = SourceTrouble("x", at=datetime(2027, 3, 9, tzinfo=UTC))
    assert trouble_from_json(through(trouble_to_json(trouble))).values == {"at": "2027-03-09 00:00:00+00:00"}
