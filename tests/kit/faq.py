"""A small knowledge base, fitted in a blink: three entries of ours, two that stand at a fork, and a word of talk."""

from __future__ import annotations

from datetime import date

from club.faq.base import SMALL_TALK, Entry, FaqSource
from club.faq.samples import Labelled

SOURCE = FaqSource("Page d’essai", "https://exemple.fr/", "version d’essai", date(2026, 11, 1))


def entry(name: str, question: str, *variants: str, theme: str = "label", near: tuple[str, ...] = ()) -> Entry:
    return Entry(
        id=name,
        theme=theme,
        question=question,
        variants=variants,
        answer=f"Réponse de {name}.",
        checked=date(2026, 11, 1),
        review_by=date(2027, 6, 1),
        near_misses=near,
        sources=() if theme == SMALL_TALK else (SOURCE,),
    )


COST = entry(
    "cout",
    "Le label est-il payant ?",
    "Combien coûte le label ?",
    "Y a-t-il des frais de dossier ?",
    "Le label est-il gratuit ?",
    near=("Combien coûte une maison passive ?",),
)
TRAINING = entry("formation", "Où se former ?", "Quelles formations pour les élus ?", "Y a-t-il des stages ?")
CLUB = entry("club", "Comment rejoindre le club ?", "Comment adhérer au club ?", "inscription au club", theme="club")
HELLO = entry("bonjour", "Bonjour", "Salut", "Bonsoir", theme=SMALL_TALK)
PARTNERS = entry(
    "charte-engagements-partenaire",
    "À quoi s’engage un partenaire qui signe la charte ?",
    "Engagements des partenaires de la charte",
    "Que promet une fédération en signant la charte ?",
)
PROJECT = entry(
    "ecoprojet-engagement",
    "À quoi s’engage un projet qui signe la charte ?",
    "Engagements de la commune dans la charte",
    "Que promet le porteur de projet en signant la charte ?",
)
ENTRIES = (COST, TRAINING, CLUB, PARTNERS, PROJECT, HELLO)
LABELLED = tuple(
    Labelled(question, name, "propre")
    for name, question in (
        ("cout", "prix du label"),
        ("cout", "le label coûte combien"),
        ("club", "entrer au club"),
        ("formation", "stages pour élus"),
        ("bonjour", "salut à tous"),
    )
)
