"""`ask`: a question to the knowledge base, from the terminal or by the thousand."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import click

from bot.cli.base import TEXTS, as_json, exit_with, read_config, say, with_config, with_json, write_bytes, write_json
from bot.hub.plan import plan_of
from bot.questions.process import Answers
from bot.questions.show import show_extracts
from club.faq.base import Entry, FaqSource, load_entries
from club.faq.knowledge import NotReady
from club.faq.passages import Passages, read_folder
from club.faq.samples import load_labelled
from club.faq.verdicts import THRESHOLDS, Outcome, Verdict
from club.markup import plain


@click.command(help=TEXTS.plain("cli-ask"))
@with_config
@click.argument("question", required=False, metavar=TEXTS.plain("cli-question"))
@click.option("--batch", is_flag=True, help=TEXTS.plain("cli-ask-batch"))
@click.option("--tune", is_flag=True, help=TEXTS.plain("cli-ask-tune"))
@with_json
def ask(question: str | None, *, batch: bool, tune: bool, as_json: bool) -> None:
    """One question, or JSON lines with --batch; --tune measures how sure answers are."""
    if (question is not None) + batch + tune != 1:
        raise click.UsageError(TEXTS.plain("cli-ask-which"))
    if question is not None:
        asyncio.run(_ask(question, as_json=as_json))
    else:
        asyncio.run(_tune(as_json=as_json) if tune else _ask_all())


async def _tune(*, as_json: bool) -> None:
    from bot.cli.drawing import working

    plan = plan_of(read_config())
    with working("cli-ask-tuning"):
        found = await Answers(plan.answers_folder, plan.meaning).tune(load_entries(), load_labelled())
    if as_json:
        write_json(found)
        return
    shares = ("first", "among_three", "right", "wrong", "answered_outside")
    say("cli-ask-tuned", inside=found["inside"], outside=found["outside"], **{n: round(100 * found[n]) for n in shares})
    say("cli-ask-tuned-kept", file=str(plan.answers_folder / THRESHOLDS.name))


@asynccontextmanager
async def _answering() -> AsyncIterator[Answers]:
    plan = plan_of(read_config())
    answers = Answers(plan.answers_folder, plan.meaning)
    answers.start(load_entries(), load_labelled())
    try:
        await _wait(answers)
        yield answers
    finally:
        await answers.stop()


async def _wait(answers: Answers) -> None:
    """Until the answers are there; what takes a while is said to whoever looks."""
    ready, fitting = asyncio.create_task(answers.ready.wait()), asyncio.create_task(answers.fitting.wait())
    await asyncio.wait({ready, fitting}, return_when=asyncio.FIRST_COMPLETED)
    fitting.cancel()
    if ready.done():
        return
    from bot.cli.drawing import working

    with working("cli-ask-preparing"):
        await ready


async def _ask(question: str, *, as_json: bool) -> None:
    async with _answering() as answers:
        try:
            verdict = await answers.find(question)
        except NotReady:
            exit_with(TEXTS.plain("faq-not-ready"))
    if as_json:
        write_json({**_said(verdict), "near": [entry.question for entry in verdict.near]})
    else:
        _tell(verdict)
        if verdict.outcome is Outcome.UNKNOWN:
            dropped = Passages(read_folder(plan_of(read_config()).texts_folder).passages)
            if extracts := dropped.find(question):
                click.echo(plain(show_extracts(extracts, TEXTS)))


async def _ask_all() -> None:
    async with _answering() as answers:
        for line in sys.stdin.buffer:
            if line.strip():
                row = await _answer_to(line, answers)
                write_bytes(as_json(row).encode() + b"\n")


async def _answer_to(line: bytes, answers: Answers) -> dict[str, Any]:
    nothing: dict[str, Any] = {"answer": None, "answered": False, "sources": [], "near": []}
    try:
        asked = json.loads(line)
        ident, question = asked.get("id"), asked["q"]
        if not isinstance(question, str) or not isinstance(ident, str | int | None):
            raise TypeError
        verdict = await answers.find(question)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {"id": None, **nothing, "reason": TEXTS.plain("cli-ask-unreadable")}
    except NotReady:
        return {"id": ident, **nothing, "reason": TEXTS.plain("faq-not-ready")}
    near = [{"question": entry.question, "answer": entry.answer} for entry in verdict.near]
    said = _said(verdict)
    return {"id": ident, **{name: said[name] for name in ("answer", "answered", "sources")}, "near": near}


def _said(verdict: Verdict) -> dict[str, Any]:
    entry = verdict.entry
    return {
        "answered": verdict.outcome is Outcome.ANSWER,
        "answer": entry.answer if entry else verdict.asks or None,
        "entry": entry.id if entry else None,
        "confidence": round(verdict.chance, 3),
        "sources": [_source(entry, source) for source in entry.sources] if entry else [],
    }


def _source(entry: Entry, source: FaqSource) -> dict[str, str]:
    return {"title": source.title, "url": source.url, "version": source.version, "checked": entry.checked.isoformat()}


def _tell(verdict: Verdict) -> None:
    """The verdict as a person reads it."""
    if verdict.entry is not None:
        click.echo(verdict.entry.answer)
        for source in verdict.entry.sources:
            values = {"title": source.title, "version": source.version, "url": source.url}
            say("cli-ask-source", **values, checked=verdict.entry.checked)
        return
    if verdict.asks:
        click.echo(verdict.asks)
    else:
        say("faq-near" if verdict.near else "faq-unknown")
    _list(entry.question for entry in verdict.near)


def _list(questions: Iterable[str]) -> None:
    for question in questions:
        click.echo(TEXTS.plain("cli-ask-near", question=question))
