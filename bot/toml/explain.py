"""From pydantic's errors to faults that an operator can act on.

What is expected of a key is said once, by the field itself: its `description` is a text key, `config-want-…`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.toml.faults import Fault
from bot.toml.lines import KeyPath, value_at
from bot.toml.raw import RawConfig, shown, variable_name

Model = type[BaseModel]


def explain(error: ValidationError, model: Model, written: RawConfig) -> tuple[Fault, ...]:
    """One fault for each place that `error` speaks of, in the order of the lines."""
    found: dict[KeyPath, Fault] = {}
    for detail in error.errors(include_url=False, include_input=False):
        path, fault = _fault(detail, model, written)
        found.setdefault(path, fault)
    return tuple(found.values())


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or ""."""
    return next(iter(get_close_matches(word.lower(), tuple(known), n=1)), "")


def field_at(model: Model, path: KeyPath) -> FieldInfo | None:
    """The field that `path` leads to, None when a step is unknown; places in a list are the list's own field."""
    field = None
    at: Model | None = model
    for step in path:
        if isinstance(step, int):
            continue
        if at is None or step not in at.model_fields:
            return None
        field = at.model_fields[step]
        at = _section(field)
    return field


def tables(model: Model, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Where the model has lists of tables: `("simulator", "people")`."""
    for name, field in model.model_fields.items():
        if (section := _section(field)) is None:
            continue
        if any(get_origin(kind) is tuple for kind in _types(field.annotation)):
            yield (*path, name)
        else:
            yield from tables(section, (*path, name))


def is_secret(model: Model, path: KeyPath) -> bool:
    """True when what stands at `path` must never be shown."""
    field = field_at(model, path)
    return field is not None and SecretStr in _types(field.annotation)


def _fault(detail: ErrorDetails, model: Model, written: RawConfig) -> tuple[KeyPath, Fault]:
    path, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return path, _unknown(path, model, written)
    value, depth = value_at(written.tree, path)
    if kind == "missing":
        field = field_at(model, path)
        return path, written.fault(path, _expected(field), **_bounds(field))
    path = path[:depth]  # deeper steps are ours: one value that was given for all networks
    field = field_at(model, path)
    expected = kind if kind.startswith("config-") else _expected(field)
    near = context.get("nearest", "") or nearest(str(value), _words(field))
    return path, written.fault(path, expected, found=_found(value, field), nearest=near, **_bounds(field))


def _unknown(path: KeyPath, model: Model, written: RawConfig) -> Fault:
    field = field_at(model, path[:-1])
    section = _section(field) if field else model
    known = tuple(section.model_fields) if section else ()
    near = nearest(str(path[-1]), known)
    if near and written.variable(path):
        near = variable_name((*path[:-1], near))
    return written.fault(path, "config-want-key", found=str(path[-1]), nearest=near, keys=", ".join(known))


def _notes(field: FieldInfo | None) -> Iterator[FieldInfo]:
    """What was said of a field, of its own type first, then of types within it: `Secret | None`."""
    if field:
        yield field
        yield from (kind for kind in _types(field.annotation) if isinstance(kind, FieldInfo))


def _expected(field: FieldInfo | None) -> str:
    return next((note.description for note in _notes(field) if note.description), "config-want-section")


def _bounds(field: FieldInfo | None) -> dict[str, Any]:
    """The least and the greatest value a number may have, as texts can show them."""
    bounds = {}
    for rule in (rule for note in _notes(field) for rule in note.metadata):
        for name in ("ge", "le"):
            if (bound := getattr(rule, name, None)) is not None:
                bounds[name] = bound
    return bounds


def _found(value: object, field: FieldInfo | None) -> str:
    if value == "":
        return '""'
    if isinstance(value, dict | list):
        return shown(value)
    # A token may stand where a section was expected.
    if field is None or _holds_secret(field):
        return "***"
    return shown(_without_password(str(value)) if isinstance(value, str) else value)


def _without_password(text: str) -> str:
    head, at, tail = text.rpartition("@")
    scheme, slashes, _ = head.partition("://")
    return f"{scheme}://***@{tail}" if at and slashes else text


def _holds_secret(field: FieldInfo) -> bool:
    section = _section(field)
    within = section.model_fields.values() if section else ()
    return SecretStr in _types(field.annotation) or any(map(_holds_secret, within))


def _section(field: FieldInfo) -> Model | None:
    return next((t for t in _types(field.annotation) if isinstance(t, type) and issubclass(t, BaseModel)), None)


def _words(field: FieldInfo | None) -> Iterator[str]:
    """The words that a field's type allows."""
    for kind in _types(field.annotation) if field else ():
        if get_origin(kind) is Literal:
            yield from map(str, get_args(kind))
        elif isinstance(kind, type) and issubclass(kind, Enum):
            yield from (str(one.value) for one in kind)


def _types(annotation: Any) -> Iterator[Any]:
    """A type and the types within it: `tuple[Channel, ...]`, `Matrix | None`."""
    yield annotation
    if get_origin(annotation) is not Literal:
        for inner in get_args(annotation):
            yield from _types(inner)
