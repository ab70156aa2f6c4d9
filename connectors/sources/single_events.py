"""Events that happen once and are written plainly, taken apart line by line: icalendar looks at each letter of each
property, also of those that nobody reads. What it would say of them is the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from icalendar.parser import split_on_unescaped_comma, unescape_backslash

_MOMENTS = ("DTSTART", "DTEND", "LAST-MODIFIED")
_TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION")
_WORDS = ("UID", "URL", "STATUS", "X-MICROSOFT-CDO-ALLDAYEVENT")
_READ = "|".join((*_MOMENTS, *_TEXTS, *_WORDS, "SEQUENCE", "CATEGORIES"))
_OTHER = re.compile(
    r"^(?:RRULE|RDATE|EXRULE|EXDATE|RECURRENCE-ID|DURATION|(?:BEGIN|END):(?!VEVENT$))", re.MULTILINE | re.IGNORECASE
)
_PROPERTY = re.compile(rf"^({_READ})(?:;([^:\n]*))?:([^\n]*)", re.MULTILINE | re.IGNORECASE)
_PARAMETER = re.compile(r"""([A-Za-z-]+)=([^\x00-\x1f\x7f";:,\\%]+)""")
_MOMENT = re.compile(r"[0-9]{8}(?:T[0-9]{6}Z?)?")
_KINDS = {("URL", "URI"), *((name, "TEXT") for name in _TEXTS)}  # said although they are a matter of course


class _Unsure(Exception):  # noqa: N818 — says that icalendar has to read the event
    pass


@dataclass(slots=True)
class Moment:
    """A day or an instant, and what is said beside it, under the names that icalendar gives them."""

    dt: date
    params: Mapping[str, str]


class Once(dict[str, Any]):
    """The properties of an event that we read; `block` is its whole text."""

    def __init__(self, block: str) -> None:
        super().__init__()
        self.block = block


def read_once(block: str) -> Once | None:
    """The event; None when icalendar has to read it."""
    if _OTHER.search(block):
        return None
    event = Once(block)
    try:
        for name, said, value in _PROPERTY.findall(block):
            _add(event, name.upper(), _parameters(said), value)
    except (_Unsure, ValueError):  # no such day
        return None
    return event


def _add(event: Once, name: str, params: Mapping[str, str], value: str) -> None:
    kind = params.get("VALUE", "").upper()
    if name in _MOMENTS:
        read: Any = _moment(name, kind, params, value)
    elif not _is_plain(name, kind, value) or "TZID" in params:
        raise _Unsure
    elif name == "CATEGORIES":
        event.setdefault(name, []).extend(split_on_unescaped_comma(value))
        return
    elif name == "SEQUENCE":
        read = str(int(value))
    else:
        read = unescape_backslash(value)
    if name in event:
        raise _Unsure
    event[name] = read


def _is_plain(name: str, kind: str, value: str) -> bool:
    """True when the value is of its usual kind, and an escape in it is one."""
    return (not kind or (name, kind) in _KINDS) and ("\\" not in value or name in (*_TEXTS, "CATEGORIES"))


def _parameters(said: str) -> Mapping[str, str]:
    params: dict[str, str] = {}
    for pair in said.split(";") if said else ():
        found = _PARAMETER.fullmatch(pair)
        if found is None or found[1].upper() in params:
            raise _Unsure
        params[found[1].upper()] = found[2]
    return params


def _moment(name: str, kind: str, params: Mapping[str, str], value: str) -> Moment:
    if not _MOMENT.fullmatch(value) or kind not in ("", "DATE", "DATE-TIME"):
        raise _Unsure
    if len(value) > 8 and kind != "DATE":
        at = datetime.fromisoformat(value[:15])
        return Moment(at.replace(tzinfo=UTC) if value.endswith("Z") else at, {"X-ZONE": params.get("TZID", "")})
    if len(value) > 8 or kind == "DATE-TIME" or name == "LAST-MODIFIED":
        raise _Unsure
    return Moment(date.fromisoformat(value), {})
