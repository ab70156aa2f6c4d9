"""The real program with every library at its loudest: what it logs then must still be fit to be shown."""

from __future__ import annotations

import logging
from typing import Any

from bot import logs
from bot.__main__ import main


def loudly(*given: Any, **named: Any) -> None:
    set_up(*given, **(named | {"level": logging.DEBUG}))
    for name in logs._LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG)


if __name__ == "__main__":
    import bot.cli.running

    set_up = logs.set_up_logs
    bot.cli.running.set_up_logs = loudly  # type: ignore[assignment]
    main()
