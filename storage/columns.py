"""How values are written in columns."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

E = TypeVar("E", bound=StrEnum)
_LENGTH = len("2027-03-09 08:00:00.000000")  # without the zone


class _AsText(sqlite.DATETIME):
    """Written and read by Utc alone: the library's own way, on top of it, takes four times as long."""

    def bind_processor(self, dialect: Dialect) -> None:
        """Nothing more to do."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Nothing more to do."""


_TEXT: TypeEngine[Any] = _AsText()  # type: ignore[no-untyped-call]  # the library's


class Utc(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out (promise 54). SQLite keeps it as text that sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of this database."""
        return dialect.type_descriptor(_TEXT if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """As it goes into the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        value = value.astimezone(UTC)
        return value.isoformat(" ", "microseconds")[:_LENGTH] if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """As it comes out."""
        if value is None:
            return None
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Word(TypeDecorator[E]):
    """An enumeration, kept as its word."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """As it goes into the database."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """As it comes out."""
        return None if value is None else self.words(value)


class Words(TypeDecorator[tuple[Any, ...]]):
    """A tuple of words or numbers, kept as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> list[Any] | None:
        """As it goes into the database."""
        return None if value is None else list(value)

    def process_result_value(self, value: list[Any] | None, dialect: Dialect) -> tuple[Any, ...] | None:
        """As it comes out."""
        return None if value is None else tuple(value)
