"""What is kept of letters and subscriptions, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.changes import STOPPED, change, of_subscription
from bot.feature import Desk, Feature, Keeping
from club.dialogue import Action, Letter
from club.people import Place
from club.retention import months_before
from storage.personal import Held
from storage.tables import barred, delivery, lane, subscription


async def forget_letters(desk: Desk) -> None:
    """What left, after some days; public editions as long as news."""
    kept = desk.settings.retention
    sent_before = desk.now - timedelta(days=kept.deliveries_days)
    await desk.tx.outbox.purge(sent_before)
    await desk.tx.issues.purge(sent_before, months_before(desk.now, kept.news_months))


async def end_silent(desk: Desk) -> None:
    """End the subscriptions of those who were warned, in time, and gave no sign; warn those whose turn comes."""
    kept = desk.settings.retention
    silent_since = months_before(desk.now, kept.inactive_months)
    warned_by = desk.now - timedelta(days=kept.warning_days)
    for person in await desk.tx.people.silent(silent_since, warned_by):
        for one in await desk.tx.subscriptions.of_person(person):
            await desk.tx.subscriptions.remove(one.id)
            ended = change(of_subscription(one.paused), STOPPED)
            subject = f"subscription={one.id}"
            await desk.tx.journal.note(desk.now, "subscription.expired", subject, person, **ended)
    await _warn_silent(desk)


async def _warn_silent(desk: Desk) -> None:
    """Tell those who gave no sign for so long that their subscriptions will end, wherever they can be written to."""
    kept = desk.settings.retention
    warning = timedelta(days=kept.warning_days)
    for person in await desk.tx.people.silent(months_before(desk.now + warning, kept.inactive_months)):
        await desk.tx.people.warned(person, desk.now)
        own = await desk.tx.subscriptions.of_person(person)
        since = await desk.tx.people.last_act(person)
        for place in dict.fromkeys(one.place for one in own if one.paused != "paused-unreachable"):
            await desk.tx.outbox.put(_warning(person, place, len(own), since, desk.now + warning, desk), desk.now)


def _warning(person: int, place: Place, count: int, since: datetime, end: datetime, desk: Desk) -> Letter:
    zone = desk.texts.zone
    days = {"since": desk.texts.day(since.astimezone(zone).date()), "end": desk.texts.day(end.astimezone(zone).date())}
    button = Action(desk.texts.plain("subscriptions-ending-button"), "subscriptions.keep")
    message = desk.say("subscriptions-ending", count=count, **days).offering(button)
    return Letter(f"ending:{person}:{place.platform}:{desk.now:%Y-%m-%d}", place, message, desk.now)


FEATURE = Feature(
    holds=(
        Keeping(
            (
                Held(delivery, {}, at_place=True),
                Held(lane, {}, at_place=True, is_given=False),
                Held(barred, {}, at_place=True, is_given=False),
            ),
            forget_letters,
        ),
        Keeping((Held(subscription, {"person_id": None}),), end_silent),
    )
)
