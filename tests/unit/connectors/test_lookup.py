import asyncio
import socket
import threading

import pytest

from connectors.lookup import Lookup


async def test_a_name() -> None:
    found = await Lookup().resolve("localhost", 80)
    assert {answer["host"] for answer in found} <= {"127.0.0.1", "::1"} and found
    assert all(answer["port"] == 80 and answer["hostname"] == "localhost" for answer in found)


@pytest.mark.parametrize("name", ["a" * 64, "a..b", "\udcff"])
async def test_a_name_that_cannot_be(name: str) -> None:
    with pytest.raises(OSError, match=r"."):
        await Lookup().resolve(name, 80)


async def test_a_silent_name_server_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    ask, end = socket.getaddrinfo, threading.Event()

    def silent_for_some(host: str, *args: int) -> object:
        if host == "muet.test":
            end.wait(60)
        return ask("127.0.0.1", *args)

    monkeypatch.setattr(socket, "getaddrinfo", silent_for_some)
    waiting = [asyncio.create_task(Lookup().resolve("muet.test", 80)) for _ in range(100)]
    try:
        assert await Lookup().resolve("exemple.test", 80)
        assert not any(task.done() for task in waiting)
        waiting.pop().cancel()  # its thread answers into the void
    finally:
        end.set()
    assert all(await asyncio.gather(*waiting))
