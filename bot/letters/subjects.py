"""What a letter is about, in words: « Eau · Occitanie »."""

from __future__ import annotations

from club.fold import fold
from club.regions import regions
from club.subscription import Wish
from club.texts import Texts
from club.topics import topics

MOST = 80  # characters of an address


def title_of(wish: Wish, texts: Texts) -> str:
    """What was wished, « Toutes les nouvelles » when nothing was."""
    names = [regions().region(code).name for code in wish.regions]
    parts = [_topics(wish, texts), ", ".join(names)]
    title = " · ".join(filter(None, parts)) or texts.plain("wish-everything")
    return title[0].upper() + title[1:]


def _topics(wish: Wish, texts: Texts) -> str:
    wanted = set(wish.topics)
    theme = next((one for one in topics().themes if set(topics().commitments_of(one)) == wanted), None)
    if theme is not None:
        return theme.name
    return texts.plain("wish-commitments", numbers=", ".join(map(str, wish.topics))) if wanted else ""


def slug(title: str) -> str:
    """The title as a part of an address: « eau-occitanie »."""
    return fold(title)[:MOST].strip().replace(" ", "-")
