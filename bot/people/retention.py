"""What is forgotten, and when (promise 76): nothing is kept longer than the configuration says."""

from __future__ import annotations

import hashlib
import logging
import secrets
from calendar import monthrange
from datetime import datetime, timedelta

from bot.changes import STOPPED, change, of_subscription
from bot.config.sections import Retention
from bot.feature import Desk, Hub
from club.dialogue import Action, Letter
from club.people import Place

log = logging.getLogger(__name__)

KEEP_DRAFTS = timedelta(days=30)  # settled.md C23
KEEP_UPDATES = timedelta(days=2)
KEEP_REFUSED = 6  # months
KEEP_ASKED = 12  # months, questions that went to a person
KEEP_JUDGED = 24  # months, questions without who asked


async def clean_up(retention: Retention, hub: Hub) -> None:
    """Forget what nobody needs any more, in short transactions: nobody waits long for one of them."""
    async with hub.desk() as desk:
        await desk.tx.drafts.purge(desk.now - KEEP_DRAFTS)
        await desk.tx.proposals.purge(desk.now - KEEP_DRAFTS, months_before(desk.now, KEEP_REFUSED))
        await desk.tx.questions.purge(months_before(desk.now, KEEP_JUDGED))
        await desk.tx.inquiries.purge(desk.now - KEEP_DRAFTS, months_before(desk.now, KEEP_ASKED))
        sent_before = desk.now - timedelta(days=retention.deliveries_days)
        await desk.tx.outbox.purge(sent_before)
        await desk.tx.issues.purge(sent_before, months_before(desk.now, retention.news_months))
        await desk.tx.journal.forget_updates(desk.now - KEEP_UPDATES)
    async with hub.desk() as desk:
        await _clean_journal(retention, desk)
    async with hub.desk() as desk:
        forgotten = await desk.tx.news.purge(months_before(desk.now, retention.news_months))
        if forgotten:
            log.info("entries forgotten", extra={"count": forgotten})
    async with hub.desk() as desk:
        await _end_silent(retention, desk)
        await _warn_silent(retention, desk)


async def _clean_journal(retention: Retention, desk: Desk) -> None:
    """Lines go after a while; before that, who it was."""
    key = bytes.fromhex(await desk.tx.journal.setting("journal", secrets.token_hex(32)))

    def hide(person: int) -> int:
        digest = hashlib.blake2b(str(person).encode(), key=key, digest_size=4).digest()
        return -1 - (int.from_bytes(digest, "big") >> 1)

    await desk.tx.journal.purge(months_before(desk.now, retention.journal_months))
    await desk.tx.journal.hide_persons(months_before(desk.now, retention.journal_names_months), hide)


async def _end_silent(retention: Retention, desk: Desk) -> None:
    """End the subscriptions of those who were warned, in time, and gave no sign."""
    silent_since = months_before(desk.now, retention.inactive_months)
    warned_by = desk.now - timedelta(days=retention.warning_days)
    for person in await desk.tx.people.silent(silent_since, warned_by):
        for one in await desk.tx.subscriptions.of_person(person):
            await desk.tx.subscriptions.remove(one.id)
            ended = change(of_subscription(one.paused), STOPPED)
            subject = f"subscription={one.id}"
            await desk.tx.journal.note(desk.now, "subscription.expired", subject, person, **ended)


async def _warn_silent(retention: Retention, desk: Desk) -> None:
    """Tell those who gave no sign for so long that their subscriptions will end, wherever they can be written to."""
    warning = timedelta(days=retention.warning_days)
    for person in await desk.tx.people.silent(months_before(desk.now + warning, retention.inactive_months)):
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


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months earlier, or the last day of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    year = max(year, 1)  # the configuration may say « for ever » in its own way
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
