"""What an operator relies on: a configuration that is followed on demand, logs fit to be shown, files for one account
(promises 53, 77, 81, 84)."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.telegram import TOKEN, No, Telegram
from tests.fakes.telegram_http import serve
from tests.kit.memory import until
from tests.kit.program import Partners, Program, serve_partners

ANA, PAUL = 1001, 1002
FEED = "<rss version='2.0'><channel><title>F</title><item><title>{0}</title><guid>{0}</guid></item></channel></rss>"


@pytest.fixture
async def partners() -> AsyncIterator[Partners]:
    async with serve_partners() as made:
        made.pages |= {"a": FEED.format("Une"), "b": FEED.format("Deux")}
        yield made


@pytest.fixture
def ecohub(tmp_path: Path) -> Program:
    return Program(tmp_path)


def ask(ecohub: Program, query: str) -> list[Any]:
    with closing(sqlite3.connect(ecohub.database)) as base:
        return base.execute(query).fetchall()


async def test_the_file_is_followed_on_demand(ecohub: Program, partners: Partners) -> None:
    ecohub.configure(partners.config({"A": "a"}))
    channel = '[[channels]]\nname = "Actus"\nplace = "simulator:actus"\n'

    async def read(*titles: str) -> None:
        async def there() -> bool:
            return sorted(row[0] for row in ask(ecohub, "SELECT title FROM entry")) == sorted(titles)

        await until(there)

    async with ecohub.running() as (process, _):
        await read("Une")
        ecohub.configure("[[sources]\n")
        process.send_signal(signal.SIGHUP)
        ecohub_file = ecohub.folder / "config.toml"
        ecohub_file.rename(ecohub.folder / "away")
        process.send_signal(signal.SIGHUP)
        ecohub.configure(partners.config({"B": "b"}) + channel)
        process.send_signal(signal.SIGHUP)
        await read("Une", "Deux")
        assert ask(ecohub, "SELECT name FROM source WHERE paused = ''") == [("B",)]
        assert ask(ecohub, "SELECT name FROM subscription WHERE paused = ''") == [("Actus",)]
        assert process.returncode is None
    assert "configuration followed sources=1 channels=1" in ecohub.log


async def test_a_file_with_faults_is_said_and_not_followed(ecohub: Program, partners: Partners) -> None:
    ecohub.configure(partners.config({"A": "a"}))
    process = await ecohub.start("run")
    assert process.stdout and process.stderr
    await process.stdout.readline()
    ecohub.configure(partners.config({"A": "a"}) + '[telegram]\ntokn = "x"\n')
    process.send_signal(signal.SIGHUP)
    said = ""
    while "configuration not followed" not in said:
        said += (await process.stderr.readline()).decode()
    assert "[telegram] tokn" in said
    assert "La configuration n’est pas relue : le hub continue avec celle qu’il avait." in said
    assert ask(ecohub, "SELECT name FROM source WHERE paused = ''") == [("A",)]
    process.terminate()
    await process.communicate()
    assert process.returncode == 0


async def test_no_log_holds_the_token_however_loud(ecohub: Program) -> None:
    network = Telegram()
    network.user(ANA, "Ana")
    network.user(PAUL, "Paul")
    async with serve(network) as api:
        ecohub.configure(f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{api}"\n')
        async with ecohub.running("run", module="tests.kit.loud") as (_, ready):
            assert "Telegram" in ready

            async def asked(times: int) -> bool:
                return len(network.called("sendMessage")) >= times

            network.drops_the_answer()
            network.say(ANA, "/start")
            await until(partial(asked, 1))
            network.fails(No(401, "Unauthorized"), times=1)
            network.say(PAUL, "/start")
            await until(partial(asked, 2))
    assert "HTTP Request: POST http://127.0.0.1" in ecohub.log  # httpx writes the address, in which the token stands
    assert "/sendMessage" in ecohub.log
    for part in (TOKEN, TOKEN.partition(":")[2]):
        assert part not in ecohub.log


async def test_logs_hold_numbers_only(ecohub: Program) -> None:
    network = Telegram()
    network.user(424242, "Anastasia")
    async with serve(network) as api:
        ecohub.configure(f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{api}"\n')
        async with ecohub.running():
            network.say(424242, "/start")
            network.say(424242, "un secret de famille")

            async def answered() -> bool:
                return len(network.texts(424242)) > 1

            await until(answered)
    assert "network open platform=telegram" in ecohub.log
    for word in ("Anastasia", "424242", "famille", TOKEN):
        assert word not in ecohub.log


async def test_files_are_for_one_account(ecohub: Program, partners: Partners) -> None:
    ecohub.configure(f'{partners.config({"A": "a"})}\n[telegram]\ntoken = "{TOKEN}"\napi_url = "{partners.url("x")}"\n')
    (ecohub.folder / "config.toml").chmod(0o644)
    assert "config.toml" in (await ecohub("check")).out
    assert "chmod 600" in (await ecohub("check")).out
    async with ecohub.running():
        made = {file.name: file.stat().st_mode & 0o777 for file in ecohub.database.parent.iterdir()}
    assert "ecohub.sqlite3-wal" in made
    assert set(made.values()) == {0o600}
