"""Calls of Discord's REST interface, each tried once: whoever calls decides when to try again, so that one chat's wait
holds no other. Also what its refusals mean."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Protocol

import aiohttp

from bot.platforms.base import Malformed, TryLater, Unreachable
from bot.platforms.discord.show import packed
from club.dialogue import Message

WITHIN = 15.0  # seconds for a call
ROOT = "https://discord.com/api/v10"
_AGENT = "DiscordBot (ecohub, 1)"
_AWAY = 5.0  # seconds to wait when nothing says how long

# Codes of discord.com/developers/docs, topics/opcodes-and-status-codes.
UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, ALREADY_ANSWERED = 10008, 10015, 10062, 40060
# Someone answered already, or the three seconds or the fifteen minutes are over.
OVER = {UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, ALREADY_ANSWERED}
_GONE = {10003, 10004, 10013, 50033}
_BLOCKED = {50007, 50278}  # closed private messages, no server in common
_CLOSED = {50083, 160005, 160006}  # an archived thread, a locked one, too many open ones
# What whoever holds the channel set there, said without a 403: its kind, a tag that is missing, automatic moderation.
_FORBIDDEN = {50008, 50024, 40067, 200000, 200001}
# Slow mode, too many writes, private talks opened too fast, a part of Discord that is switched off.
_SLOW = {20016, 20022, 20028, 40003, 40006}


class Refusal(Exception):  # noqa: N818 — an answer
    """Discord said no, or nothing: status 0 when no answer came, `lost` when the call may have been heard all the same.

    `after`: the seconds it asks to wait; `everywhere`: whatever the call.
    """

    def __init__(
        self,
        status: int,
        code: int = 0,
        why: str = "",
        after: float = 0,
        *,
        everywhere: bool = False,
        lost: bool = False,
    ) -> None:
        super().__init__(f"{status} {code} {why}")
        self.status, self.code, self.why, self.after = status, code, why, after
        self.everywhere, self.lost = everywhere, lost

    @property
    def malformed(self) -> bool:
        """Whether Discord refuses the very text or its form."""
        return self.code in (50006, 50035)

    def bars(self, message: Message) -> bool:
        """Whether another way of showing the message may be heard."""
        return self.malformed or bool(message.attachments and not self.passing and self.code not in OVER)

    @property
    def passing(self) -> bool:
        """Whether the same call may be heard later."""
        return self.status in (0, 429) or self.status >= 500

    @property
    def doubtful(self) -> bool:
        """Whether the call may have been carried out all the same."""
        return self.lost or self.status in (500, 502, 504)


class Call(Protocol):
    """Something that calls."""

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The answer as JSON, None when it is empty. Raises Refusal."""


class Calls:
    """Calls over HTTP, with the bot's token. What Discord says is exhausted is not asked again before its time."""

    def __init__(self, root: str, token: str) -> None:
        self._root = root.rstrip("/")
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": _AGENT}
        self._web: aiohttp.ClientSession | None = None
        self._free_at: dict[str, float] = {}

    async def close(self) -> None:
        """Let go of the connections."""
        if self._web:
            await self._web.close()
        self._web = None

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The answer; interactions are answered at once, whatever waits."""
        wait = self._free_at.get(path, 0) - time.monotonic()
        if wait > 0:
            raise Refusal(429, why="exhausted", after=wait)
        if self._web is None:
            self._web = aiohttp.ClientSession(headers=self._headers, timeout=aiohttp.ClientTimeout(WITHIN))
        try:
            async with self._web.request(method, f"{self._root}{path}", **_written(body)) as answer:
                text = await answer.text("utf-8", "replace")
                self._note(path, answer.headers)
                if answer.status < 300:
                    return json.loads(text) if text else None
                raise refusal(answer.status, text, answer.headers)
        except aiohttp.ClientConnectorError as away:
            raise Refusal(0, why="no connection") from away
        except (aiohttp.ClientError, TimeoutError, ValueError) as cut:
            raise Refusal(0, why=type(cut).__name__, lost=True) from cut

    def _note(self, path: str, headers: Mapping[str, str]) -> None:
        now = time.monotonic()
        if len(self._free_at) > 1000:
            self._free_at = {one: at for one, at in self._free_at.items() if at > now}
        if headers.get("X-RateLimit-Remaining") == "0":
            self._free_at[path] = now + _seconds(headers.get("X-RateLimit-Reset-After"))


def _written(body: Any) -> dict[str, Any]:
    """As the HTTP client is given it: JSON, in a form with the files when there are some."""
    told, files = packed(body)
    if not files:
        return {"json": told}
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps(told), content_type="application/json")
    for at, one in enumerate(files):
        form.add_field(f"files[{at}]", one.data, filename=one.name, content_type=one.kind)
    return {"data": form}


def refusal(status: int, text: str, headers: Mapping[str, str]) -> Refusal:
    """What the answer says; a body that is no JSON comes from a gate before Discord."""
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return Refusal(status, -1, "no JSON", _seconds(headers.get("Retry-After")), everywhere=status == 429)
    code = said.get("code")
    after = _seconds(said.get("retry_after") or headers.get("Retry-After"))
    # The detail of a refused form names its fields; what was written stays out of journals.
    why = str(said.get("message", ""))[:100]
    everywhere = bool(said.get("global")) or headers.get("X-RateLimit-Scope") == "global"
    return Refusal(status, code if isinstance(code, int) else 0, why, after, everywhere=everywhere)


def _seconds(said: object) -> float:
    try:
        seconds = float(str(said))
    except ValueError:
        return 0.0
    return min(seconds, 3600.0) if seconds > 0 else 0.0


def meaning(refused: Refusal) -> Exception:
    """What the refusal of a message means for delivery."""
    status, code = refused.status, refused.code
    if status == 429 or code in _SLOW:
        return TryLater(refused.after or _AWAY, told=refused.everywhere)
    if status == 0 or status >= 500:
        return TryLater(refused.after, doubt=refused.doubtful)
    if status == 401 or code == -1:  # the token was withdrawn, or a gate is closed: nothing is wrong with the place
        return TryLater(refused.after or 60, told=True)
    if code in _GONE:
        return Unreachable("unreachable-gone")
    if code in _BLOCKED:
        return Unreachable("unreachable-blocked")
    if code in _CLOSED:
        return Unreachable("unreachable-closed")
    if status == 403 or code in _FORBIDDEN:
        return Unreachable("unreachable-forbidden")
    return Malformed(f"{status} {code} {refused.why}".strip())
