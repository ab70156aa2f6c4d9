"""Places of a gathering: who signs up, who waits, who is promoted and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.cards.gathering import dated, show_card, title_of
from bot.feature import Desk
from club.dialogue import Action, Message
from club.gathering import Gathering, Terms
from club.organisation import Family
from club.seats import Seat, Signup, are_released, place_in_line, to_promote
from club.texts import Texts
from club.workdays import after_quiet_hours

WEEK, DAY = timedelta(days=7), timedelta(days=1)


async def settle_places(one: Gathering, desk: Desk, *, quiet: int = 0) -> list[Signup]:
    """Give the places that are free to those who wait, in order, and tell each, save the person `quiet` who is looking
    at it; those who got one. The gathering's lock is the caller's."""
    promoted = list(to_promote(one, await desk.tx.signups.of(one.id), desk.now))
    await desk.tx.signups.move([each.id for each in promoted], Seat.TAKEN)
    left = one.starts_at - desk.now
    if left <= WEEK + DAY:  # who is told now is not reminded at once
        times = 2 if left <= 2 * DAY else 1
        await desk.tx.signups.reminded([each.id for each in promoted if each.person != quiet], times)
    told = [each for each in promoted if each.person != quiet]
    await tell_each(one, told, "promoted", promotion(one, desk), desk, urgent=False)
    return promoted


def promotion(one: Gathering, desk: Desk) -> Message:
    """What somebody reads who waited and has a place."""
    message = desk.say("signup-promoted", title=one.title, when=dated(one, desk.texts))
    return message.offering(leave_button(one, desk.texts))


async def tell_each(
    one: Gathering, signups: Sequence[Signup], about: str, message: Message, desk: Desk, *, urgent: bool
) -> None:
    """One private message to each of these sign-ups, once for what it is `about`; in waking hours unless it is
    `urgent`."""
    private = await desk.tx.signups.private_of([each.id for each in signups])
    due = desk.now if urgent else after_quiet_hours(desk.now, desk.texts.zone)
    for each in signups:
        place = private[each.id]
        key = f"gathering:{one.id}:{about}:{each.id}:{each.rank}"
        await desk.send(key, place, message, due=due)


def leave_button(one: Gathering, texts: Texts) -> Action:
    """« Me désinscrire »."""
    return Action(texts.plain("signup-leave-button"), "event.leave", {"g": str(one.id)})


def standing(one: Gathering, mine: Signup, all_signups: Iterable[Signup], organiser: str, desk: Desk) -> Message:
    """Where this person stands: a place with the link to connect, or a rank in line."""
    texts = desk.texts
    if mine.seat is Seat.WAITING:
        line = place_in_line(all_signups, mine, one.terms, released=are_released(one, desk.now))
        kept = "signup-in-line-family" if one.terms.quotas else "signup-in-line"
        family = texts.plain(f"family-{mine.family}-lines")
        message = desk.say(kept, title=title_of(one, texts), rank=line, taken=_taken(all_signups), family=family)
    else:
        message = desk.say("signup-done").adding(show_card(one, organiser, texts, with_link=True))
    calendar = Action(texts.plain("calendar-button"), "event.calendar", {"g": str(one.id)})
    who = Action(texts.plain("registrants-who-button"), "event.who", {"g": str(one.id)})
    return message.offering(calendar, who, leave_button(one, texts)).privately()


def _taken(signups: Iterable[Signup]) -> int:
    return sum(each.seat is Seat.TAKEN for each in signups)


def describe_places(terms: Terms, signups: Sequence[Signup], texts: Texts) -> str:
    """« 12 places sur 20 prises, 3 personnes attendent », by family where places are kept for families; "" when
    nothing is counted."""
    taken = Counter(each.family for each in signups if each.seat is Seat.TAKEN)
    waiting = sum(each.seat is Seat.WAITING for each in signups)
    if terms.quotas:
        parts = [_share(family, taken[family], most, texts) for family, most in terms.quotas.items()]
        others = sum(count for family, count in taken.items() if family not in terms.quotas)
        said = ", ".join([*parts, *([texts.plain("places-others", count=others)] if others else [])])
    elif terms.capacity is not None:
        said = texts.plain("places-of", taken=taken.total(), most=terms.capacity)
    else:
        said = texts.plain("places-open", taken=taken.total())
    return f"{said} · {texts.plain('places-waiting', count=waiting)}" if waiting else said


def _share(family: Family, taken: int, most: int, texts: Texts) -> str:
    return texts.plain("places-family", family=texts.plain(f"family-{family}-lines"), taken=taken, most=most)
