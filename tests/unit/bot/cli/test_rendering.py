"""How texts leave the house: `ecohub render --jsonl`."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.base import as_json
from bot.cli.rendering import answer_to
from tests.fakes.telegram_spec import parse_html, units

SURFACES = ["telegram", "discord"]
SLOTS = ["digest_title", "event_title", "submission", "faq_question"]


def asked(**line: Any) -> dict[str, Any]:
    return answer_to(json.dumps({"id": 1, "surface": "telegram", "slot": "submission", "text": "x", **line}).encode())


def texts(answer: dict[str, Any]) -> str:
    return "\n".join(str(body.get("text", body.get("content"))) for body in answer["outgoing"])


@given(st.text(), st.sampled_from(SURFACES), st.sampled_from(SLOTS), st.sampled_from([None, "", "https://exemple.fr/"]))
def test_any_text_leaves_within_the_networks_limits(text: str, surface: str, slot: str, url: str | None) -> None:
    answer = asked(text=text, surface=surface, slot=slot, url=url)
    assert (answer["id"], answer["surface"], answer["slot"]) == (1, surface, slot)
    assert answer["outgoing"] or answer["reason"]
    for body in answer["outgoing"]:
        if surface == "telegram":
            said, entities = parse_html(body["text"])
            assert 1 <= units(said) <= 4096
            assert len(entities) <= 100
        else:
            assert 1 <= units(body["content"]) <= 2000
            assert body["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("surface", SURFACES)
def test_a_long_text_leaves_in_parts_in_order(surface: str) -> None:
    answer = asked(surface=surface, text="\n".join(f"ligne {n}" for n in range(1500)))
    assert len(answer["outgoing"]) > 2
    assert re.findall(r"\d+", texts(answer)) == [str(n) for n in range(1500)]


def test_a_feeds_title_is_cleaned_and_escaped_once() -> None:
    answer = asked(
        slot="digest_title", text="R&amp;amp;D <b>&lt; 5</b> a_b", url="https://exemple.fr/?a=1&utm_source=x"
    )
    [body] = answer["outgoing"]
    assert '<a href="https://exemple.fr/?a=1">R&amp;D &lt; 5 a_b</a>' in body["text"]


@pytest.mark.parametrize("text", ["", "   ", "\u3164", "\u200b"])
def test_nothing_to_read(text: str) -> None:
    assert "(sans titre)" in texts(asked(slot="digest_title", text=text))
    empty = asked(slot="submission", text=text)
    assert (empty["outgoing"], bool(empty["reason"])) == ([], True)


def test_an_address_that_is_refused_leaves_no_link() -> None:
    answer = asked(slot="digest_title", text="Lire", url="javascript:alert(1)")
    assert "href" not in texts(answer)


@pytest.mark.parametrize("surface", ["matrix", "web", "csv", "ics", "atom", "fax"])
def test_what_is_not_built_says_so(surface: str) -> None:
    answer = asked(surface=surface)
    assert answer["outgoing"] == []
    assert answer["reason"]


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[1]", b"null", b"\xff", b'{"id":1,"text":3,"slot":"submission"}', b"[" * 9000]
)
def test_a_line_that_cannot_be_read_is_answered(line: bytes) -> None:
    answer = answer_to(line)
    assert answer["outgoing"] == []
    assert answer["reason"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", '[{"x": 1e999}]'])
def test_what_leaves_is_json_whatever_came(number: str) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    line = f'{{"id": {number}, "surface": "telegram", "slot": "submission", "text": "x"}}'
    answer = json.loads(as_json(answer_to(line.encode())), parse_constant=refuse)
    assert answer["id"] in (None, [{"x": None}]) and answer["outgoing"]
