"""What a page is asked with, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What was asked: the parts of the address that its pattern names, and the first value of each key behind « ? ».
    Both are foreign text."""

    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as it is served: its bytes, its media type, and its Content-Security-Policy when it needs more than
    nothing at all; `shared`: pages of other sites may read it."""

    body: bytes
    kind: str
    policy: str = ""
    status: int = 200
    shared: bool = False
