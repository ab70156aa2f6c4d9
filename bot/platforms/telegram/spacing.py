"""How often one chat may be answered: Telegram bears a few messages at once, then one a second, in groups twenty a
minute. Beyond that it refuses, and its refusal would keep every other chat waiting."""

from __future__ import annotations

from collections.abc import Callable

PRIVATE = (1.0, 10)  # seconds between messages, messages at once
GROUP = (3.0, 5)
_KNOWN = 10_000  # chats remembered at once


class Spacing:
    """When each chat was answered, by a clock in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._full: dict[int, float] = {}  # when the chat will have had all its messages, one after the other

    def wait(self, chat: int) -> float:
        """In how many seconds the next message may leave for this chat; its time is taken."""
        now = self._clock()
        gap, at_once = GROUP if chat < 0 else PRIVATE
        full = max(self._full.get(chat, now), now)
        if len(self._full) >= _KNOWN:
            self._full = {one: until for one, until in self._full.items() if until > now}
        self._full[chat] = full + gap
        return max(full - now - (at_once - 1) * gap, 0.0)
