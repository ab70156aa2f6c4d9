"""The hub's own collection, one source after the other: reads `{"source", "database", "passes"}` on stdin, a line each,
and says in how many seconds it was done. Each has a database of its own; fetcher and parser serve them all."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import replace
from typing import Any

from bot.app import collecting
from bot.clock import now
from bot.config.model import load
from bot.hub.plan import plan_of
from club.news import Source, SourceKind
from storage.store import Store


async def main() -> None:
    plan = plan_of(load(None, {}))
    async with collecting(plan, await Store.open("sqlite+aiosqlite:///control.sqlite3")) as collector:
        print("ready", flush=True)  # noqa: T201
        while line := await asyncio.to_thread(sys.stdin.readline):
            order: dict[str, Any] = json.loads(line)
            store = await Store.open(f"sqlite+aiosqlite:///{order['database']}")
            async with store.begin() as tx:
                wanted = order["source"]
                await tx.sources.add(Source(wanted["name"], wanted["url"], SourceKind(wanted["kind"])), now())
            begun = time.perf_counter()
            for number in range(order["passes"]):
                await replace(collector, store=store).collect(everything=number > 0)
            print(f"done {time.perf_counter() - begun}", flush=True)  # noqa: T201
            await store.close()
        await collector.store.close()


if __name__ == "__main__":
    asyncio.run(main())
