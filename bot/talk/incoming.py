"""What came in, before anything is done with it."""

from __future__ import annotations

from dataclasses import replace

from club.dialogue import Request
from connectors.sources.clean import without_unseen


def clean(request: Request) -> Request:
    """What never enters storage is taken off what came in (promise 16); the token is ours or refused."""
    name = " ".join(without_unseen(request.person.name).split())[:80]
    return replace(
        request,
        person=replace(request.person, name=name),
        words=without_unseen(request.words),
        values={field: without_unseen(value) for field, value in request.values.items()},
    )
