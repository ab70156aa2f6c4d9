"""`python -m club.faq`: the process that fits a model, or ranks entries for one question after the other. JSON lines
in, JSON lines out; it ends when stdin closes."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from club.faq.meaning import Meaning
from club.faq.model import Model

Json = dict[str, Any]


def _serve(lines: Iterator[str]) -> Iterator[Json]:
    """Answers to what is asked: first `fit` or `load`, then questions."""
    first = json.loads(next(lines))
    meaning, path = Meaning(**first["meaning"]), Path(first["path"])
    if "tune" in first:
        from club.faq.fit import survey
        from club.faq.samples import Sample
        from club.faq.tuning import tune
        from club.faq.words import Tables

        samples = [Sample(*row) for row in first["tune"]]
        ground = survey(samples, meaning, Tables.load(), _former(path.parent))
        yield asdict(tune(ground, by_meaning=ground.senses is not None))
        return
    if "fit" in first:
        from club.faq.fit import fit
        from club.faq.samples import Sample
        from club.faq.words import Tables

        samples = [Sample(*row) for row in first["fit"]]
        threading.Thread(target=_end_with_parent, daemon=True).start()
        model = fit(samples, meaning, Tables.load(), _former(path.parent))
        model.save(path)
        yield {"mark": model.mark}
        return
    from club.faq.matching import Matcher

    matcher = Matcher.load(path, meaning, Path(first["thresholds"]))
    yield {"mark": matcher.model.mark}
    for line in lines:
        ranking = matcher.rank(json.loads(line))
        yield {"likely": ranking.likely, "chance": ranking.chance, "exact": ranking.exact, "lexical": ranking.lexical}


def _end_with_parent() -> None:
    """Half a minute of arithmetic is for nobody once the hub is gone."""
    if not sys.stdin.read(1):
        os._exit(1)


def _former(folder: Path) -> Model | None:
    """The newest model of the folder: most texts are the same, and their meanings take the time."""
    for path in sorted(folder.glob("faq-*.npz"), key=lambda path: -path.stat().st_mtime):
        with suppress(OSError, ValueError, KeyError):
            return Model.load(path)
    return None


def _main() -> None:
    # The terminal's Ctrl-C is for the parent; one thread, since the other core is the hub's.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    for answer in _serve(iter(sys.stdin.readline, "")):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    _main()
