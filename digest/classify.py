"""What a notice is about: commitments of the Référentiel by a table of words, regions by the places it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from club.fold import words
from club.regions import Regions
from club.topics import Clue, Topics
from digest.places import department_codes, is_nationwide, named_in

# Where a word stands says how much it means; below _ENOUGH nothing is claimed.
_TITLE, _CATEGORY, _SUMMARY = 3, 2, 1
_TALK = 6  # what a summary may add at most: it never outweighs a title that is sure
_ENOUGH = 4
_MOST = 4  # commitments a notice may be about
_BESIDE = 0.5  # part of the best score that another commitment must reach
_TOUCHED = 0.4  # a theme's further commitments are only touched on: alone they stay below _BESIDE
_LEAD = 700  # characters of the summary: further down, an article speaks of everything
_SHORTEST_STEM = 3

Hit = tuple[int, int, Clue]  # first word, end, clue


def topics_of(title: str, summary: str, categories: Sequence[str], topics: Topics) -> tuple[int, ...]:
    """The commitment numbers of the current edition that the notice speaks of, most certain first, at most four."""
    scores: dict[str, int] = {}
    for theme, weight in _weigh(words(summary[:_LEAD]), topics):
        scores[theme] = min(_SUMMARY * weight, _TALK)
    for factor, text in [(_TITLE, title), *((_CATEGORY, category) for category in categories)]:
        for theme, weight in _weigh(words(text), topics):
            scores[theme] = scores.get(theme, 0) + factor * weight
    found: dict[int, float] = {}
    for theme, score in scores.items():
        for rank, number in enumerate(topics.commitments_of(topics.theme(theme))):
            found[number] = max(found.get(number, 0), score if rank == 0 else score * _TOUCHED)
    best = max(found.values(), default=0)
    kept = [number for number, score in found.items() if score >= max(_ENOUGH, best * _BESIDE)]
    return tuple(sorted(kept, key=lambda number: (-found[number], number))[:_MOST])


def clues_of(title: str, summary: str, categories: Sequence[str], topics: Topics) -> dict[int, tuple[str, ...]]:
    """The words that speak for each commitment, as they stand in the notice, the title's first."""
    said: dict[int, dict[str, None]] = {}
    for text in (title, *categories, summary[:_LEAD]):
        read = words(text)
        for theme, (start, end, clue) in _find(read, topics):
            for number in topics.commitments_of(topics.theme(theme)) if clue.weight > 0 else ():
                said.setdefault(number, {})[" ".join(read[start:end])] = None
    return {number: tuple(found) for number, found in said.items()}


def regions_of(title: str, summary: str, place: str, source_region: str, regions: Regions) -> tuple[str, ...]:
    """INSEE codes of the regions concerned, () = national: the source's own region, else those that the title or the
    place names, else the only one that the summary names. What addresses the whole country is national."""
    if source_region:
        return (source_region,)
    if is_nationwide(title, place, regions):
        return ()
    found = named_in(title, regions) | named_in(place, regions, typed=True) | department_codes(title, place, regions)
    if not found:
        lead = summary[:_LEAD]
        found = named_in(lead, regions) | department_codes(lead, "", regions)
        found = found if len(found) == 1 else frozenset()
    # Laureates of everywhere: a list of towns is national news.
    return tuple(sorted(found)) if len(found) <= 3 else ()


def _weigh(text: tuple[str, ...], topics: Topics) -> Iterator[tuple[str, int]]:
    """The weight of each theme in a text: every clue once, none where the words mean something else."""
    hits: dict[str, list[Hit]] = {}
    for theme, hit in _find(text, topics):
        hits.setdefault(theme, []).append(hit)
    for theme, found in hits.items():
        taken: set[int] = set()
        counted: dict[tuple[str, ...], int] = {}
        # « never » (weight 0) first, then the surest and longest: each word of the text counts once a theme.
        for start, end, clue in sorted(found, key=lambda h: (h[2].weight != 0, -h[2].weight, h[0] - h[1], h[0])):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                counted[clue.words] = clue.weight
        if any(counted.values()):
            yield theme, sum(counted.values())


def _find(text: tuple[str, ...], topics: Topics) -> Iterator[tuple[str, Hit]]:
    for start, word in enumerate(text):
        for key in _keys(word):
            for theme, clue in topics.lexicon.get(key, ()):
                end = start + len(clue.words)
                if end <= len(text) and all(map(_matches, text[start + 1 : end], clue.words[1:])):
                    yield theme, (start, end, clue)


def _keys(word: str) -> Iterable[str]:
    """The lexicon's keys that `word` answers: itself, its singular, its stems."""
    yield word
    if word.endswith(("s", "x")):
        yield word[:-1]
    for length in range(_SHORTEST_STEM, len(word) + 1):
        yield word[:length] + "*"


def _matches(word: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    return word in (wanted, wanted + "s", wanted + "x")
