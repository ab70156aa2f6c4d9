"""No log line holds a token, whoever wrote it (promise 77)."""

from __future__ import annotations

import logging
import sys

import aiohttp
import discord
import pytest

from bot.logs import LogFormatter

TELEGRAM = "7000000001:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
DISCORD = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


def line(message: str, *args: object, secrets: tuple[str, ...] = (), **extra: object) -> str:
    record = logging.LogRecord("httpx", logging.INFO, "", 0, message, args, None)
    vars(record).update(extra)
    return LogFormatter(secrets).format(record)


@pytest.mark.parametrize(
    "message",
    [
        f'HTTP Request: POST https://api.telegram.org/bot{TELEGRAM}/getUpdates "HTTP/1.1 200 OK"',
        "HTTP Request: POST http://127.0.0.1:8081/bot123:abc/getMe",
        f"The token `{TELEGRAM}` was rejected by the server.",
        f"Authorization: Bot {DISCORD}",
        f"logging in with {DISCORD}",
        "Authorization: Bearer syt_abcdef",
    ],
)
def test_what_has_the_shape_of_a_token_is_taken_off(message: str) -> None:
    written = line(message)
    assert "…" in written
    for secret in (TELEGRAM, DISCORD, "123:abc", "syt_abcdef", TELEGRAM.partition(":")[2]):
        assert secret not in written


def test_a_configured_secret_of_any_shape_is_taken_off() -> None:
    written = line("%s", "url with court-secret inside", secrets=("court-secret", ""), note="court-secret")
    assert "court-secret" not in written
    assert written.endswith("url with … inside note=…")


def test_tracebacks_too() -> None:
    try:
        raise ValueError(f"The token `{TELEGRAM}` was rejected")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    assert TELEGRAM not in LogFormatter().format(record)


def test_ordinary_lines_are_left_as_they_are() -> None:
    written = line("letter sent", letter=17, at="2027-03-09T08:00:00+00:00", place="telegram:-1001000000001:7")
    assert written.endswith("letter sent letter=17 at=2027-03-09T08:00:00+00:00 place=telegram:-1001000000001:7")


def dramatic(name: str, message: str, error: Exception) -> str:
    try:
        raise error
    except Exception:
        record = logging.LogRecord(name, logging.ERROR, "", 0, message, (), sys.exc_info())
    return LogFormatter().format(record)


@pytest.mark.parametrize(
    "error", [ConnectionResetError(), TimeoutError(), aiohttp.ClientError(), discord.ClientException()]
)
def test_a_lost_connection_is_one_line_whatever_the_library_says(error: Exception) -> None:
    written = dramatic("discord.client", "Attempting a reconnect in 3.20s", error)
    assert written.endswith(f"WARNING connection lost library=discord.client why={type(error).__name__}")
    assert "\n" not in written


@pytest.mark.parametrize(
    ("name", "message", "error"),
    [
        ("discord.client", "Ignoring exception in on_message", ConnectionResetError()),
        ("discord.state", "failed", KeyError("a")),
        ("bot.app", "failed", ConnectionResetError()),
    ],
)
def test_our_own_faults_keep_their_traceback(name: str, message: str, error: Exception) -> None:
    assert "Traceback" in dramatic(name, message, error)


def test_a_library_has_one_line_a_record() -> None:
    record = logging.LogRecord("discord.gateway", logging.WARNING, "", 0, "blocked for %s s.\nLoop thread", (20,), None)
    assert LogFormatter().format(record).endswith("WARNING blocked for 20 s.")
