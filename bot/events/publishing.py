"""A gathering becomes news: at once for who is trusted, else after a moderator's decision; shown in the channels that
follow its region and its themes, and edited there when it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.cards.gathering import buttons, code_of, show_card
from bot.changes import Facts, change
from bot.events.needs import tell_first
from bot.events.rights import holder
from bot.feature import Desk
from club.dialogue import Action, Letter, Message, Request
from club.gathering import Approval, Gathering, event_of
from club.news import Harvest, SourceKind, Status
from club.organisation import Organisation
from club.people import Place, Role
from club.subscription import Subscription, Wish
from club.workdays import after_quiet_hours
from storage.outbox import Address

FIRST = timedelta(minutes=5)  # by so much those who asked for a training know it before the channels


def subject_of(number: int) -> str:
    """What `shown` calls the gathering."""
    return f"gathering:{number}"


def facts(one: Gathering, state: str = "") -> Facts:
    """What the journal keeps of it."""
    known = {"name": one.title, "when": one.start.isoformat(), "place": one.venue}
    return {**known, "state": state} if state else known


async def submit(wanted: Gathering, request: Request, desk: Desk) -> Gathering:
    """Keep a new gathering: published when its organisation is trusted or a moderator typed it, else waiting for a
    moderator, who is told."""
    organisation = await holder(wanted, desk)
    trusted = organisation.trusted or request.person.role >= Role.MODERATOR
    approval = Approval.PUBLISHED if trusted else Approval.WAITING
    one = await desk.tx.gatherings.add(replace(wanted, approval=approval), desk.now)
    state = "journal-is-published" if trusted else "journal-is-waiting"
    await desk.note(request, "event.made", f"gathering={one.id}", **change(after=facts(one, state)))
    if trusted:
        return await publish(one, organisation, desk)
    await desk.tell_moderators(card_key(one), await decision_card(one, organisation, desk))
    return one


def card_key(one: Gathering) -> str:
    """The key of the card that moderators decide with."""
    return f"gathering:{one.id}:card"


async def decision_card(one: Gathering, organisation: Organisation, desk: Desk) -> Message:
    """What moderators read, with its buttons."""
    texts = desk.texts
    author = (await desk.tx.people.names([one.author])).get(one.author) or texts.plain("source-author-unknown")
    lines = texts.lines("event-card", who=f"{author} · {organisation.name}", code=code_of(one.id))
    message = Message((*lines, *show_card(one, organisation.name, texts, with_link=True)))
    return message.offering(
        Action(texts.plain("event-accept-button"), "event.accept", {"g": str(one.id)}),
        Action(texts.plain("event-refuse-button"), "event.refuse", {"g": str(one.id)}),
    )


async def publish(one: Gathering, organisation: Organisation, desk: Desk) -> Gathering:
    """It is news from now on, and announced."""
    one = replace(one, approval=Approval.PUBLISHED)
    one = await make_news(one, organisation, desk)
    told = await tell_first(one, organisation.name, desk)
    await announce(one, organisation, desk, after=FIRST if told else timedelta())
    return one


async def make_news(one: Gathering, organisation: Organisation, desk: Desk) -> Gathering:
    """What letters, the agenda and the outlets tell of it, as it is now."""
    source = await desk.tx.sources.typed(organisation, desk.settings.zone, desk.now)
    event = event_of(one)
    await desk.tx.news.keep([(source, Harvest(SourceKind.ICS, events=(event,)))], desk.now)
    if one.entry is not None:
        return one
    entry = await desk.tx.news.number(source.id, event.identity)
    if entry is None:
        raise LookupError(event.identity)
    await desk.tx.gatherings.shows(one.id, entry)
    return replace(one, entry=entry)


async def followers(one: Gathering, desk: Desk) -> list[Subscription]:
    """The channels whose choices it matches: each place once."""
    wanted: dict[Place, Subscription] = {}
    for order in await desk.tx.subscriptions.channels():
        if not order.paused and _matches(one, order.wish):
            wanted.setdefault(order.place, order)
    return list(wanted.values())


def _matches(one: Gathering, wish: Wish) -> bool:
    themes = not wish.topics or not one.topics or bool(set(wish.topics) & set(one.topics))
    return themes and (not wish.regions or not one.regions or bool(set(wish.regions) & set(one.regions)))


async def announce(one: Gathering, organisation: Organisation, desk: Desk, *, after: timedelta = timedelta()) -> int:
    """Its card in each channel that follows it, in waking hours and so long after now; how many."""
    orders = await followers(one, desk)
    if not orders:
        return 0
    body = await _write_card(one, card_of(one, organisation, desk), desk)
    addresses = [
        Address(f"gathering:{one.id}:announced:{order.id}", order.place, order.id, priority=1) for order in orders
    ]
    due = after_quiet_hours(desk.now + after, desk.texts.zone)
    return await desk.tx.outbox.post(body, addresses, due, desk.now)


def card_of(one: Gathering, organisation: Organisation, desk: Desk) -> Message:
    """What everybody sees of it."""
    return Message(show_card(one, organisation.name, desk.texts)).offering(*buttons(one, desk.texts, desk.now))


async def edit_shown(one: Gathering, organisation: Organisation, desk: Desk) -> int:
    """Each message that shows it as it was says what it is now; how many are to be edited. What has not left leaves
    with the new card. Run again, it edits those alone that were on their way the first time."""
    card = card_of(one, organisation, desk)
    told = await desk.tx.shown.of(subject_of(one.id))
    await desk.tx.shown.renew(subject_of(one.id), await _write_card(one, card, desk))
    count = 0
    for message in told:
        if message.message == card:
            continue
        key = f"{message.key}:{one.sequence}"
        letter = Letter(key, message.place, card, desk.now, priority=2, edits=message.ref)
        count += await desk.tx.outbox.put(letter, desk.now)
    return count


async def _write_card(one: Gathering, card: Message, desk: Desk) -> int:
    """The number of the text of its card: one for each of its versions."""
    body = await desk.tx.outbox.write(subject_of(one.id), f"card:{one.sequence}", card, desk.now)
    await desk.tx.shown.note(body, [subject_of(one.id)])
    return body


def names_of(orders: Iterable[Subscription]) -> str:
    """« #agenda, #occitanie »."""
    return ", ".join(dict.fromkeys(f"#{order.name}" for order in orders if order.name))


def is_off(one: Gathering) -> bool:
    """Whether it does not take place."""
    return one.status is Status.CANCELLED
