"""Questions go to the process that knows the answers: its model is fitted once in another, kept in a file; a process
that dies is started again. The event loop never waits for arithmetic (decision 10)."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any, cast

from club.faq.base import Entry
from club.faq.forks import Forks
from club.faq.knowledge import NotReady
from club.faq.meaning import Meaning
from club.faq.samples import Labelled, Sample, digest_of, samples_of
from club.faq.verdicts import THRESHOLDS, Ranking, Sureness, Verdict, judge
from connectors.reader import child_environment

log = logging.getLogger(__name__)

_START = 60.0  # seconds for the child's imports and model on a busy machine
_FIT = 900.0  # seconds
_ANSWER = 3.0  # seconds for one question
_AGAIN = 30.0  # seconds before a fitting that failed is tried again
_LINE = 2**20  # bytes of an answer


class Answers:
    """Finds the entries that a question asks for. `folder` keeps fitted models; `meaning` says how questions are
    compared. `start` returns at once, `find` raises NotReady until the model is there."""

    def __init__(self, folder: Path, meaning: Meaning) -> None:
        self._folder = folder
        self._meaning = meaning
        self._entries: dict[str, Entry] = {}
        self._sureness: dict[bool, Sureness] = {}
        self._forks = Forks.load()
        self._child: Process | None = None
        self._path: Path | None = None
        self._turn = asyncio.Lock()
        self._preparing: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()
        self.fitting = asyncio.Event()  # set once a model has to be made, which takes a while

    @property
    def pid(self) -> int | None:
        """The id of the process that answers; None = none runs."""
        return self._child.pid if self._child else None

    def start(self, entries: Iterable[Entry], asked: Iterable[Labelled]) -> None:
        """Answer from these entries as soon as their model is fitted; the former ones serve until then."""
        if self._preparing is not None:
            self._preparing.cancel()
        self._preparing = asyncio.create_task(self._prepare({entry.id: entry for entry in entries}, tuple(asked)))

    async def settled(self) -> None:
        """Return once the entries that were given last are answered from."""
        if self._preparing is not None:
            await self._preparing

    async def stop(self) -> None:
        """End the processes."""
        if self._preparing is not None:
            self._preparing.cancel()
            await asyncio.gather(self._preparing, return_exceptions=True)
        async with self._turn:
            child, self._child = self._child, None
            await _end(child)

    async def find(self, question: str) -> Verdict:
        """What the question comes to; NotReady while there is no model, or it does not answer."""
        if not self.ready.is_set():
            raise NotReady
        async with self._turn:
            ranking = await self._ask(question)
        verdict = judge(ranking, self._entries, self._sureness[ranking.lexical])
        return self._forks.weigh(question, verdict, self._entries)

    async def _prepare(self, entries: dict[str, Entry], asked: Sequence[Labelled]) -> None:
        while True:
            try:
                samples = await asyncio.to_thread(samples_of, entries.values(), asked)
                path = self._folder / f"faq-{digest_of(samples, self._meaning.mark)}.npz"
                if not path.exists():
                    await self._fit(samples, path)
                child = await self._load(path)
                break
            except (OSError, EOFError, ValueError, TimeoutError):
                log.exception("answers not prepared")
                await asyncio.sleep(_AGAIN)
        async with self._turn:
            former, self._child = self._child, child
            self._path, self._entries = path, entries
            self._sureness = self._read_sureness()
        self.ready.set()
        await _end(former)
        await asyncio.to_thread(_forget_others, path)

    @property
    def _thresholds(self) -> Path:
        own = self._folder / THRESHOLDS.name
        return own if own.exists() else THRESHOLDS

    def _read_sureness(self) -> dict[bool, Sureness]:
        return {
            lexical: Sureness.load("none" if lexical else self._meaning.kind, self._thresholds)
            for lexical in (False, True)
        }

    async def tune(self, entries: Iterable[Entry], asked: Iterable[Labelled]) -> dict[str, Any]:
        """Measure how sure answers are on the sorted questions and keep the thresholds in the folder, from where they
        count from the next start on; the figures (see `club.faq.tuning.Measured`)."""
        samples = await asyncio.to_thread(samples_of, entries, asked)
        await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        child = await _spawn()
        try:
            async with asyncio.timeout(_FIT):
                found = await _exchange(child, self._order(self._folder / "none", tune=list(map(astuple, samples))))
        finally:
            await _end(child)
        sureness = Sureness(**{**found["sureness"], "weights": tuple(found["sureness"]["weights"])})
        await asyncio.to_thread(sureness.save, self._meaning.kind, self._folder / THRESHOLDS.name)
        return dict(found)

    async def _fit(self, samples: Sequence[Sample], path: Path) -> None:
        await asyncio.to_thread(path.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
        self.fitting.set()
        log.info("answers are being prepared", extra={"questions": len(samples)})
        child = await _spawn()
        try:
            async with asyncio.timeout(_FIT):
                await _exchange(child, self._order(path, fit=[astuple(sample) for sample in samples]))
        finally:
            await _end(child)

    async def _load(self, path: Path) -> Process:
        child = await _spawn()
        try:
            async with asyncio.timeout(_START):
                await _exchange(child, self._order(path))
        except BaseException:
            await _end(child)
            raise
        return child

    def _order(self, path: Path, **more: object) -> dict[str, object]:
        return {"meaning": asdict(self._meaning), "path": str(path), "thresholds": str(self._thresholds), **more}

    async def _ask(self, question: str) -> Ranking:
        for _ in range(2):  # it may have died between two questions, which is not this one's fault
            try:
                if self._child is None:
                    self._child = await self._load(cast(Path, self._path))
                async with asyncio.timeout(_ANSWER):
                    row = await _exchange(self._child, question)
                return Ranking(tuple(row["likely"]), row["chance"], row["exact"], row["lexical"])
            except (OSError, EOFError, ValueError, TimeoutError):
                log.warning("the answering process is started again")
                child, self._child = self._child, None
                await _end(child)
            except BaseException:
                child, self._child = self._child, None
                await _end(child)  # a half-read answer would be taken for the next question's
                raise
        raise NotReady


async def _spawn() -> Process:
    # A session of its own: the terminal's Ctrl-C is for the parent. One thread: the other core is the hub's.
    environment = child_environment() | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "club.faq"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        start_new_session=True,
        env=environment,
        limit=_LINE,
    )


async def _exchange(child: Process, said: object) -> Any:
    questions, answers = cast(asyncio.StreamWriter, child.stdin), cast(asyncio.StreamReader, child.stdout)
    questions.write(json.dumps(said).encode() + b"\n")
    await questions.drain()
    line = await answers.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    return json.loads(line)


async def _end(child: Process | None) -> None:
    if child is None:
        return
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
    await child.communicate()


def _forget_others(path: Path) -> None:
    """Models of former entries; one that another process just made may go too, and is made again."""
    for other in path.parent.glob("faq-*.npz"):
        if other != path:
            other.unlink(missing_ok=True)
