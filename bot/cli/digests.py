"""`digest`: what would be sent to channels, and sending it now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from bot.cards.news import show_edition, show_rest
from bot.cli.base import TEXTS, exit_with, read_config, say, with_config, with_json, write_json
from bot.cli.database import opened
from bot.cli.entries import entry_row
from bot.clock import now
from bot.config.model import Config
from bot.letters.editions import edit, send
from bot.letters.slots import following, latest
from bot.platforms.text import honest
from club.dialogue import Message
from club.fold import fold
from club.markup import plain
from club.news import Edition, EditionLine
from club.subscription import Subscription
from club.texts import Texts
from club.wording import relayed_by
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class Sending:
    """What `digest send` did: letters put, channels that had theirs in this slot already, letters that wait in all."""

    letters: int
    served: tuple[str, ...]
    waiting: int


@click.group(help=TEXTS.plain("cli-digest"), subcommand_metavar=TEXTS.plain("cli-help.metavar"))
@with_config
def digest() -> None:
    """The group of what concerns editions."""


@digest.command(help=TEXTS.plain("cli-digest-preview"))
@with_config
@click.option(
    "--channel", "names", multiple=True, metavar=TEXTS.plain("cli-name"), help=TEXTS.plain("cli-digest-channel")
)
@with_json
def preview(names: tuple[str, ...], *, as_json: bool) -> None:
    """What each channel would receive now, by the code that sends."""
    config = read_config()
    moment, found = asyncio.run(_preview(config, names))
    texts = Texts(zone=config.club.timezone)
    if as_json:
        write_json({"channels": [_row(one, edition, moment, texts) for one, edition in found]})
    if not found:
        exit_with(TEXTS.plain("cli-digest-no-channel"))
    for one, edition in () if as_json else found:
        click.echo(_shown(one, edition, moment, texts))


async def _preview(config: Config, names: Sequence[str]) -> tuple[datetime, list[tuple[Subscription, Edition]]]:
    moment = now()
    async with opened(config) as (_, store), store.read() as tx:
        orders = await _chosen(tx, names)
        return moment, [(one, await edit(tx, one.wish, one.watermark, moment)) for one in orders]


async def _chosen(tx: Transaction, names: Sequence[str]) -> list[Subscription]:
    """The active channels of these names (or places), all of them without names."""
    channels = [one for one in await tx.subscriptions.channels() if not one.paused]
    if not names:
        return channels
    known = {fold(one.name): one for one in channels if one.name}
    known |= {spelling: one for one in channels for spelling in (str(one.place), one.name) if spelling}
    found = [known.get(name) or known.get(fold(name)) for name in names]
    for name, one in zip(names, found, strict=True):
        if one is None:
            listed = ", ".join(one.name or str(one.place) for one in channels) or "–"
            raise click.BadParameter(TEXTS.plain("cli-digest-unknown", name=name, known=listed), param_hint="--channel")
    return list({one.id: one for one in found if one}.values())


def _shown(one: Subscription, edition: Edition, moment: datetime, texts: Texts) -> str:
    first = following(one.cadence, moment).due_at
    title = texts.plain("cli-digest-title", name=one.name or str(one.place), place=str(one.place), first=first)
    if edition.is_empty:
        return f"{title}\n{texts.plain('cli-digest-empty', since=one.watermark)}\n"
    messages = [show_edition(edition, texts, moment), *([_rest(edition, texts)] if edition.rest else ())]
    return "\n\n".join([title, *(_plain(message) for message in messages)]) + "\n"


def _rest(edition: Edition, texts: Texts) -> Message:
    return show_rest(edition.rest, 0, len(edition.rest), texts)


def _plain(message: Message) -> str:
    """As a chat without links shows it: hosts in mixed scripts stand in punycode."""
    return plain(map(honest, message.lines))


def _row(one: Subscription, edition: Edition, moment: datetime, texts: Texts) -> dict[str, Any]:
    return {
        "channel": one.name,
        "place": str(one.place),
        "platform": one.place.platform,
        "since": one.watermark.isoformat(),
        "next": following(one.cadence, moment).due_at.isoformat(),
        "text": None if edition.is_empty else _plain(show_edition(edition, texts, moment)),
        "lines": [_line_row(line) for line in edition.lines],
        "rest": [_line_row(line) for line in edition.rest],
    }


def _line_row(line: EditionLine) -> dict[str, Any]:
    return {"section": line.section.value, **entry_row(line.news), "relays": list(relayed_by(line))}


@digest.command("send", help=TEXTS.plain("cli-digest-send"))
@with_config
@click.option(
    "--channel", "names", multiple=True, metavar=TEXTS.plain("cli-name"), help=TEXTS.plain("cli-digest-channel")
)
@click.option("--all", "everybody", is_flag=True, help=TEXTS.plain("cli-digest-all"))
def send_now(names: tuple[str, ...], *, everybody: bool) -> None:
    """Compose now and leave the letters in the outbox; the running hub delivers them."""
    if bool(names) == everybody:
        raise click.UsageError(TEXTS.plain("cli-digest-whom"))
    done = asyncio.run(_send(read_config(), names))
    if done is None:
        exit_with(TEXTS.plain("cli-digest-no-channel"))
    for name in done.served:
        say("cli-digest-served", name=name)
    say("cli-digest-sent", count=done.letters)
    say("cli-digest-waiting", count=done.waiting)


async def _send(config: Config, names: Sequence[str]) -> Sending | None:
    """None when there is no channel to write to."""
    texts = Texts(zone=config.club.timezone)
    async with opened(config) as (_, store):
        async with store.read() as tx:
            orders = await _chosen(tx, names)
            schedules = {schedule.cadence: schedule.id for schedule in await tx.subscriptions.schedules()}
        letters, served = 0, []
        for one in orders:
            async with store.begin() as tx:
                put = await _send_one(tx, one, schedules[one.cadence], texts, config.public_url)
            letters += put or 0
            served += [one.name or str(one.place)] if put is None else []
        async with store.read() as tx:
            waiting = (await tx.outbox.counts()).get("pending", 0)
    return Sending(letters, tuple(served), waiting) if orders else None


async def _send_one(tx: Transaction, one: Subscription, schedule: int, texts: Texts, site: str) -> int | None:
    """How many letters, None when this channel had its own in this slot already."""
    moment = now()
    await tx.news.lock()
    slot = latest(one.cadence, moment)
    taken = f"send:{slot.key}:{one.id}"
    if await tx.subscriptions.is_served(schedule, taken):
        return None
    order = await tx.subscriptions.get(one.id)
    if order is None or order.paused:
        return 0
    # Channels that read the same share a text, so the outbox is given the slot without the channel.
    put = await send(tx, [order], f"{schedule}:send:{slot.key}", texts, moment, site)
    if put:  # where nothing was to say, a later call may have something
        await tx.subscriptions.take_slot(schedule, taken, slot.due_at, moment, skipped=False)
    return put
