"""What a route must know from elsewhere, looked up before the transaction is opened: it holds up nobody's words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.feature import Route, Settings
from bot.talk.commands import Commands, Typed
from bot.talk.incoming import clean
from club.dialogue import Request
from club.faq.knowledge import Found


async def look_ahead(
    request: Request, routes: Mapping[str, Route], commands: Commands, hearer: Route | None, settings: Settings
) -> Found | None:
    """What the `look` of the route that this request means gives, None when it has none. A button's values are known to
    the router alone, so they are not looked at."""
    request = clean(request)
    route, words = _meant(request, routes, commands, hearer)
    return await route.look(words, request, settings) if route and route.look and words else None


def _meant(
    request: Request, routes: Mapping[str, Route], commands: Commands, hearer: Route | None
) -> tuple[Route | None, str]:
    words = request.words.strip()
    if request.token:
        return None, ""
    if request.route:
        route = routes.get(request.route)
        return route, request.values.get(route.fields[0].name, "").strip() if route and route.fields else ""
    if words.startswith(("/", "!")):
        found = commands.find(words[1:])
        if isinstance(found, Typed) and not found.group:
            return found.route, " ".join([found.rest, *(said for _, said in found.named)]).strip()
        return None, ""
    return (hearer if request.private or request.named else None), words
