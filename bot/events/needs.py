"""Trainings: those that come, and those that people ask for. Counts are shown from five people on; when a session
opens, who asked for it is told first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot import fields
from bot.cards.gathering import buttons, show_card
from bot.feature import Desk, Feature, Keeping, Route
from club.agenda import Filter, Occasion
from club.dialogue import Action, Field, Kind, Letter, Message, Request
from club.fold import fold
from club.gathering import Gathering, Nature
from club.markup import Line
from club.news import Status
from club.people import Place, Role
from club.regions import regions
from club.texts import Texts
from club.topics import topics
from club.wording import when
from club.workdays import after_quiet_hours
from storage.personal import Held
from storage.tables import need

SHOWN_FROM = 5  # people: fewer would say who
KEPT = timedelta(days=731)
AHEAD = timedelta(days=400)
MOST = 10

REGION = Field("agenda-region", fields.code, Kind.CHOICE, "regions", required=False)
THEME = Field("agenda-theme", fields.code, Kind.CHOICE, "themes", required=False)
WANTED = Field("need-theme", fields.code, Kind.CHOICE, "themes")
WHERE = Field("need-region", fields.code, Kind.CHOICE, "regions", required=False)


async def trainings(request: Request, desk: Desk) -> Message:
    """Those that come, by region and theme; when there is none, the way to ask for one."""
    theme, region = request.get(THEME), request.get(REGION)
    numbers = tuple(sorted(topics().commitments_of(topics().theme(theme)))) if theme else ()
    chosen = Filter((region,) if region else (), numbers)
    coming = chosen.of(await desk.tx.agenda.between(desk.now, desk.now + AHEAD))
    found = [one for one in coming if _is_training(one, desk.texts) and one.status is not Status.CANCELLED][:MOST]
    texts = desk.texts
    message = desk.say("trainings", count=len(found)) if found else desk.say("trainings-none")
    message = message.adding([line for one in found for line in _line(one, texts)])
    values = {WANTED.name: theme} if theme else {}
    values |= {WHERE.name: region} if region else {}
    return message.offering(Action(texts.plain("need-button"), "need.add", values))


def _is_training(one: Occasion, texts: Texts) -> bool:
    words = set(texts.words("training-words"))
    return one.nature is Nature.TRAINING or bool(words & set(fold(one.title).split()))


def _line(one: Occasion, texts: Texts) -> tuple[Line, ...]:
    place = one.place or texts.plain("mode-online")
    dates = when(one.start, one.end, one.zone, texts)
    return texts.lines("agenda-line", when=dates, title=one.title, place=place, by=one.organiser, link=one.link or "")


async def ask(request: Request, desk: Desk) -> Message:
    """One more who asks for it; how many they are, from five on."""
    theme, region = request[WANTED], request.get(WHERE) or ""
    private = Place(request.person.platform, request.person.id)
    await desk.tx.needs.add(request.person.number, private, theme, region, desk.now)
    count = await desk.tx.needs.count(theme, region)
    values = {"theme": topics().theme(theme).name, "region": _where(region, desk.texts)}
    if count < SHOWN_FROM:
        return desk.say("need-noted", least=SHOWN_FROM, **values).privately()
    return desk.say("need-counted", count=count, **values).privately()


def _where(region: str, texts: Texts) -> str:
    return regions().region(region).name if region else texts.plain("source-national")


async def drop(request: Request, desk: Desk) -> Message:
    """Nothing is asked for any more."""
    count = await desk.tx.needs.drop(request.person.number)
    return desk.say("need-dropped", count=count).privately()


async def show_counts(request: Request, desk: Desk) -> Message:
    """What is asked for, by theme and region, where five people at least do."""
    asked = [one for one in await desk.tx.needs.counts() if one.count >= SHOWN_FROM]
    if not asked:
        return desk.say("need-none", least=SHOWN_FROM)
    lines = [
        desk.texts.line(
            "need-line", theme=topics().theme(one.theme).name, region=_where(one.region, desk.texts), count=one.count
        )
        for one in asked[:30]
    ]
    return desk.say("need-title").adding(lines)


async def tell_first(one: Gathering, organiser: str, desk: Desk) -> int:
    """Who asked for such a training is told, before the channels; how many."""
    if one.nature is not Nature.TRAINING:
        return 0
    themes = _themes(one)
    waiting = await desk.tx.needs.waiting(themes, one.regions)
    card = desk.say("need-opened").adding(show_card(one, organiser, desk.texts))
    message = card.offering(*buttons(one, desk.texts, desk.now))
    due = after_quiet_hours(desk.now, desk.texts.zone)
    for person, place in waiting.items():
        await desk.tx.outbox.put(Letter(f"gathering:{one.id}:need:{person}", place, message, due, priority=2), desk.now)
    await desk.tx.needs.told(list(waiting), themes, desk.now)
    return len(waiting)


def _themes(one: Gathering) -> Sequence[str]:
    """The themes that it speaks of; all when it does not say."""
    wanted = set(one.topics)
    known = topics()
    return [theme.code for theme in known.themes if not wanted or wanted & set(known.commitments_of(theme))]


async def forget(desk: Desk) -> None:
    """Two years after, it is asked for no more."""
    await desk.tx.needs.purge(desk.now - KEPT)


FEATURE = Feature(
    routes=(
        Route("training.list", trainings, (REGION, THEME), Role.VISITOR, listed=True),
        Route("need.add", ask, (WANTED, WHERE), Role.MEMBER, listed=True),
        Route("need.drop", drop, (), Role.MEMBER, listed=True),
        Route("need.list", show_counts, (), Role.PARTNER, listed=True),
    ),
    holds=(Keeping((Held(need, {"person_id": None}),), forget),),
)
