"""On Discord an answer is replaced through its interaction, for a quarter of an hour; later it is said elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.base import Malformed, TryLater
from bot.platforms.discord.calls import Refusal
from bot.platforms.discord.letters import Letters
from bot.platforms.discord.show import EPHEMERAL
from club.dialogue import Message
from club.markup import as_text
from club.people import Place
from club.texts import Texts

HERE = Place("discord", "2000")


class Recorder:
    """Discord's answers, and what it was asked."""

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals = list(refusals)
        self.calls: list[tuple[str, str, Any]] = []

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        self.calls.append((method, path, body))
        if self.refusals:
            raise self.refusals.pop(0)
        return {"id": "1"}


def letters(call: Recorder) -> Letters:
    return Letters(call, Texts(), lambda _: None)


async def test_it_goes_through_the_interaction_and_mentions_nobody() -> None:
    call = Recorder()
    await letters(call).edit(HERE, "@77/tok", Message(as_text("mot " * 900), private=True))
    paths = [(method, path) for method, path, _ in call.calls]
    assert paths[0] == ("PATCH", "/webhooks/77/tok/messages/@original")
    assert set(paths[1:]) == {("POST", "/webhooks/77/tok")}
    assert all(body["allowed_mentions"] == {"parse": []} for _, _, body in call.calls)
    assert all(body["flags"] & EPHEMERAL for _, _, body in call.calls[1:])


@pytest.mark.parametrize("refusal", [Refusal(401, 50027), Refusal(404, 10015), Refusal(404, 10008), Refusal(403, 0)])
async def test_once_the_interaction_is_over_it_cannot_be_replaced(refusal: Refusal) -> None:
    with pytest.raises(Malformed):
        await letters(Recorder(refusal)).edit(HERE, "@77/tok", Message(as_text("Trouvé.")))


async def test_a_bad_moment_is_waited_for() -> None:
    with pytest.raises(TryLater):
        await letters(Recorder(Refusal(503))).edit(HERE, "@77/tok", Message(as_text("Trouvé.")))


@pytest.mark.parametrize("refusal", [Refusal(503), Refusal(502)])  # not heard; heard, and the answer lost
async def test_what_follows_is_not_said_twice(refusal: Refusal) -> None:
    call = Recorder()
    long = Message(as_text("mot " * 1400))

    async def refusing(method: str, path: str, body: Any = None) -> Any:
        call.calls.append((method, path, body))
        if method == "POST" and sum(one[0] == "POST" for one in call.calls) == 2:
            raise refusal
        return {"id": "1"}

    flaky = Letters(refusing, Texts(), lambda _: None)
    if refusal.doubtful:
        await flaky.edit(HERE, "@77/tok", long)
    else:
        with pytest.raises(TryLater):
            await flaky.edit(HERE, "@77/tok", long)
    await flaky.edit(HERE, "@77/tok", long)
    posted = [body["content"] for method, _, body in call.calls if method == "POST"]
    whole = Recorder()
    await letters(whole).edit(HERE, "@77/tok", long)
    parts = [body["content"] for method, _, body in whole.calls if method == "POST"]
    assert posted == ([*parts] if refusal.doubtful else [*parts, parts[-1]])
    await flaky.edit(HERE, "@78/tok", long)
    assert len(call.calls) == 1 + len(posted) + 1 + 1 + len(parts)


async def test_a_gate_that_is_closed_is_waited_for() -> None:
    with pytest.raises(TryLater):
        await letters(Recorder(Refusal(403, -1))).edit(HERE, "@77/tok", Message(as_text("Trouvé.")))
