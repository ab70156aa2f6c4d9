"""Events as JSON and as schema.org tells them on a page, which our own reader reads back the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from club.agenda import Occasion, stated
from club.gathering import Mode
from club.news import Status
from connectors.outlets.ics import Named

TYPE = "application/json; charset=utf-8"
_SCHEMA = "https://schema.org/"
_STATUS = {
    Status.CONFIRMED: "EventScheduled",
    Status.CANCELLED: "EventCancelled",
    Status.POSTPONED: "EventPostponed",
}
_ATTENDANCE = {
    Mode.ON_SITE: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.HYBRID: "MixedEventAttendanceMode",
}


def agenda_json(occasions: Sequence[Occasion], named: Named) -> bytes:
    """`{"events": […]}`: the fields of `ecohub entries --json`, with the address of the page and the last change."""
    return written({"events": [_fields(one, named) for one in occasions]})


def written(document: Mapping[str, Any]) -> bytes:
    """The calendar as bytes."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _fields(one: Occasion, named: Named) -> dict[str, Any]:
    return {
        "source": one.organiser,
        "id": one.uid,
        "title": one.title,
        "link": one.link,
        "published": None,
        "start": stated(one.start),
        "end": None if one.end is None else stated(one.end),
        "place": one.place,
        "status": one.status.value,
        "summary": one.description,
        "story": one.number,
        "topics": list(one.topics),
        "regions": list(one.regions),
        "url": named.page(one) or None,
        "updated": one.updated_at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def json_ld(one: Occasion, url: str = "") -> Mapping[str, Any]:
    """The event as schema.org describes it (https://schema.org/Event)."""
    told: dict[str, Any] = {
        "@context": _SCHEMA.rstrip("/"),
        "@type": "Event",
        "identifier": one.uid,
        "name": one.title,
        "startDate": stated(one.start),
        "eventStatus": _SCHEMA + _STATUS[one.status],
        "eventAttendanceMode": _SCHEMA + _ATTENDANCE[one.mode],
    }
    if one.end is not None:
        told["endDate"] = stated(one.end)
    where = [{"@type": "Place", "name": one.place, "address": one.place}] if one.place else []
    where += [{"@type": "VirtualLocation", "url": one.online}] if one.online else []
    if where:
        told["location"] = where[0] if len(where) == 1 else where
    if one.description:
        told["description"] = one.description
    if one.organiser:
        told["organizer"] = {"@type": "Organization", "name": one.organiser}
    if address := one.link or url:
        told["url"] = address
    return told


def script_of(told: Mapping[str, Any]) -> str:
    """JSON that may stand within a `script` element: nothing in it ends the element or begins another."""
    text = json.dumps(told, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028")
