"""Values on the pipe between the hub and the process that parses: JSON, never pickle (choice S7)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from club.news import Event, Harvest, Item, Origin, Source, SourceKind, SourceTrouble, Status
from connectors.sources.document import Document
from connectors.sources.signs import Link, Signs, System

# Times the deadline on the wall's clock: on a busy machine a document has to wait for its own seconds.
PATIENCE = 3
SIZE = 4  # bytes of a frame's length, most significant first

Json = dict[str, Any]


def frame(content: bytes) -> bytes:
    """The content with its length in front."""
    return len(content).to_bytes(SIZE) + content


def pack(row: Json) -> bytes:
    """The row as a frame; lone surrogates that a parser let through do not break it."""
    return frame(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def request_to_json(document: Document, source: Source | None, deadline: float) -> Json:
    """What is asked, without the body, which is a frame of its own; `deadline` in seconds. Without a source, the
    signs of a page are wanted."""
    return {
        "url": document.url,
        "content_type": document.content_type,
        "now": document.now.isoformat(),
        "source": source and _row(source),
        "deadline": deadline,
    }


def request_from_json(row: Mapping[str, Any], body: bytes) -> tuple[Document, Source | None, float]:
    """The document, its source and the seconds allowed, as `request_to_json` was given them."""
    source = row["source"]
    return (
        Document(body, row["url"], row["content_type"], datetime.fromisoformat(row["now"])),
        source and Source(**{**source, "kind": SourceKind(source["kind"]), "origin": Origin(source["origin"])}),
        row["deadline"],
    )


def signs_to_json(signs: Signs) -> Json:
    """Everything of the signs."""
    return asdict(signs)


def signs_from_json(row: Mapping[str, Any]) -> Signs:
    """The Signs that `signs_to_json` gave."""
    links = tuple(Link(**{**link, "kind": SourceKind(link["kind"])}) for link in row["links"])
    return Signs(**{**row, "system": System(row["system"]), "links": links})


def harvest_to_json(harvest: Harvest) -> Json:
    """Everything of the harvest; instants carry their offset, all-day dates are bare."""
    return {
        **_row(harvest),
        "series": sorted(harvest.series),
        "items": [{**_row(item), "published": _written(item.published)} for item in harvest.items],
        "events": [
            {**_row(event), "start": _written(event.start), "end": _written(event.end)} for event in harvest.events
        ],
    }


def harvest_from_json(row: Mapping[str, Any]) -> Harvest:
    """The Harvest that `harvest_to_json` gave; its instants are equal, in fixed offsets."""
    return Harvest(
        **{
            **row,
            "kind": SourceKind(row["kind"]),
            "items": tuple(_item(item) for item in row["items"]),
            "events": tuple(_event(event) for event in row["events"]),
            "notes": tuple(row["notes"]),
            "series": frozenset(row["series"]),
        }
    )


def trouble_to_json(trouble: SourceTrouble) -> Json:
    """The trouble with those of its values that a text can show; others are shown as words."""
    values = {name: value if isinstance(value, int | float) else str(value) for name, value in trouble.values.items()}
    return {"key": trouble.key, "blocked": trouble.blocked, "values": values}


def trouble_from_json(row: Mapping[str, Any]) -> SourceTrouble:
    """The trouble that `trouble_to_json` gave."""
    return SourceTrouble(row["key"], blocked=row["blocked"], **row["values"])


def _row(value: Source | Harvest | Item | Event) -> Json:
    # `dataclasses.asdict` copies all that is in the fields, which takes longer than to read a feed.
    return {name: getattr(value, name) for name in value.__slots__}


def _item(row: Mapping[str, Any]) -> Item:
    published = row["published"] and datetime.fromisoformat(row["published"])
    return Item(**{**row, "published": published, "categories": tuple(row["categories"])})


def _event(row: Mapping[str, Any]) -> Event:
    return Event(
        **{
            **row,
            "start": _read(row["start"]),
            "end": row["end"] and _read(row["end"]),
            "status": Status(row["status"]),
            "categories": tuple(row["categories"]),
        }
    )


def _written(moment: datetime | date | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(text: str) -> datetime | date:
    # An instant is written with a T, a bare date without.
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
