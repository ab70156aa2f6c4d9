"""Ten commands a minute a person, whatever they are; told once, then silence (promise 36)."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil

MOST = 10
SPAN = 60.0  # seconds
KNOWN = 10_000  # persons remembered at most; whoever spoke longest ago is forgotten first


class Flood:
    """Counts the commands of each account by the monotonic clock. Networks of `spared` (on this machine) are not."""

    def __init__(self, spared: frozenset[str] = frozenset(), clock: Callable[[], float] = time.monotonic) -> None:
        self._spared = spared
        self._clock = clock
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._told: set[str] = set()

    def ask(self, account: str) -> int | None:
        """None when this command may be answered; else the seconds to wait, to be told once, then 0: say nothing."""
        if account.partition(":")[0] in self._spared:
            return None
        now = self._clock()
        asked = self._asked.setdefault(account, deque())
        self._asked.move_to_end(account)
        while asked and asked[0] <= now - SPAN:
            asked.popleft()
        if len(asked) < MOST:
            asked.append(now)
            self._told.discard(account)
            self._forget()
            return None
        if account in self._told:
            return 0
        self._told.add(account)
        return ceil(asked[0] + SPAN - now)

    def _forget(self) -> None:
        while len(self._asked) > KNOWN:
            account, _ = self._asked.popitem(last=False)
            self._told.discard(account)
