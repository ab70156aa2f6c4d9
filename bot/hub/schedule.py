"""The tick: APScheduler says when to look, our own tasks do the work (decision 16, choice S8).

A job in flight when APScheduler shuts down is cancelled, so its jobs only set events. Nothing else knows it exists.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.feature import Hub, Job

log = logging.getLogger(__name__)


class Tick:
    """Runs each job when it is time, never twice at once, and once at the beginning."""

    def __init__(self, hub: Hub, jobs: Iterable[Job]) -> None:
        self._hub = hub
        self._jobs = {job.name: job for job in jobs}
        self._wakes = {name: asyncio.Event() for name in self._jobs}
        self._stopping = False
        # Late or missed ticks are one tick; the truth about slots is in the database.
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}, timezone="UTC"
        )

    def start(self) -> None:
        """Arm the tick; the jobs are run by `run`."""
        for name, job in self._jobs.items():
            wake = self._wakes[name]
            wake.set()
            self._scheduler.add_job(_set(wake), "interval", seconds=job.every.total_seconds(), id=name)
        self._scheduler.start()

    async def run(self) -> None:
        """Run the jobs as they are woken, until `stop`; a job that fails is logged and comes again."""
        async with asyncio.TaskGroup() as group:
            for name in self._jobs:
                group.create_task(self._repeat(name))

    def wake(self, name: str) -> None:
        """Do not wait for the next tick."""
        self._wakes[name].set()

    def stop(self) -> None:
        """End after what is running now."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for wake in self._wakes.values():
            wake.set()

    async def _repeat(self, name: str) -> None:
        job, wake = self._jobs[name], self._wakes[name]
        while True:
            # APScheduler counts by the wall clock: were it set back a day, no tick would come before (promise 44).
            with suppress(TimeoutError):
                async with asyncio.timeout(2 * job.every.total_seconds()):
                    await wake.wait()
            wake.clear()
            if self._stopping:
                return
            try:
                await job.run(self._hub)
            except Exception:
                log.exception("job failed", extra={"job": name})


def _set(wake: asyncio.Event) -> object:
    async def tick() -> None:
        wake.set()

    return tick
