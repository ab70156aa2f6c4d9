"""The child's side of `connectors.reader`: takes documents from stdin, answers on stdout, ends when stdin closes."""

from __future__ import annotations

import json
import os
import resource
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from club.news import Harvest, Source, SourceTrouble
from connectors.sources.document import Document
from connectors.sources.signs import Signs
from connectors.sources.wire import (
    PATIENCE,
    SIZE,
    Json,
    harvest_to_json,
    pack,
    request_from_json,
    signs_to_json,
    trouble_to_json,
)

Parse = Callable[[Document, Source], Harvest]
Look = Callable[[Document], Signs]

MEMORY = 512 * 2**20
GRACE = 2.0  # seconds after that; by then the parent has ended this process, unless it is gone itself


def see_nothing(_: Document) -> Signs:
    """For a process that reads no pages."""
    return Signs()


def serve(parse: Parse, look: Look = see_nothing) -> None:
    """Answer one document after the other until there are no more. Bounds this process' memory first."""
    _bound(resource.RLIMIT_AS, MEMORY)
    _bound(resource.RLIMIT_CORE, 0)
    with os.fdopen(os.dup(0), "rb") as documents, os.fdopen(os.dup(1), "wb") as answers:
        _silence()
        answers.write(pack({}))  # ready: the imports are done and do not count as reading time
        answers.flush()
        while header := _take(documents):
            answer = _answer(parse, look, header, _take(documents))
            answers.write(pack(answer))
            answers.flush()
            if answer.get("spent"):  # memory is short; the next document gets a fresh process
                return


def _answer(parse: Parse, look: Look, header: bytes, body: bytes) -> Json:
    document, source, deadline = request_from_json(json.loads(header), body)
    # The default action of an alarm ends the process even inside a library's loop.
    signal.setitimer(signal.ITIMER_PROF, deadline)
    signal.setitimer(signal.ITIMER_REAL, deadline * PATIENCE + GRACE)
    try:
        if source is None:
            return {"signs": signs_to_json(look(document))}
        return {"harvest": harvest_to_json(parse(document, source))}
    except SourceTrouble as trouble:
        return {"trouble": trouble_to_json(trouble)}
    except MemoryError:
        return {"trouble": trouble_to_json(SourceTrouble("trouble-parse-died")), "spent": True}
    except Exception:  # a bug of a parser or its library: the document is given up, the source says so
        failed = trouble_to_json(SourceTrouble("trouble-parse-failed"))
        return {"trouble": failed, "detail": traceback.format_exc(limit=-5)}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _take(documents: BinaryIO) -> bytes:
    return documents.read(int.from_bytes(documents.read(SIZE)))


def _bound(what: int, limit: int) -> None:
    hard = resource.getrlimit(what)[1]
    # A stricter bound that is already there stays; some systems know no bound on memory at all.
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _silence() -> None:
    """What libraries print must neither mix with the answers nor reach a terminal; a failed start still may."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
