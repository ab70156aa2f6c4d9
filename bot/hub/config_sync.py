"""The store as the configuration says: sources, channels, roles; what that changed is in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.changes import Facts, change, of_roles, of_source
from bot.clock import now
from bot.config.model import Order
from bot.hub.plan import Plan
from club.news import Origin
from club.people import Grant, Person, Role
from club.subscription import Subscription
from storage.sources import SourceState
from storage.store import Store, Transaction

_BY = "config"


async def follow(plan: Plan, store: Store) -> None:
    """Write what the plan says into the store: sources, channels, roles."""
    moment = now()
    async with store.begin() as tx:
        before = await tx.sources.all()
        await tx.sources.follow_config(plan.sources, moment)
        await _note_sources(before, await tx.sources.all(), tx, moment)
        await tx.subscriptions.follow_config([_subscription(order, moment) for order in plan.channels], moment)
        held = await tx.people.grants(moment)
        await _follow_roles(plan, tx, moment)
        await _note_roles(held, await tx.people.grants(moment), tx, moment)
        if plan.quick is not None:
            await tx.subscriptions.retime(plan.quick)


def _subscription(order: Order, moment: datetime) -> Subscription:
    return Subscription(order.place, order.wish, order.cadence, watermark=moment, name=order.name, theme=order.theme)


async def _follow_roles(plan: Plan, tx: Transaction, moment: datetime) -> None:
    for platform, section in plan.networks.items():
        for resident in section.residents:
            met = await tx.people.meet(Person(platform, resident.id, resident.name), moment)
            role, organisation = resident.role, resident.organisation
            await tx.people.give(met.number, role, moment, "config", organisation=organisation)
            await tx.people.take(met.number, "config", keep=role, organisation=organisation)
    for account in plan.admins:
        platform, _, ident = account.partition(":")
        met = await tx.people.meet(Person(platform, ident), moment)
        await tx.people.give(met.number, Role.ADMIN, moment, "config-admins")
    await tx.people.keep_only("config-admins", plan.admins)


async def _note_sources(before: list[SourceState], after: list[SourceState], tx: Transaction, at: datetime) -> None:
    """New ones in one line: a first start may bring two hundred."""
    known = {one.source.id: one for one in before}
    new = [one.source.name for one in after if one.source.id not in known]
    if new:
        await tx.journal.note(at, "source.imported", by=_BY, **change(after={"names": new}))
    for one in after:
        was = known.get(one.source.id)
        if was is None or one.source.origin is not Origin.CONFIG or (old := _facts(was)) == (became := _facts(one)):
            continue
        action = "source.changed" if bool(was.paused) is bool(one.paused) else _turned(one)
        await tx.journal.note(at, action, f"source={one.source.id}", by=_BY, **change(*_differing(old, became)))


def _turned(one: SourceState) -> str:
    return "source.paused" if one.paused else "source.resumed"


def _facts(one: SourceState) -> Facts:
    return of_source(one.source, one.paused or "journal-is-read")


def _differing(before: Facts, after: Facts) -> tuple[Facts, Facts]:
    """The facts that differ, and the name."""
    names = [name for name in after if name == "name" or before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


async def _note_roles(before: Iterable[Grant], after: Iterable[Grant], tx: Transaction, at: datetime) -> None:
    held, holds = _by_person(before), _by_person(after)
    for person in {**held, **holds}:
        had, has = held.get(person, []), holds.get(person, [])
        if [one.id for one in had] == [one.id for one in has]:
            continue
        action = "role.given" if {one.id for one in has} - {one.id for one in had} else "role.taken"
        now_has = of_roles(has, await tx.people.role(person, at))
        changed = change(of_roles(had, Role.VISITOR) if had else {}, now_has)
        await tx.journal.note(at, action, f"person={person}", by=_BY, **changed)


def _by_person(grants: Iterable[Grant]) -> dict[int, list[Grant]]:
    found: dict[int, list[Grant]] = {}
    for one in grants:
        found.setdefault(one.person, []).append(one)
    return found
