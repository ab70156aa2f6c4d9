"""So many commands, words and presses a minute a person; told once, then silence (promise 36)."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from club.dialogue import Request

MOST = 10  # commands
MOST_WORDS = 30  # words and presses: a form of ten answers, its corrections and its pages
SPAN = 60.0  # seconds
KNOWN = 10_000  # persons remembered at most; whoever spoke longest ago is forgotten first


@dataclass(slots=True)
class _Asked:
    """When one person asked something in the last minute, and whether they were told that it is too much."""

    times: deque[float] = field(default_factory=deque)
    told: bool = False


class Flood:
    """Counts what each account asks by the monotonic clock. Networks of `spared` (on this machine) are not."""

    def __init__(self, spared: frozenset[str] = frozenset(), clock: Callable[[], float] = time.monotonic) -> None:
        self._spared = spared
        self._clock = clock
        self._asked: OrderedDict[tuple[str, bool], _Asked] = OrderedDict()

    def ask(self, request: Request) -> int | None:
        """None when this may be answered; else the seconds to wait, to be told once, then 0: say nothing."""
        if request.person.platform in self._spared:
            return None
        now = self._clock()
        is_command = bool(request.route) or request.words.startswith(("/", "!"))
        key = (request.person.account, is_command)
        asked = self._asked.setdefault(key, _Asked())
        self._asked.move_to_end(key)
        while asked.times and asked.times[0] <= now - SPAN:
            asked.times.popleft()
        if len(asked.times) < (MOST if is_command else MOST_WORDS):
            asked.times.append(now)
            asked.told = False
            while len(self._asked) > KNOWN:
                self._asked.popitem(last=False)
            return None
        # Words in a group may be for others: whoever talks much there is told nothing.
        if asked.told or not (is_command or request.private or request.token):
            return 0
        asked.told = True
        return ceil(asked.times[0] + SPAN - now)
