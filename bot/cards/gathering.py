"""How a gathering reads in a chat: its card, its date, where it is, what changed of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from club.dialogue import Action
from club.gathering import Approval, Change, Gathering, Mode
from club.markup import Line
from club.news import Status
from club.texts import Texts
from club.wording import when

LONGEST = 600  # characters of a description on a card; the page has it all


def code_of(number: int) -> str:
    """« EVT-0412 », as people name it."""
    return f"EVT-{number:04}"


def number_of(code: str) -> int:
    """The number that « EVT-0412 », « evt412 » or « 412 » names; 0 when it names none."""
    figures = code.strip().upper().removeprefix("EVT").lstrip(" -")
    return int(figures) if figures.isdecimal() and figures.isascii() and len(figures) < 10 else 0


def title_of(one: Gathering, texts: Texts) -> str:
    """Its title, with what happened to it in front."""
    if one.status in (Status.CANCELLED, Status.POSTPONED):
        return texts.plain(f"event-{one.status}", title=one.title)
    return one.title


def dated(one: Gathering, texts: Texts) -> str:
    """« jeudi 11 mars 2027, 14 h (La Réunion), 11 h à Paris »."""
    return when(one.start, one.end, one.zone, texts, in_full=True)


def where(one: Gathering, texts: Texts, *, with_link: bool = False) -> str:
    """Where people go or connect; the link when it is for everybody, or `with_link` for who may have it."""
    link = one.link if with_link or not one.link_private else ""
    online = texts.plain("gathering-online", link=link) if link else texts.plain("gathering-online-later")
    match one.mode:
        case Mode.ONLINE:
            return online
        case Mode.HYBRID:
            return f"{one.venue} · {online}" if one.venue else online
        case _:
            return one.venue or texts.plain("gathering-no-venue")


def show_card(one: Gathering, organiser: str, texts: Texts, *, with_link: bool = False) -> tuple[Line, ...]:
    """What, when, where, by whom, and the first lines of its description."""
    values = {"title": title_of(one, texts), "nature": texts.plain(f"nature-{one.nature}")}
    lines = [
        *texts.lines("gathering-title", **values),
        *texts.lines("gathering-when", when=dated(one, texts)),
        *texts.lines("gathering-where", where=where(one, texts, with_link=with_link)),
        *texts.lines("gathering-by", organiser=organiser),
    ]
    if one.status is Status.CANCELLED and one.reason:
        lines += texts.lines("gathering-reason", reason=one.reason)
    if one.description:
        lines += texts.lines("gathering-about", text=_cut(one.description))
    if one.page:
        lines += texts.lines("gathering-page", link=one.page)
    return tuple(lines)


def buttons(one: Gathering, texts: Texts, now: datetime) -> tuple[Action, ...]:
    """What everybody may press under its card."""
    actions = []
    if one.approval is Approval.PUBLISHED and not one.takes(now):
        actions.append(Action(texts.plain("signup-button"), "event.enter", {"g": str(one.id)}))
    if one.approval is Approval.PUBLISHED and one.status is not Status.CANCELLED:
        actions.append(Action(texts.plain("calendar-button"), "event.calendar", {"g": str(one.id)}))
    return tuple(actions)


def show_changes(changes: Iterable[Change], after: Gathering, texts: Texts) -> Sequence[Line]:
    """« Horaire : 9 h 30 → 10 h », a line each."""
    shown = {change.field: change for change in changes}
    lines = []
    if "start" in shown or "end" in shown:
        before = _before(after, shown)
        lines.append(_became("when", dated(before, texts), dated(after, texts), texts))
    words = [shown[name] for name in ("title", "venue") if name in shown]
    lines += [_became(one.field, str(one.before), str(one.after), texts) for one in words]
    if "mode" in shown:
        was, now = shown["mode"].before, shown["mode"].after
        lines.append(_became("mode", texts.plain(f"mode-{was}"), texts.plain(f"mode-{now}"), texts))
    if "link" in shown:
        lines += texts.lines("gathering-new-link")
    return lines


def _before(after: Gathering, shown: Mapping[str, Change]) -> Gathering:
    was = {name: shown[name].before for name in ("start", "end") if name in shown}
    return replace(after, **was)  # type: ignore[arg-type]


def _became(name: str, before: str, after: str, texts: Texts) -> Line:
    blank = texts.plain("form-blank")
    what = texts.plain(f"changed-{name}")
    return texts.line("gathering-became", what=what, before=before or blank, after=after or blank)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
