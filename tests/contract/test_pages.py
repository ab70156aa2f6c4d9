"""Every document of `tests/pages` gives what a careful reader would store (tests/pages/README.md)."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from club.news import Event, Harvest, Item, Source, SourceKind, SourceTrouble
from club.texts import Texts
from connectors.sources.document import Document
from connectors.sources.parsers import parse

PAGES = Path(__file__).parent.parent / "pages"
TABLES = sorted(PAGES.rglob("*.toml"))
FEATURES = [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in TABLES]


def read(path: Path, wanted: dict[str, Any], kind: SourceKind) -> Harvest:
    page = path.with_suffix("")
    url = f"https://exemple.fr/{page.parent.name}/{page.name}"
    document = Document(page.read_bytes(), url, wanted.get("content_type", ""), wanted["now"])
    return parse(document, Source("essai", url, kind=kind))


@pytest.mark.parametrize("path", FEATURES)
@pytest.mark.parametrize("said", ["auto", "by name"])
def test_a_document_gives_what_a_careful_reader_stores(path: Path, said: str) -> None:
    wanted = tomllib.loads(path.read_text())
    kind = SourceKind(wanted["kind"])
    try:
        harvest = read(path, wanted, SourceKind.AUTO if said == "auto" else kind)
    except SourceTrouble as trouble:
        assert wanted.get("error") or wanted.get("may_fail"), trouble
        assert Texts().plain(trouble.key, **trouble.values)
        return
    assert not wanted.get("error"), "a trouble was expected"
    entries: tuple[Item | Event, ...] = harvest.items or harvest.events
    assert harvest.kind is kind
    assert len(entries) in wanted.get("count_any", [wanted.get("count")])
    assert len({entry.identity for entry in entries}) == len(entries)
    assert all(note in Texts() for note in harvest.notes)
    rows = wanted.get("items", []) + wanted.get("events", [])
    found = [find(row, entries) for row in rows]
    if wanted.get("ordered"):
        assert found == sorted(found)


def find(row: dict[str, Any], entries: tuple[Item | Event, ...]) -> int:
    """Where the row is among the entries."""
    faults = [differences(row, entry) for entry in entries]
    if [] in faults:
        return faults.index([])
    assert row.get("optional") and not any(same_id(row, entry) for entry in entries), min(faults, key=len)
    return -1


def same_id(row: dict[str, Any], entry: Item | Event) -> bool:
    return bool(row.get("guid", row.get("uid"))) and row.get("guid", row.get("uid")) == identifier(entry)


def identifier(entry: Item | Event) -> str:
    return entry.guid if isinstance(entry, Item) else entry.uid


def differences(row: dict[str, Any], entry: Item | Event) -> list[str]:
    """What the entry says otherwise than the row."""
    said: dict[str, Any] = {
        "guid": identifier(entry),
        "uid": identifier(entry),
        "title": entry.title,
        "link": entry.link,
    }
    faults = [
        f"{name}: {said[name]!r}, not {allowed!r}"
        for name in ("guid", "uid", "title", "link")
        if (allowed := choices(row, name)) and said[name] not in allowed
    ]
    if "link" not in row and "link_any" not in row and entry.link and isinstance(entry, Item):
        faults.append(f"link: {entry.link!r}, not none")
    faults += date_faults(row, entry) if isinstance(entry, Item) else span_faults(row, entry)
    text = " ".join(entry.summary.split())
    faults += [f"{part!r} is not in {text[:200]!r}" for part in row.get("summary_has", ()) if part not in text]
    faults += [f"{part!r} is in {text[:200]!r}" for part in row.get("summary_lacks", ()) if part in text]
    return faults


def choices(row: dict[str, Any], name: str) -> list[Any]:
    return [
        value or None if name == "link" else value
        for value in row.get(f"{name}_any", [row[name]] if name in row else [])
    ]


def date_faults(row: dict[str, Any], item: Item) -> list[str]:
    allowed = [moment(value) for value in row.get("published_any", [row.get("published")])]
    published = item.published and item.published.replace(microsecond=0)
    return [] if published in allowed else [f"published: {published}, not {allowed}"]


def moment(value: datetime | str | None) -> datetime | None:
    if not value:
        return None
    read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return read.replace(microsecond=0).astimezone(UTC)


def span_faults(row: dict[str, Any], event: Event) -> list[str]:
    start, end = day_or_instant(row["start"]), day_or_instant(row.get("end", row["start"]))
    seen = {
        "start": (event.start, start),
        "end": (event.start if event.end is None else event.end, end),
        "place": (event.place, row.get("place", event.place)),
        "status": (event.status, row.get("status", event.status)),
    }
    return [f"{name}: {is_!r}, not {wanted!r}" for name, (is_, wanted) in seen.items() if is_ != wanted]


def day_or_instant(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def test_every_document_has_its_table() -> None:
    documents = {path for path in PAGES.rglob("*") if path.is_file() and path.suffix not in (".toml", ".md", ".html")}
    assert documents == {path.with_suffix("") for path in TABLES}
    assert len(documents) >= 111
