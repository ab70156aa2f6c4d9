"""Subscribe, see what one receives, pause, stop: for oneself in private, for a channel by those who manage it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from bot import fields
from bot.cards.news import show_line
from bot.changes import STOPPED, change, of_subscription
from bot.feature import Desk, Feature, Route
from bot.letters.editions import glimpse
from bot.letters.slots import following, latest
from club.dialogue import Action, Choice, Field, Kind, Message, Reading, Request
from club.markup import Line
from club.people import Role
from club.refusal import Refused
from club.regions import regions
from club.subscription import Cadence, Rhythm, Subscription, Wish
from club.texts import Texts
from club.topics import topics

MOST = 20  # subscriptions of one person or channel
SHOWN = 5  # lines of last week in the preview
PAUSED_BY_PERSON = "paused-by-person"


def _rhythm(code: str, _: Reading) -> Rhythm:
    return Rhythm(code)


THEME = Field("theme", fields.code, Kind.CHOICE, "themes", required=False, no_number="commitment-unknown")
REGION = Field("region", fields.code, Kind.CHOICE, "regions", required=False)
FREQUENCY = Field("frequency", _rhythm, Kind.CHOICE, "frequencies", required=False)
SUBSCRIPTION = Field("subscription", fields.code, Kind.CHOICE, "subscriptions")


async def themes(request: Request, desk: Desk) -> Sequence[Choice]:
    """What one may follow, also by the number of its main commitment."""
    return [Choice(one.code, one.name, one.aliases, topics().commitments_of(one)[0]) for one in topics().themes]


async def all_regions(request: Request, desk: Desk) -> Sequence[Choice]:
    """Where one may be, by name."""
    return [Choice(region.code, region.name, region.aliases) for region in regions().regions]


async def frequencies(request: Request, desk: Desk) -> Sequence[Choice]:
    """How often one may be written to."""
    offered = [Rhythm.DAILY, Rhythm.WEEKLY, Rhythm.MONTHLY]
    if desk.settings.quick:
        offered.insert(0, Rhythm.INTERVAL)
    return [
        Choice(rhythm, desk.texts.plain(f"frequency-{rhythm}"), desk.texts.words(f"frequency-{rhythm}.aliases"))
        for rhythm in offered
    ]


async def own_subscriptions(request: Request, desk: Desk) -> Sequence[Choice]:
    """What this person, or this channel, receives; the codes are no positions, so « 2 » is the second one."""
    return [Choice(f"s{one.id}", describe(one, desk.texts)) for one in await _own(request, desk)]


async def _own(request: Request, desk: Desk) -> list[Subscription]:
    if request.private:
        return await desk.tx.subscriptions.of_person(request.person.number)
    return await desk.tx.subscriptions.of_place(request.place)


async def check_channel(request: Request, _: Desk) -> None:
    """In a channel: only who manages it, and only where the bot may write."""
    if request.private:
        return
    if not request.may_manage:
        raise Refused("channel-not-managed")
    if request.missing_rights:
        raise Refused("channel-no-rights", rights=", ".join(request.missing_rights))


def describe(one: Subscription, texts: Texts) -> str:
    """« Eau · Occitanie · chaque semaine »."""
    return " · ".join((_theme(one, texts), _regions(one.wish, texts), texts.plain(f"frequency-{one.cadence.rhythm}")))


def _theme(one: Subscription, texts: Texts) -> str:
    if one.theme:
        return topics().theme(one.theme).name
    if one.wish.topics:
        return texts.plain("wish-commitments", numbers=", ".join(map(str, one.wish.topics)))
    return texts.plain("wish-all-topics")


def _regions(wish: Wish, texts: Texts) -> str:
    return ", ".join(regions().region(code).name for code in wish.regions) or texts.plain("wish-all-regions")


def _wanted(request: Request, desk: Desk) -> Subscription:
    theme, region = request.get(THEME), request.get(REGION)
    wish = Wish(
        topics=tuple(sorted(topics().commitments_of(topics().theme(theme)))) if theme else (),
        regions=(region,) if region else (),
    )
    rhythm = request.get(FREQUENCY) or Rhythm.WEEKLY
    cadence = Cadence(rhythm, time(8), zone=desk.settings.zone)
    if rhythm is Rhythm.INTERVAL and desk.settings.quick:
        cadence = desk.settings.quick
    person = request.person.number if request.private else None
    # The first letter tells the whole period that it closes, whichever day of it one subscribed.
    since = latest(cadence, desk.now).due_at
    return Subscription(request.place, wish, cadence, since, person=person, theme=theme or "")


async def preview(request: Request, desk: Desk) -> Message:
    """What the choice would have sent last week, by the code that sends, and when the first letter comes."""
    wanted = _wanted(request, desk)
    week = await glimpse(desk.tx, wanted.wish, desk.now)
    first = following(wanted.cadence, desk.now).due_at
    if week.edition.is_empty:
        return desk.say("subscribe-last-week-empty", first=first)
    message = desk.say("subscribe-last-week", items=week.items, events=week.events)
    lines = [show_line(line, desk.texts) for line in week.edition.lines[:SHOWN]]
    return message.adding(lines).adding(desk.texts.lines("subscribe-first", first=first))


async def subscribe(request: Request, desk: Desk) -> Message:
    """A new standing order; served from now on."""
    wanted = _wanted(request, desk)
    existing = await _own(request, desk)
    if any((one.wish, one.cadence) == (wanted.wish, wanted.cadence) for one in existing):
        raise Refused("subscribe-same", what=describe(wanted, desk.texts))
    if len(existing) >= MOST:
        raise Refused("subscribe-too-many", most=MOST)
    number = await desk.tx.subscriptions.add(wanted, desk.now)
    person = request.person
    await desk.tx.people.consent(person.number, "subscribe", person.platform, desk.now)
    await desk.note(request, "subscription.added", f"subscription={number}", **change(after=of_subscription()))
    key = "subscribed" if request.private else "subscribed-channel"
    first = following(wanted.cadence, desk.now).due_at
    message = desk.say(key, what=describe(wanted, desk.texts), first=first)
    return message.offering(Action(desk.texts.plain("subscriptions-button"), "subscriptions"))


async def show(request: Request, desk: Desk) -> Message:
    """What one receives, with buttons to pause and stop each."""
    own = await _own(request, desk)
    if not own:
        empty = desk.say("subscriptions-none" if request.private else "subscriptions-none-channel")
        return empty.offering(Action(desk.texts.plain("help-subscribe-button"), "subscribe"))
    message = desk.say("subscriptions-title" if request.private else "subscriptions-title-channel", count=len(own))
    for place, one in enumerate(own, 1):
        message = message.adding([await _line(place, one, desk)])
        name = "resume" if one.paused else "pause"
        label = desk.texts.plain(f"subscription-{name}-button", number=place)
        code = {"subscription": f"s{one.id}"}
        stop = desk.texts.plain("subscription-stop-button", number=place)
        message = message.offering(Action(label, f"subscription.{name}", code), Action(stop, "unsubscribe", code))
    return replace(message, again=Action("", "subscriptions"))


async def _line(place: int, one: Subscription, desk: Desk) -> Line:
    what = describe(one, desk.texts)
    if one.paused:
        return desk.texts.line("subscriptions-paused", number=place, what=what, why=desk.texts.plain(one.paused))
    if barred := await desk.tx.barred.get(one.place):
        values = {"why": desk.texts.plain(barred.why), "again": barred.again_at}
        return desk.texts.line("subscriptions-barred", number=place, what=what, **values)
    first = following(one.cadence, desk.now).due_at
    return desk.texts.line("subscriptions-line", number=place, what=what, first=first)


async def _chosen(request: Request, desk: Desk) -> Subscription:
    """The subscription meant, if it is this person's or this channel's and not the configuration's."""
    number = int(request[SUBSCRIPTION].removeprefix("s"))
    found = next((one for one in await _own(request, desk) if one.id == number), None)
    if found is None:
        raise Refused("subscription-gone")
    if await desk.tx.subscriptions.origin(number) == "config":
        raise Refused("subscription-of-config", what=describe(found, desk.texts))
    return found


async def unsubscribe(request: Request, desk: Desk) -> Message:
    """Stop it, what is queued included (promise 45)."""
    one = await _chosen(request, desk)
    await desk.tx.subscriptions.remove(one.id)
    await desk.note(
        request, "subscription.removed", f"subscription={one.id}", **change(of_subscription(one.paused), STOPPED)
    )
    stopped = desk.say("unsubscribed", what=describe(one, desk.texts))
    if not await _own(request, desk):
        return stopped.offering(Action(desk.texts.plain("help-subscribe-button"), "subscribe"))
    # The others have new numbers now: they are shown, so that the same « 1 » said again is no mistake.
    left = await show(request, desk)
    return stopped.adding(left.lines).offering(*left.actions)


async def pause(request: Request, desk: Desk) -> Message:
    """Silence until it is resumed; then one letter, not the backlog."""
    one = await _chosen(request, desk)
    await desk.tx.subscriptions.pause(one.id, PAUSED_BY_PERSON)
    resume = Action(
        desk.texts.plain("subscription-resume"), "subscription.resume", {"subscription": request[SUBSCRIPTION]}
    )
    return desk.say("subscription-paused", what=describe(one, desk.texts)).offering(resume)


async def resume(request: Request, desk: Desk) -> Message:
    """Letters come again, from the next one on."""
    one = await _chosen(request, desk)
    await desk.tx.subscriptions.pause(one.id, "")
    first = following(one.cadence, desk.now).due_at
    button = Action(desk.texts.plain("subscriptions-button"), "subscriptions")
    return desk.say("subscription-resumed", what=describe(one, desk.texts), first=first).offering(button)


async def keep(request: Request, desk: Desk) -> Message:
    """They were about to end, and whoever asks to keep them has done something: that is all it takes."""
    button = Action(desk.texts.plain("subscriptions-button"), "subscriptions")
    return desk.say("subscriptions-kept").offering(button)


FEATURE = Feature(
    routes=(
        Route(
            "subscribe",
            subscribe,
            (THEME, REGION, FREQUENCY),
            Role.MEMBER,
            listed=True,
            changes=True,
            preview=preview,
            guard=check_channel,
        ),
        Route("subscriptions", show, role=Role.MEMBER, listed=True),
        Route(
            "unsubscribe",
            unsubscribe,
            (SUBSCRIPTION,),
            Role.MEMBER,
            listed=True,
            changes=True,
            guard=check_channel,
            instead=show,
        ),
        Route("subscriptions.keep", keep, role=Role.VISITOR),
        Route("subscription.pause", pause, (SUBSCRIPTION,), Role.MEMBER, guard=check_channel),
        Route("subscription.resume", resume, (SUBSCRIPTION,), Role.MEMBER, guard=check_channel),
    ),
    lists={
        "themes": themes,
        "regions": all_regions,
        "frequencies": frequencies,
        "subscriptions": own_subscriptions,
    },
    fixed=frozenset({"themes", "regions", "frequencies"}),
)
