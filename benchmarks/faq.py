"""How well questions that nobody tuned on are answered, beside the engine of words alone, in the same run.

The development questions are split by line: the even ones may be looked at while tuning, the odd ones are only
reported. `python -m benchmarks.faq` prints both halves and the styles.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.questions.process import Answers
from club.faq.base import load_entries
from club.faq.meaning import Meaning
from club.faq.samples import load_labelled
from club.faq.verdicts import Outcome, Verdict

HERE = Path(__file__).parent / "faq_questions"
KINDS = ("use", "none")
EQUIVALENTS = Path(__file__).parents[1] / "tests" / "data" / "faq_equivalents.toml"


@dataclass(frozen=True)
class Question:
    """`right` are the entries that answer it, none when it is out of scope."""

    text: str
    style: str
    right: frozenset[str]


@dataclass(frozen=True)
class Found:
    verdict: Verdict
    milliseconds: float


@dataclass(frozen=True)
class Engine:
    """What one kind of meaning found, and what it cost."""

    kind: str
    found: Sequence[Found]
    fitting: float  # seconds, 0 when the model was there
    ready: float  # seconds from start to the first answer, the model being there
    memory: float  # MB of the process that answers


def read() -> list[Question]:
    equivalents = tomllib.loads(EQUIVALENTS.read_text("utf-8"))
    also = equivalents.get("equivalents", equivalents)
    inside = (line.split("\t") for line in (HERE / "inside.tsv").read_text("utf-8").splitlines())
    outside = (line.split("\t") for line in (HERE / "outside.tsv").read_text("utf-8").splitlines())
    return [
        *(Question(text, style, frozenset({entry, *also.get(entry, ())})) for style, entry, text in inside),
        *(Question(text, style, frozenset()) for style, text in outside),
    ]


async def run(kind: str, questions: Sequence[Question], folder: Path) -> Engine:
    entries, labelled = load_entries(), load_labelled()
    answers = Answers(folder, Meaning(kind))
    begun = time.perf_counter()
    answers.start(entries, labelled)
    await answers.ready.wait()
    fitting = time.perf_counter() - begun
    await answers.stop()
    answers = Answers(folder, Meaning(kind))
    begun = time.perf_counter()
    answers.start(entries, labelled)
    await answers.ready.wait()
    ready = time.perf_counter() - begun
    found = []
    for question in questions:
        begun = time.perf_counter()
        verdict = await answers.find(question.text)
        found.append(Found(verdict, (time.perf_counter() - begun) * 1000))
    assert answers.pid is not None
    memory = psutil.Process(answers.pid).memory_info().rss / 1e6
    await answers.stop()
    return Engine(kind, found, fitting, ready, memory)


def ranked(verdict: Verdict) -> list[str]:
    answer = [verdict.entry.id] if verdict.entry else []
    return [*answer, *(entry.id for entry in verdict.near)]


def share(values: Iterable[bool]) -> str:
    kept = list(values)
    return f"{sum(kept) / len(kept):.3f}" if kept else "–"


def figures(pairs: Sequence[tuple[Question, Found]]) -> list[str]:
    """recall@1 and @3 (of what is shown), right direct, right direct or button, wrong direct; far and near outsiders
    answered."""
    inside = [(one, found.verdict) for one, found in pairs if one.right]
    outside = [(one, found.verdict) for one, found in pairs if not one.right]
    direct = [(one, verdict) for one, verdict in inside if verdict.outcome is Outcome.ANSWER]
    right = [one for one, verdict in direct if verdict.entry and verdict.entry.id in one.right]
    answered = {
        style: share(verdict.outcome is Outcome.ANSWER for one, verdict in outside if one.style == style)
        for style in ("proche", "loin")
    }
    return [
        share(bool({*ranked(verdict)[:1]} & one.right) for one, verdict in inside),
        share(bool({*ranked(verdict)[:3]} & one.right) for one, verdict in inside),
        f"{len(right) / len(inside):.3f}" if inside else "–",
        share(bool({*ranked(verdict)} & one.right) for one, verdict in inside),
        f"{(len(direct) - len(right)) / len(inside):.3f}" if inside else "–",
        answered["proche"],
        answered["loin"],
    ]


async def main(kinds: Sequence[str] = KINDS, done: Callable[[], None] = lambda: None) -> None:
    """The two tables; `done` is told of each kind of meaning that was measured."""
    questions, engines = read(), []
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            engines.append(await run(kind, questions, Path(folder) / kind))
            done()
    print("\n| FAQ | recall@1 | recall@3 | right direct | right direct or button | wrong direct | near out | far out |")
    print("|---|---|---|---|---|---|---|---|")
    for engine in engines:
        pairs = list(zip(questions, engine.found, strict=True))
        print(f"| {engine.kind}, reported half | {' | '.join(figures(pairs[1::2]))} |")
        print(f"| {engine.kind}, tuned half | {' | '.join(figures(pairs[::2]))} |")
    styles: dict[str, list[tuple[Question, Found]]] = defaultdict(list)
    for question, found in list(zip(questions, engines[0].found, strict=True))[1::2]:
        if question.right:
            styles[question.style].append((question, found))
    for style, pairs in sorted(styles.items()):
        print(f"| {engines[0].kind}, reported half, {style} ({len(pairs)}) | {' | '.join(figures(pairs)[:5])} | | |")
    print("\n| FAQ | p50 | p99 | memory of its process | fitted in | ready, model kept |\n|---|---|---|---|---|---|")
    for engine in engines:
        times = sorted(found.milliseconds for found in engine.found)
        p99 = times[int(0.99 * (len(times) - 1))]
        print(
            f"| {engine.kind} | {statistics.median(times):.1f} ms | {p99:.1f} ms | {engine.memory:.0f} MB "
            f"| {engine.fitting:.1f} s | {engine.ready:.1f} s |",
            flush=True,
        )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or KINDS))
