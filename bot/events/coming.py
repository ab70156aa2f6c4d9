"""What happens by itself before and after a gathering: places that a date releases, reminders seven days and one day
before, sign-ups that are forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.cards.gathering import show_card, title_of
from bot.events.places import DAY, WEEK, leave_button, settle_places, tell_each
from bot.events.publishing import is_off
from bot.events.rights import holder
from bot.feature import Desk, Feature, Hub, Job
from club.gathering import Approval, Gathering
from club.seats import Signup
from club.workdays import after_quiet_hours

AHEAD = timedelta(days=400)


async def release(hub: Hub) -> None:
    """Places that families did not use go to those who wait, from the date that was chosen."""
    for one in await _to_come(hub, AHEAD):
        if one.terms.quotas and one.terms.release_on and not is_off(one):
            async with hub.desk() as desk:
                await desk.tx.signups.lock(one.id)
                fresh = await desk.tx.gatherings.get(one.id)
                if fresh is not None and not is_off(fresh):
                    await settle_places(fresh, desk)


async def remind(hub: Hub) -> None:
    """Who has a place is reminded, in waking hours: a week before, and the day before. Who signed up within two days
    of a reminder is not told again."""
    now = hub.clock()
    if after_quiet_hours(now, hub.texts.zone) != now:
        return
    for one in await _to_come(hub, WEEK + DAY):
        if is_off(one):
            continue
        async with hub.desk() as desk:
            await _remind(one, desk)


async def _to_come(hub: Hub, ahead: timedelta) -> Sequence[Gathering]:
    async with hub.look() as desk:
        return await desk.tx.gatherings.between(desk.now, desk.now + ahead, Approval.PUBLISHED)


async def _remind(one: Gathering, desk: Desk) -> None:
    zone = ZoneInfo(one.zone)
    left = one.starts_at.astimezone(zone).date() - desk.now.astimezone(zone).date()
    times = 2 if left <= DAY else 1 if left <= WEEK else 0
    due = await desk.tx.signups.to_remind(one.id, times) if times else []
    if not due:
        return
    await desk.tx.signups.reminded([each.id for each in due], times)
    told = [each for each in due if not _is_fresh(each, desk)]
    organiser = (await holder(one, desk)).name
    card = show_card(one, organiser, desk.texts, with_link=True)
    key = "signup-tomorrow" if times == 2 else "signup-soon"
    message = desk.say(key, title=title_of(one, desk.texts)).adding(card).offering(leave_button(one, desk.texts))
    await tell_each(one, told, f"reminder:{times}", message, desk, urgent=False)


def _is_fresh(signup: Signup, desk: Desk) -> bool:
    return signup.made_at is not None and desk.now - signup.made_at < 2 * DAY


FEATURE = Feature(
    jobs=(
        Job("event-places", timedelta(minutes=15), release),
        Job("event-reminders", timedelta(minutes=15), remind),
    )
)
