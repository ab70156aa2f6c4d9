"""What a decision changed, as the journal keeps it and as it is told: a few facts of before and of after, codes
where there are codes. Of a person only the number: never a name, never what somebody asked or answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypedDict

from club.markup import Line
from club.news import Source
from club.people import Grant, Role
from club.regions import regions
from club.texts import Texts
from storage.sources import SourceState

Facts = Mapping[str, Any]

LONGEST = 100  # characters of one fact, as it is told
NAMES = 5  # of several sources
_NOTHING: Facts = {}
STOPPED: Facts = {"state": "journal-is-stopped"}  # a subscription
# What looks like a key within an address: words of an address are shorter, or hold no digits.
_KEY = re.compile(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{20,}|(?<=//)[^/@]+@")


class Detail(TypedDict):
    """What a line of the journal keeps of it."""

    before: Facts
    after: Facts


def change(before: Facts = _NOTHING, after: Facts = _NOTHING) -> Detail:
    """From these facts to those; none before = it is new."""
    return {"before": before, "after": after}


def of_source(one: Source, state: str) -> Facts:
    """A source in that state (a text key)."""
    return {
        "name": one.name,
        "address": _KEY.sub("…", one.url),
        "partner": one.partner,
        "region": one.region,
        "trusted": one.trusted,
        "state": state,
    }


def of_state(one: SourceState, state: str = "") -> Facts:
    """A known source's name and state, as it is or as it is from now on."""
    return {"name": one.source.name, "state": state or one.paused or "journal-is-read"}


def of_subscription(paused: str = "") -> Facts:
    """Whether a subscription is served, or why it is not (a text key)."""
    return {"state": paused or "journal-is-served"}


def of_roles(held: Iterable[Grant], otherwise: Role) -> Facts:
    """What somebody may do: the roles held, or the one without any."""
    grants = list(held) or [Grant(0, 0, "", otherwise)]
    return {
        "roles": [
            {
                "role": one.role.word,
                "organisation": one.organisation,
                "region": one.region,
                "until": one.until and one.until.isoformat(),
            }
            for one in grants
        ]
    }


def bounds(one: Grant, texts: Texts) -> str:
    """« partenaire (USH) · Occitanie · jusqu’au … »."""
    parts = [texts.plain(f"role-{one.role.word}") + (f" ({one.organisation})" if one.organisation else "")]
    if one.region:
        parts.append(regions().region(one.region).name)
    if one.until:
        parts.append(texts.plain("role-until", day=texts.day_of(one.until)))
    return " · ".join(parts)


def tell(detail: Mapping[str, Any], texts: Texts) -> list[Line]:
    """One line a fact: what it was and what it became; what did not change is told once."""
    before, after = detail.get("before", _NOTHING), detail.get("after", _NOTHING)
    return [*_tell(before, after, texts)]


def _tell(before: Facts, after: Facts, texts: Texts) -> Iterator[Line]:
    for name in {**after, **before}:
        was, now = before.get(name), after.get(name)
        what = texts.plain(f"journal-of-{name}")
        if was not in (None, now) and name in after:
            values = {"before": _said(name, was, texts), "after": _said(name, now, texts)}
            yield texts.line("journal-became", what=what, **values)
        elif told := was if now is None else now:
            yield texts.line("journal-fact", what=what, value=_said(name, told, texts))


def _said(name: str, value: Any, texts: Texts) -> str:
    """A fact's value in words."""
    if name == "roles":
        return ", ".join(bounds(_grant(one), texts) for one in value)
    if name == "names":
        shown = ", ".join(value[:NAMES])
        more = len(value) - NAMES
        return texts.plain("journal-names-more", names=shown, count=more) if more > 0 else shown
    if name == "region":
        return regions().region(value).name if value else texts.plain("source-national")
    if name == "regions":
        return ", ".join(regions().region(code).name for code in value) or texts.plain("source-national")
    if name == "family":
        return texts.plain(f"family-{value}")
    if isinstance(value, bool):
        return texts.plain("choice-yes" if value else "choice-no")
    said = texts.plain(value) if name == "state" and value in texts else str(value)
    said = " ".join(said.split()) or texts.plain("journal-nothing")
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1].rstrip()}…"


def _grant(kept: Mapping[str, Any]) -> Grant:
    until = datetime.fromisoformat(kept["until"]) if kept["until"] else None
    return Grant(0, 0, "", Role.named(kept["role"]), kept["organisation"], kept["region"], until)
