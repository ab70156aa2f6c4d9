"""JSON of wrong types, too deep, or hardly JSON (promise 22)."""

from __future__ import annotations

import json
from typing import Any

from tests.hostile.case import Case, read, trouble
from tests.hostile.server import Answer, says

TYPE = "application/feed+json"
GOOD = {"id": "1", "title": "bon"}


def feed(*items: Any, **more: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Flux", "items": list(items), **more})


def given(text: str | bytes) -> Answer:
    return says(text, type=TYPE)


def odd(name: str, entry: Any, kept: int = 1) -> Case:
    """A good entry beside an odd one."""
    return read(f"json-{name}", given(feed(GOOD, entry)), kept, titles=("bon",))


def raw(name: str, entry: str, kept: int = 2) -> Case:
    return read(f"json-{name}", given(feed(GOOD, "@").replace('"@"', entry)), kept, titles=("bon",))


CASES: tuple[Case, ...] = (
    odd("title-number", {"id": "2", "title": 5}),
    odd("title-list", {"id": "2", "title": ["x"]}),
    odd("title-object", {"id": "2", "title": {"fr": "x"}}),
    odd("link-number", {"id": "2", "title": "x", "url": 5}),
    odd("tags-object", {"id": "2", "title": "x", "tags": {"a": 1}}, 2),
    odd("date-number", {"id": "2", "title": "x", "date_published": 1_700_000_000}, 2),
    odd("id-object", {"id": {}, "title": "x"}),
    odd("entry-null", None),
    odd("entry-number", 5),
    odd("entry-list", [[]]),
    odd("entry-true", True),
    odd("entry-empty", {}),
    odd("id-number", {"id": 2, "title": "x"}, 2),
    odd("id-float", {"id": 1e308, "title": "x"}, 2),
    odd("text-of-megabytes", {"id": "2", "title": "x", "content_text": "mot " * 1_000_000}, 2),
    odd("html-deep", {"id": "2", "title": "x", "content_html": "<div>" * 100_000}, 2),
    odd("tags-by-thousands", {"id": "2", "title": "x", "tags": ["a"] * 100_000}, 2),
    odd("surrogates", {"id": "\ud800", "title": "x\udfff"}, 2),
    odd(
        "attachments",
        {"id": "2", "title": "x", "attachments": [{"url": "http://127.0.0.1:9/"}], "image": "file:///etc/passwd"},
        2,
    ),
    raw("not-a-number", '{"id": NaN, "title": "x", "extra": -Infinity}'),
    raw("number-of-digits", '{"id": ' + "9" * 4_000 + ', "title": "x"}'),
    raw("keys-twice", '{"id": "2", "id": "3", "title": "x", "title": "y"}'),
    raw("nul-in-text", '{"id": "2\\u0000", "title": "x\\u0000y"}'),
    trouble("json-number-of-too-many-digits", given(feed(GOOD, "@").replace('"@"', "9" * 9_000)), "trouble-json"),
    trouble("json-deep-lists", given("[" * 200_000), "trouble-deep", "trouble-json"),
    trouble("json-deep-objects", given('{"items":' * 100_000), "trouble-deep", "trouble-json"),
    trouble(
        "json-deep-entry",
        given(feed("@").replace('"@"', "[" * 100_000 + "]" * 100_000)),
        "trouble-deep",
        "trouble-json",
    ),
    trouble("json-items-object", given('{"version": "1", "items": {"a": 1}}'), "trouble-not-jsonfeed"),
    trouble("json-items-null", given('{"version": "1", "items": null}'), "trouble-not-jsonfeed"),
    trouble("json-items-missing", given('{"version": "1"}'), "trouble-not-jsonfeed"),
    trouble("json-list", given("[1, 2]"), "trouble-not-jsonfeed"),
    read("json-items-by-thousands", given(feed(*[GOOD] * 20_000)), 1),
    trouble("json-cut", given(feed(GOOD)[:-5]), "trouble-json"),
    trouble("json-comma", given(feed(GOOD).replace("]", ",]")), "trouble-json"),
    trouble("json-single-quotes", given("{'items': []}"), "trouble-json"),
    trouble(
        "json-keys-by-thousands",
        given("{" + ",".join(f'"k{n}": {n}' for n in range(300_000)) + "}"),
        "trouble-not-jsonfeed",
    ),
    trouble("json-words-only", given('"bonjour"'), "trouble-not-feed", "trouble-not-jsonfeed"),
    read("json-next-page", given(feed(GOOD, next_url="http://127.0.0.1:9/")), 1),
    read("json-feed-of-wrong-types", given(feed(GOOD, home_page_url=5, language=[], title={})), 1),
    read("json-utf-16", given(feed(GOOD).encode("utf-16")), 1),
    read("json-with-a-mark", given(b"\xef\xbb\xbf" + feed(GOOD).encode()), 1),
)
