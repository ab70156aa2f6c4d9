"""The letter on demand: what the next one would say, and one at once."""

from __future__ import annotations

from datetime import timedelta

from bot import fields
from bot.cards.news import show_edition
from bot.feature import Desk, Feature, Job, Route
from bot.letters.editions import edit, glimpse, prepare_due, send
from bot.letters.issues import offer_rest, show_more
from bot.letters.slots import following
from club.dialogue import Action, Field, Message, Request
from club.news import Edition
from club.people import Role
from club.refusal import Refused
from club.subscription import Subscription, Wish

AGAIN = timedelta(hours=1)  # on demand at most once an hour
BODY = Field("b", fields.number)
ISSUE = Field("e", fields.number)
BEGIN = Field("n", fields.number, required=False)
LOOK_EVERY = timedelta(seconds=5)  # for slots that are due


async def _own(request: Request, desk: Desk) -> list[Subscription]:
    if request.private:
        own = await desk.tx.subscriptions.of_person(request.person.number)
    else:
        own = await desk.tx.subscriptions.of_place(request.place)
    return [one for one in own if not one.paused]


async def preview(request: Request, desk: Desk) -> Message:
    """What would leave now, by the code that sends; without a subscription, what the Club published last week."""
    own = await _own(request, desk)
    if not own:
        week = await glimpse(desk.tx, Wish(), desk.now)
        message = desk.say("preview-no-subscription")
        if not week.edition.is_empty:
            message = await _add_edition(message, week.edition, Wish(), "", request, desk)
        return message.offering(Action(desk.texts.plain("help-subscribe-button"), "subscribe"))
    message = Message(())
    for one in own:
        edition = await edit(desk.tx, one.wish, one.watermark, desk.now)
        first = following(one.cadence, desk.now).due_at
        if edition.is_empty:
            message = message.adding(desk.texts.lines("preview-empty", since=one.watermark, first=first))
        else:
            message = message.adding(desk.texts.lines("preview-title", first=first))
            message = await _add_edition(message, edition, one.wish, str(one.id), request, desk)
    return message.offering(Action(desk.texts.plain("digest-now-button"), "digest.now"))


async def _add_edition(
    message: Message, edition: Edition, wish: Wish, which: str, request: Request, desk: Desk
) -> Message:
    """The edition below, with its rest as the letter offers it."""
    slot = f"preview:{request.person.number}:{int(desk.now.timestamp())}"
    rest = await offer_rest(desk.tx, edition, wish, slot, which, desk.texts, desk.now)
    return message.adding(show_edition(edition, desk.texts, desk.now).lines).offering(*rest)


async def now(request: Request, desk: Desk) -> Message:
    """The letter at once: what is new since the last one, so that nothing comes twice."""
    own = await _own(request, desk)
    if not own:
        button = Action(desk.texts.plain("help-subscribe-button"), "subscribe")
        return desk.say("digest-no-subscription").offering(button)
    subjects = [f"person={request.person.number}"] if request.private else [f"subscription={one.id}" for one in own]
    for subject in subjects:
        last = await desk.tx.journal.last_time("digest.now", subject)
        if last is not None and desk.now - last < AGAIN:
            raise Refused("digest-too-soon", again=last + AGAIN)
    await desk.tx.news.lock()
    since = min(one.watermark for one in own)
    put = await send(desk.tx, own, f"now:{int(desk.now.timestamp())}", desk.texts, desk.now, desk.settings.public_url)
    if not put:
        first = min(following(one.cadence, desk.now).due_at for one in own)
        return desk.say("digest-nothing-new", since=since, first=first)
    for subject in subjects:
        await desk.note(request, "digest.now", subject)
    return desk.say("digest-on-its-way", count=put)


async def rest(request: Request, desk: Desk) -> Message:
    """Lines that did not fit, twenty at a time."""
    issue = await desk.tx.issues.get(request[ISSUE])
    if issue is None:
        return desk.say("edition-rest-gone")
    return show_more(issue, request.get(BEGIN) or 0, desk.texts)


async def rest_as_text(request: Request, desk: Desk) -> Message:
    """The same of letters sent by version 0.1, which kept their rest as a text for thirty days."""
    message = await desk.tx.outbox.text(request[BODY])
    return message or desk.say("edition-rest-gone")


async def check_channel(request: Request, _: Desk) -> None:
    """A channel's letter is sent by those who manage it."""
    if not request.private and not request.may_manage:
        raise Refused("channel-not-managed")


FEATURE = Feature(
    routes=(
        Route("digest.preview", preview, role=Role.MEMBER, listed=True),
        Route("digest.now", now, role=Role.MEMBER, listed=True, guard=check_channel),
        Route("issue.rest", rest, (ISSUE, BEGIN), role=Role.VISITOR),
        Route("digest.rest", rest_as_text, (BODY,), role=Role.VISITOR),
    ),
    jobs=(Job("digests", LOOK_EVERY, prepare_due),),
)
