"""One line an event: words, then key=value. Row numbers only: never a name, a message, a token (promise 77).

Libraries write what they like, addresses with tokens included: whatever has the shape of a token is taken off.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Sequence
from copy import copy
from logging.handlers import RotatingFileHandler
from pathlib import Path

# What logging itself puts on every record; the rest came with `extra`.
_USUAL = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "taskName"}
_LOUD = (
    "aiohttp.access",
    "apscheduler",
    "alembic",
    "sqlalchemy",
    "asyncio",
    "httpx",
    "httpcore",
    "telegram",
    "discord",
)
# Telegram's tokens, in an address or alone; Discord's; what stands behind « Bot » or « Bearer ».
_TOKEN = re.compile(
    r"(?<=/bot)[^/\s]+(?=/)|\b[0-9]{5,}:[\w-]{20,}|\b[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}"
    r"|(?<=\bBot )\S{20,}|(?<=\bBearer )\S+"
)
_HIDDEN = "…"

# They tell a connection that is lost, which is daily bread, as if the program had failed.
_DRAMATIC = ("aiohttp", "discord", "telegram")


class LogFormatter(logging.Formatter):
    """`2027-03-09T08:00:00 INFO source visited source=12 new=3`."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        self._secrets = tuple(filter(None, secrets))

    def format(self, record: logging.LogRecord) -> str:
        """The line and its traceback, without secrets; what a database refuses is no fault of ours, and one line."""
        if key := _refused(record):
            record = copy(record)
            record.exc_info = record.exc_text = None
            record.__dict__["why"] = key
        line = super().format(_soberly(record))
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        return _TOKEN.sub(_HIDDEN, line)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 — logging's name
        """The line with what came with `extra` behind it."""
        extra = " ".join(f"{name}={value}" for name, value in vars(record).items() if name not in _USUAL)
        return f"{super().formatMessage(record)} {extra}".rstrip()


def _soberly(record: logging.LogRecord) -> logging.LogRecord:
    """What a library says of a connection that is lost, in one line; our own faults keep their traceback."""
    if record.name.partition(".")[0] not in _DRAMATIC:
        return record
    error = record.exc_info[1] if record.exc_info else None
    told = {**record.__dict__, "msg": record.getMessage().partition("\n")[0], "args": ()}
    if error is not None and _is_away(error) and not told["msg"].startswith("Ignoring exception"):
        told |= {"msg": "connection lost", "exc_info": None, "exc_text": None, "stack_info": None}
        told |= {
            "levelno": logging.WARNING,
            "levelname": "WARNING",
            "library": record.name,
            "why": type(error).__name__,
        }
    return logging.makeLogRecord(told)


def _is_away(error: BaseException) -> bool:
    return isinstance(error, OSError | TimeoutError) or type(error).__module__.partition(".")[0] in _DRAMATIC


def _refused(record: logging.LogRecord) -> str | None:
    """The text key of what a database refused."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None or "sqlalchemy" not in sys.modules:  # not to be loaded for the sake of a line
        return None
    from storage.health import key_in

    return key_in(error)


def set_up_logs(file: Path | None = None, level: int = logging.INFO, secrets: Sequence[str] = ()) -> None:
    """Log to stderr, or to a file that never grows past a few megabytes; `secrets` are never written."""
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=2_000_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(LogFormatter(secrets))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _LOUD:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
