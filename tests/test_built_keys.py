"""A text key that the code puts together has its text for whatever may stand in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from bot.config.values import DAYS
from bot.feature import Route
from bot.features import FEATURES
from bot.platforms.networks import NETWORKS
from bot.talk.commands import key
from club.gathering import Approval, Mode, Nature
from club.news import Health, Section, SourceKind, Status
from club.organisation import Family
from club.people import Role
from club.privacy import PersonalDetail
from club.seats import Seat
from club.subscription import Rhythm
from club.texts import LANGUAGES, Texts
from tests.test_house import PART, has, modules, wanted

ROUTES = {route.name: route for feature in FEATURES for route in feature.routes}


def routes(*, listed: bool = False, with_form: bool = False) -> list[str]:
    return [key(one) for one in ROUTES.values() if (one.listed and listed) or (_asks(one) and with_form)]


def _asks(route: Route) -> bool:
    return bool(route.fields) and (route.listed or route.changes)


ROLES = [role.word for role in Role]
FIELDS = {field.name for route in ROUTES.values() if route.listed for field in route.fields}

# Pattern -> what may stand where it is open.
BUILT: dict[str, Iterable[object]] = {
    "approval-{}": Approval,
    "config-day-{}": DAYS,
    "config-rhythm-{}": Rhythm,
    "config-role-{}": ROLES,
    "event-{}": [one for one in Status if one is not Status.CONFIRMED],
    "family-{}": Family,
    "family-{}-lines": Family,
    "field-{}": FIELDS,
    "frequency-{}": Rhythm,
    "frequency-{}.aliases": [one for one in Rhythm if one is not Rhythm.INTERVAL],
    "help-{}": ROLES,
    "look-kind-{}": SourceKind,
    "mode-{}": Mode,
    "nature-{}": Nature,
    "network-name-{}": [network.name for network in NETWORKS],
    "role-{}": ROLES,
    "role-{}.needed": [word for word in ROLES if word != Role.VISITOR.word],
    "route-{}": routes(listed=True),
    "route-{}.help": routes(listed=True),
    "route-{}.title": routes(with_form=True),
    "seat-{}": Seat,
    "section-{}": Section,
    "simulator-role-{}": ROLES,
    "trace-{}": PersonalDetail,
    "why-health-{}": Health,
}

# What stands in these is written beside them, or need not have a text.
BY_HAND = {
    "changed-{}",
    "choice-{}",
    "choice-{}.aliases",
    "cli-check-channel-{}",
    "cli-system-{}",
    "cli-{}",
    "column-{}",
    "config-want-{}",
    "config-{}",
    "event-decided-{}",
    "event-{}-author",
    "event-{}-card",
    "faq-{}",
    "faq-{}.npz",
    "field-{}.ask",
    "field-{}.beyond",
    "help-{}-button",
    "journal-by-{}",
    "journal-is-{}",
    "journal-of-{}",
    "journal-{}",
    "route-{}.aliases",
    "signup-shares-{}",
    "simulator-{}",
    "source-decided-{}",
    "source-{}",
    "source-{}-button",
    "subscription-{}",
    "subscription-{}-button",
    "terms-way-{}",
    "web-{}",
    "why-known-{}",
    "why-put-{}",
    "unreachable-{}",
}


def test_every_key_that_is_built_says_what_may_stand_in_it() -> None:
    found = {pattern.replace(PART, "{}").replace("\\", "") for pattern in wanted().patterns}
    assert found == BUILT.keys() | BY_HAND


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pattern", BUILT)
def test_whatever_stands_in_a_built_key_has_its_text(pattern: str, language: str) -> None:
    texts = Texts(language)
    keys = {pattern.format(getattr(part, "value", part)) for part in BUILT[pattern]}
    assert keys
    assert not {one for one in keys if not has(texts, one) and not texts.words(one)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_that_is_noted_reads_in_the_journal(language: str) -> None:
    acts = {
        str(argument.value)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "note"
        for argument in node.args
        if isinstance(argument, ast.Constant) and re.fullmatch(r"[a-z]+\.[a-z-]+", str(argument.value))
    }
    assert acts
    texts = Texts(language)
    assert not {act for act in acts if not has(texts, f"journal-{act.replace('.', '-')}")}
