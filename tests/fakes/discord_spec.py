"""Discord's own description of its interface (tests/specs), and what of it a call breaks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "specs" / "discord-openapi.json"
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


@dataclass(frozen=True)
class Spec:
    paths: Mapping[str, Any]
    schemas: Mapping[str, Any]

    @classmethod
    @cache
    def load(cls) -> Spec:
        read = json.loads(FILE.read_text("utf-8"))
        return cls(read["paths"], read["components"]["schemas"])

    def find(self, method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
        """The template of that path and the operation; the most literal one when several fit."""
        fitting = [
            template
            for template in self.paths
            if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path)
        ]
        for template in sorted(fitting, key=lambda one: one.count("{")):
            if method.lower() in self.paths[template]:
                return template, self.paths[template][method.lower()]
        return None

    def check(self, method: str, path: str, body: Any) -> list[str]:
        """What is wrong with the call: an unknown route, a missing or unknown field, a wrong type, a limit."""
        found = self.find(method, path)
        if found is None:
            return [f"{method} {path}: no such route"]
        asked = found[1].get("requestBody")
        if body is None:
            return [f"{method} {path}: no body"] if asked and asked.get("required") else []
        if asked is None:
            return [f"{method} {path}: a body"]
        return [f"{method} {path}: {one}" for one in self._of(asked["content"]["application/json"]["schema"], body, "")]

    def faults(self, schema: str, value: Any) -> list[str]:
        """What of this named schema the value breaks."""
        return list(self._of(self.schemas[schema], value, schema))

    def _of(self, schema: Mapping[str, Any], value: Any, at: str) -> Iterator[str]:
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"].rpartition("/")[2]]
        if wrong := self._type(schema, value):
            yield f"{at}: {wrong}"
            return
        if "const" in schema and value != schema["const"]:
            yield f"{at}: {value!r} is not {schema['const']!r}"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{at}: {value!r} is none of {schema['enum']}"
        for one in schema.get("allOf", ()):
            yield from self._of(one, value, at)
        for word in ("oneOf", "anyOf"):
            yield from self._one_of(schema.get(word, ()), value, at)
        yield from _limits(schema, value, at)
        if isinstance(value, list) and "items" in schema:
            for place, item in enumerate(value):
                yield from self._of(schema["items"], item, f"{at}[{place}]")
        if isinstance(value, dict) and "properties" in schema:
            yield from self._fields(schema, value, at)

    @staticmethod
    def _type(schema: Mapping[str, Any], value: Any) -> str:
        named = schema.get("type", ())
        names = [named] if isinstance(named, str) else named
        if not names:
            return ""
        fits = any(
            isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool)) for name in names
        )
        return "" if fits else f"{type(value).__name__} is no {'/'.join(names)}"

    def _one_of(self, options: Any, value: Any, at: str) -> Iterator[str]:
        if not options:
            return
        tried = [list(self._of(option, value, at)) for option in options]
        if not any(not faults for faults in tried):
            yield from min(tried, key=len)

    def _fields(self, schema: Mapping[str, Any], value: Mapping[str, Any], at: str) -> Iterator[str]:
        known = schema["properties"]
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{at}.{name} is missing"
        for name, part in value.items():
            if name in known:
                yield from self._of(known[name], part, f"{at}.{name}")
            elif "additionalProperties" not in schema:
                yield f"{at}.{name} is unknown"


def _limits(schema: Mapping[str, Any], value: Any, at: str) -> Iterator[str]:
    if isinstance(value, str | list):
        least, most = ("minLength", "maxLength") if isinstance(value, str) else ("minItems", "maxItems")
        if not schema.get(least, 0) <= len(value) <= schema.get(most, len(value)):
            yield f"{at}: {len(value)} long"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{at}: {value!r} does not fit {schema['pattern']}"
    if isinstance(value, list) and schema.get("uniqueItems") and len({json.dumps(one) for one in value}) < len(value):
        yield f"{at}: twice the same"
    if isinstance(value, int | float) and not (schema.get("minimum", value) <= value <= schema.get("maximum", value)):
        yield f"{at}: {value} is out of bounds"
