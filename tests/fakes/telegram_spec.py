"""Telegram's own description of its Bot API, as a judge: which methods and fields there are, and of which types."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "specs" / "telegram-bot-api.json"
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}


@cache
def spec() -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(FILE.read_text("utf-8"))
    return read


def method_named(name: str) -> str:
    """Methods are found whatever their case, as Telegram does; "" when there is none."""
    return next((method for method in spec()["methods"] if method.lower() == name.lower()), "")


def faults_of_call(method: str, form: Mapping[str, str], files: Collection[str] = ()) -> Iterator[str]:
    """What is wrong with a call whose fields came as text, or as files of those names."""
    fields = {field["name"]: field for field in spec()["methods"][method].get("fields", ())}
    for name in fields:
        if fields[name]["required"] and name not in form and name not in files:
            yield f"{method}: {name} is missing"
    for name in files:
        named = any(f"attach://{name}" in raw for raw in form.values())
        if not named and "InputFile" not in fields.get(name, {}).get("types", ()):
            yield f"{method}: {name} is a file that nothing asks for"
    for name, raw in form.items():
        if name not in fields:
            yield f"{method}: {name} is unknown"
        elif not any(fits_as_text(kind, raw) for kind in fields[name]["types"]):
            yield f"{method}: {name} is no {' or '.join(fields[name]['types'])}: {raw[:80]}"


def value_of(method: str, name: str, raw: str) -> Any:
    """A field that came as text, as what it is."""
    kinds = next(field["types"] for field in spec()["methods"][method]["fields"] if field["name"] == name)
    if kinds == ["String"] or (kinds == ["Integer", "String"] and not raw.removeprefix("-").isdigit()):
        return raw
    return json.loads(raw)


def fits_as_text(kind: str, raw: str) -> bool:
    if kind == "String":
        return True
    try:
        return fits(kind, json.loads(raw))
    except ValueError:
        return False


def fits(kind: str, value: Any) -> bool:
    return not list(faults(kind, value))


def faults(kind: str, value: Any, where: str = "") -> Iterator[str]:
    """What is wrong with a value of that type."""
    where = where or kind
    simple = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": (int, float), "InputFile": str}
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            yield f"{where}: no list"
            return
        for one in value:
            yield from faults(kind.removeprefix("Array of "), one, where)
    elif kind in simple:
        if not isinstance(value, simple[kind]) or (isinstance(value, bool) and kind in ("Integer", "Float")):
            yield f"{where}: no {kind}: {value!r}"
    elif "subtypes" in spec()["types"][kind]:
        if not any(fits(one, value) for one in spec()["types"][kind]["subtypes"]):
            yield f"{where}: no {kind}: {value!r}"
    else:
        yield from _faults_of_object(kind, value, where)


def _faults_of_object(kind: str, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: no {kind}: {value!r}"
        return
    fields = {field["name"]: field for field in spec()["types"][kind].get("fields", ())}
    for name, field in fields.items():
        if field["required"] and name not in value:
            yield f"{where}.{name} is missing"
    for name, one in value.items():
        if name not in fields:
            yield f"{where}.{name} is unknown"
            continue
        found = [list(faults(one_kind, one, f"{where}.{name}")) for one_kind in fields[name]["types"]]
        if all(found):
            yield from found[0]


class BadHtml(Exception):  # noqa: N818
    pass


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self.open: list[tuple[str, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise BadHtml(f'Unsupported start tag "{tag}"')
        self.open.append((tag, units(self.text), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise BadHtml(f'Unexpected end tag "{tag}"')
        _, start, link = self.open.pop()
        length = units(self.text) - start
        if length and (tag != "a" or link.startswith(("http://", "https://", "tg://"))):
            entity = {"type": TAGS[tag], "offset": start, "length": length}
            self.entities.append({**entity, "url": link} if tag == "a" else entity)

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise BadHtml("Unclosed start tag")
        self.text += data

    def handle_entityref(self, name: str) -> None:
        if name not in ("lt", "gt", "amp", "quot"):
            self.text += f"&{name}"
            return
        self.text += unescape(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.text += unescape(f"&#{name};")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities as Telegram gives them back; BadHtml when it would refuse."""
    parser = _Html()
    parser.feed(html)
    parser.close()
    if parser.rawdata:
        raise BadHtml("Unclosed start tag")
    if parser.open:
        raise BadHtml(f'Can\'t find end tag corresponding to start tag "{parser.open[-1][0]}"')
    entities = sorted(parser.entities, key=lambda one: (one["offset"], -one["length"]))
    return parser.text.rstrip(), entities
