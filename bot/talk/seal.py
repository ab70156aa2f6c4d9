"""Buttons that survive restarts: a token says its route and values, sealed for one place (choice S6)."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from bot.platforms.networks import NETWORKS
from club.dialogue import Action, Message
from club.people import Place

_WHOLE_CHAT = frozenset(network.name for network in NETWORKS if network.seals_whole_chat)
LONGEST = 64  # bytes of Telegram's callback_data, the shortest of all networks
_MARK = 8  # characters of the seal: six bytes of the HMAC


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals actions when a Message leaves and opens tokens when a Request comes. A token carries no right.

    A network that does not always say in which thread a button stands has tokens that are good for the whole chat."""

    key: bytes

    def close(self, action: Action, place: Place) -> str:
        """The token of this action there; ValueError when it is too long for the narrowest network."""
        body = f"{action.route}?{urlencode(action.values)}" if action.values else action.route
        token = self._mark(body, place) + body
        if len(token.encode()) > LONGEST:
            raise ValueError(f"token of {len(token.encode())} bytes: {token}")
        return token

    def open(self, token: str, place: Place) -> tuple[str, dict[str, str]] | None:
        """Route and values, or None when the token was not sealed by us for this place."""
        mark, body = token[:_MARK], token[_MARK:]
        if not hmac.compare_digest(mark.encode(errors="replace"), self._mark(body, place).encode()):
            return None
        route, _, values = body.partition("?")
        return route, dict(parse_qsl(values, keep_blank_values=True))

    def message(self, message: Message, place: Place) -> Message:
        """The same message with a token on each action, ready to leave for that place."""
        actions = tuple(replace(action, token=self.close(action, place)) for action in message.actions)
        form = message.form
        if form is not None:
            form = replace(form, action=replace(form.action, token=self.close(form.action, place)))
        again = message.again and replace(message.again, token=self.close(message.again, place))
        return replace(message, actions=actions, form=form, again=again)

    def _mark(self, body: str, place: Place) -> str:
        # surrogates can come in a forged token: they must give a mark that fails, never an error
        where = replace(place, thread="") if place.platform in _WHOLE_CHAT else place
        text = f"{where}\0{body}".encode(errors="surrogatepass")
        return urlsafe_b64encode(hmac.digest(self.key, text, "sha256")[:6]).decode()
