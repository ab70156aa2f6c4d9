"""The real program, ended by SIGKILL at the nth thing that it asks of its database once it has said certain words.

python -m tests.kit.killer WORDS NTH the program's own words…
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.__main__ import main


def arm(words: str, nth: int) -> None:
    """Count from the first statement that holds `words`; a commit counts too, before it is done."""
    left = -1

    def count(*_: Any) -> None:
        nonlocal left
        left -= left > 0
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Engine, "after_cursor_execute")
    def said(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        nonlocal left
        if left < 0 and words in statement:
            left = nth
        count()

    event.listen(Engine, "commit", count)


if __name__ == "__main__":
    arm(sys.argv[1], int(sys.argv[2]))
    del sys.argv[1:3]
    main()
