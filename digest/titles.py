"""What a title says once publishers' habits are taken off: its words, names, numbers and instalment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from club.fold import fold, words

# Words read in titles, never shown: folded, as fold() writes them.
_LIGHT = frozenset(
    words(
        "a ainsi apres au aux avec c ce ces cet cette chez comme comment d dans de des du elle en entre est et eu il "
        "ils j je l la le les leur leurs lors mais ne nos notre nous on ont ou par pas plus pour pourquoi qu que quel "
        "quelle quels qui s sa se selon ses si son sont sous sur tous tout toute un une vers via vos votre vous y "
        "annonce annoncent annoncer decouvrez decouvrir devoile disponible lance lancement lancent ligne met mettent "
        "mise nouveau nouvel nouvelle nouveaux nouvelles organise organisent paraitre parait paru parution "
        "presentation presente presentent propose proposent publication publie publient publier sort sortie vient "
        "viennent voici ecoquartier"
    )
)
# A notice of the end of a thing is another story than the notice of its beginning. Stems.
_MOMENTS = frozenset(
    words(
        "annul bilan clotur compt correct derni dernier fin inaugur inscription laureat ouvertur prolong programm "
        "rappel rectifi rendu replay report resultat retour suit synthes"
    )
)
# Who speaks may be named or not in a relayed title.
_SPEAKERS = frozenset(
    words(
        "ademe afpols alliance aides amf anah anct anru auc banque cerema club construction21 ddt ddtm deal dgaln dhup "
        "dreal drieat ekopolis envirobat etat europan fncaue fnau france gouvernement hlm hqe localtis maire ministere "
        "novabuild odeys pnr prefecture prefet republique reseau territoires union ush vad ville villes"
    )
)
_ORDINALS = {
    word: number
    for number, group in enumerate(
        (
            "premier premiere",
            "deuxieme second seconde",
            "troisieme",
            "quatrieme",
            "cinquieme",
            "sixieme",
            "septieme",
            "huitieme",
            "neuvieme",
            "dixieme",
        ),
        1,
    )
    for word in group.split()
}
_ROMAN = {"i": 1, "v": 5, "x": 10}
_PART = re.compile(
    r"\b(?:n|no|nos|numero|acte|episode|tome|partie|volet|saison|edition|session|module|phase|tranche|lot|vol|volume|"
    r"chapitre|etape|seance|atelier|webinaire|lettre|cycle|groupe|jour|promotion) (\d{1,4}|[ivx]{1,4})\b"
)
_ORDINAL = re.compile(r"^(\d{1,3})(?:e|eme|er|re|ere|nd|nde)$")
_PREFIX = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]|(?:(?:re|tr|fwd|fw|communiqu[eé] de presse|cp|actualit[eé]s?|actu|à la une|agenda|"
    r"[eé]v[eè]nement|info|flash info)\s*(?:[:|]|\s[-–—]\s)))\s*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"^(?P<title>.{12,}?)\s*(?:(?P<bar>\|)|\s[-–—]\s)\s*(?P<site>[^|]{2,80})$", re.DOTALL)
_TOKEN = re.compile(r"[^\W_]+|[:.!?«“\"|–—(-]")
# Longest first; what is left must still look like a word.
_ENDINGS = words(
    "issements issement isations isation ations ation ements ement ments ment antes ante ants ees ent ant ifs ives if "
    "ive eurs eur es er ee e s x"
)
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Title:
    """`stems`: the words that count; `names`: those of them that are proper names; `parts`: instalment numbers;
    `years` and `numbers`: the others; `moments`: words of beginning, end or change."""

    stems: frozenset[str]
    names: frozenset[str]
    parts: frozenset[int]
    years: frozenset[int]
    numbers: frozenset[str]
    moments: frozenset[str]

    @property
    def size(self) -> int:
        """How many words and numbers it can be recognised by."""
        return len(self.stems) + len(self.numbers) + len(self.years)


def read_title(text: str) -> Title:
    """The Title of `text`; the publisher's name at its end and the rubric at its beginning are taken off."""
    bare = _without_site(_PREFIX.sub("", _PREFIX.sub("", text)))
    folded = fold(bare)
    parts = {_number(figure) for figure in _PART.findall(folded)}
    stems: set[str] = set()
    numbers: set[str] = set()
    for word in folded.split():
        ordinal = _ORDINAL.match(word)
        if word in _ORDINALS or ordinal:
            parts.add(int(ordinal[1]) if ordinal else _ORDINALS[word])
        elif any(c.isdigit() for c in word):
            numbers.add(word)
        elif word not in _LIGHT and len(word) > 1:
            stems.add(stem(word))
    years = {int(n) for n in numbers if re.fullmatch(r"(?:19|20)\d\d", n)}
    figures = {n for n in numbers if not (n.isdecimal() and int(n) in years | parts)}
    return Title(
        stems=frozenset(stems),
        names=frozenset(_names(bare)) & stems,
        parts=frozenset(parts - years),
        years=frozenset(years),
        numbers=frozenset(figures),
        moments=frozenset(_MOMENTS & stems),
    )


def stem(word: str) -> str:
    """`word` without its commonest endings: « inaugure » and « inauguration » are one."""
    if word.endswith("aux") and len(word) > len("aux") + 1:
        return word[:-2] + "l"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def _number(figure: str) -> int:
    """« 12 », « xii »."""
    if figure.isdecimal():
        return int(figure)
    values = [_ROMAN[letter] for letter in figure]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _without_site(text: str) -> str:
    """« Titre - Ministère de la Transition écologique » without the publisher; after a bar, whoever it is."""
    found = _SUFFIX.match(text)
    if not found or any(c.isdigit() for c in found["site"]):
        return text
    site = set(words(found["site"]))
    return found["title"] if found["bar"] or (site & _SPEAKERS and len(site) <= 10) else text


def _names(text: str) -> set[str]:
    """Stems of the words that bear a capital of their own; none where every word does."""
    tokens: list[str] = _TOKEN.findall(text)
    names: set[str] = set()
    small = 0
    for i, token in enumerate(tokens):
        small += token[0].islower() and len(token) > 3
        opens = i == 0 or not tokens[i - 1][0].isalnum()
        labels = i == 0 and len(tokens) > 1 and tokens[1] == ":"
        hyphened = i > 0 and tokens[i - 1] == "-"
        if token[0].isupper() and (labels or hyphened or not opens):
            names |= {stem(word) for word in words(token) if word not in _SPEAKERS}
    return names if small else set()
