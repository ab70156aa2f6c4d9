"""Which part of an edition a piece of news belongs to, and the day it ends or begins."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from club.dates import read_closing
from club.fold import fold
from club.news import News, Section

WEEK = timedelta(days=7)
_LEAD = 700  # characters of a summary where a closing date is looked for

# Words read in what partners publish, never shown: folded, as fold() writes them.
_TRAININGS = re.compile(
    r"\b(?:formations?|se former|stages? de formation|sessions? de formation|cycles? (?:de formations?|pnf)|pnf|mooc|"
    r"cvrh|cnfpt|e learning|parcours de formation|form(?:ez|er) (?:vous|vos|les|aux?))\b"
)
_NOT_TRAININGS = re.compile(r"\b(?:formations? (?:politiques?|geologiques?|vegetales?)|centre de formation)\b")
_EXPERIENCES = re.compile(r"\b(?:retours? d experiences?|rex|temoignages?|ils l ont fait)\b")
_RESOURCES = re.compile(
    r"\b(?:guides?|etudes?|rapports?|publications?|fiches?|brochures?|memento|vademecum|livre blanc|boite a outils|kit|"
    r"cahiers?|recueil|ouvrage|replay|podcast|infographie|methodologie|mode d emploi|fascicule|atlas)\b"
)
_NOT_RESOURCES = re.compile(
    r"\b(?:par rapport a|bureaux? d etudes?|en rapport|voyages? d etudes?|journees? d etudes?|rapports? sociaux|"
    r"sous guide|visites? guidees?|a l etude|cahiers? des charges|plan guide|rapport de force)\b"
)


def section_of(news: News, now: datetime) -> Section:
    """The part of an edition where `news` is read at `now`. Gatherings are events, or trainings when they say so;
    the rest is a deadline when it closes within a week, else what its title says."""
    title = fold(news.title)
    training = bool(_TRAININGS.search(_NOT_TRAININGS.sub(" ", title)))
    if news.is_event:
        return Section.TRAININGS if training else Section.EVENTS
    closing = closing_of(news)
    if closing and today(news, now) <= closing <= today(news, now) + WEEK:
        return Section.DEADLINES
    if training:
        return Section.TRAININGS
    if _EXPERIENCES.search(title):
        return Section.EXPERIENCES
    return Section.RESOURCES if _RESOURCES.search(_NOT_RESOURCES.sub(" ", title)) else Section.NEWS


def closing_of(news: News) -> date | None:
    """The day until which one may answer, read in the title, else in the summary; None when none is given. Without a
    year it is the next one after the publication."""
    told = today(news, news.published or news.kept_at)
    return read_closing(news.title, told) or read_closing(news.summary[:_LEAD], told)


def today(news: News, now: datetime) -> date:
    """The date at `now` where the news is from."""
    return now.astimezone(ZoneInfo(news.zone)).date()


def first_day(news: News) -> date:
    """The day to sort by: an event's start, a call's closing, else date.max."""
    if isinstance(news.start, datetime):
        return news.start.date()
    return news.start or closing_of(news) or date.max


def is_over(news: News, at: datetime) -> bool:
    """True when the event had ended by `at`: its end, or its start when no end is known; an all-day event lasts until
    midnight where it takes place."""
    end = news.end or news.start
    if end is None:
        return False
    return end <= at if isinstance(end, datetime) else end < today(news, at)
