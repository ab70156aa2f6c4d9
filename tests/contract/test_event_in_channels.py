"""The real program on both networks: an event in forty channels, changed and cancelled; every message says so, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.events.publishing import edit_shown, publish
from bot.feature import Desk, Settings
from club.gathering import Approval, Gathering
from club.news import Status
from club.organisation import Organisation
from club.texts import Texts
from storage.store import Store
from tests.contract.test_both_chats import CHANNELS, Both
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.telegram import TOKEN
from tests.fakes.telegram_http import serve
from tests.kit.memory import until
from tests.kit.program import Program

pytestmark = pytest.mark.timeout(240)

# Written as if it were yesterday at noon: whatever the hour, letters leave at once.
NOON = (datetime.now(UTC) - timedelta(days=1)).replace(hour=12, minute=0)
VISIT = Gathering(0, "Visite du quartier", NOON + timedelta(days=30), uid="v", approval=Approval.PUBLISHED)


async def do(program: Program, work: Callable[[Desk, Organisation], Awaitable[object]]) -> None:
    """Another program does this on the same memory."""
    store = await Store.open(f"sqlite+aiosqlite:///{program.database}")
    async with store.begin() as tx:
        organisation = await tx.organisations.ensure("USH")
        await work(Desk(tx, Texts(), NOON, Settings()), organisation)
    await store.close()


async def change(desk: Desk, organisation: Organisation, **changed: object) -> None:
    before = await desk.tx.gatherings.get(1)
    assert before is not None
    after = replace(before, sequence=before.sequence + 1, **changed)  # type: ignore[arg-type]
    assert await desk.tx.gatherings.change(before, after, 1, desk.now, told=True)
    assert await edit_shown(after, organisation, desk) == 2 * CHANNELS


async def test_one_event_in_forty_channels_is_changed_and_cancelled_everywhere(tmp_path: Path) -> None:
    both, program = Both(), Program(tmp_path)

    def all_say(words: str, letters: int) -> Callable[[], Awaitable[bool]]:
        async def check() -> bool:
            shown = all(len(said := both.said(place)) == 1 and words in said[0] for place in both.channels())
            return shown and await left(program) == {"sent": letters * 2 * CHANNELS}

        return check

    channels = "".join(
        f'[[channels]]\nname = "c{number}"\nplace = "{place}"\ncadence = "monthly"\n'
        for number, place in enumerate(both.channels())
    )
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(serve(both.telegram))
        await both.discord.open()
        stack.push_async_callback(both.discord.close)
        program.configure(
            f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{api}"\n'
            f'[discord]\ntoken = "{DISCORD_TOKEN}"\napi_url = "{both.discord.root}"\nguild = "500"\n{channels}'
        )
        async with program.running():

            async def begin(desk: Desk, organisation: Organisation) -> None:
                one = await desk.tx.gatherings.add(replace(VISIT, organisation=organisation.id), desk.now)
                await publish(one, organisation, desk)

            await do(program, begin)
            await until(all_say("Visite du quartier", 1), 60)
            await do(program, lambda desk, who: change(desk, who, venue="Maison de quartier, Albi"))
            await until(all_say("Maison de quartier, Albi", 2), 60)
            await do(program, lambda desk, who: change(desk, who, status=Status.CANCELLED, reason="Pluie"))
            await until(all_say("Annulé : Visite du quartier", 3), 60)
    assert both.telegram.faults == []
    assert both.discord.faults == []


async def left(program: Program) -> Counter[str]:
    """The letters by state, once none waits."""
    store = await Store.open(f"sqlite+aiosqlite:///{program.database}")
    try:
        async with store.read() as tx:
            return Counter(await tx.outbox.counts())
    finally:
        await store.close()
