"""What is wrong with a configuration, every fault at once: where, what was found, what was expected, what is near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from club.texts import Texts


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `expected` is a text key with its `values`: `config-want-…` names what was expected, `config-bad-…`
    says it all. `line` is None outside a file, `variable` names the environment's, `found` is as written, never a
    secret ("" = nothing was written)."""

    expected: str
    file: str = ""
    line: int | None = None
    key: str = ""
    variable: str = ""
    found: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    nearest: str = ""


class ConfigError(Exception):
    """The configuration cannot be used; nothing was started."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{f.variable or f.file}:{f.line or ''} {f.key} {f.expected}" for f in faults))
        self.faults = tuple(faults)


def render_faults(error: ConfigError, texts: Texts) -> str:
    """One French line a fault."""
    return "\n".join(_render(fault, texts) for fault in error.faults)


def _render(fault: Fault, texts: Texts) -> str:
    said = texts.plain(fault.expected, **fault.values)
    if fault.expected.startswith("config-want-"):
        key = "config-fault" if fault.found else "config-fault-missing"
        said = texts.plain(key, expected=said, **({"found": fault.found} if fault.found else {}))
    if fault.nearest:
        said = texts.plain("config-nearest", said=said, nearest=fault.nearest)
    return texts.plain("config-line", where=_where(fault, texts), said=said)


def _where(fault: Fault, texts: Texts) -> str:
    if fault.variable:
        return texts.plain("config-where-variable", variable=fault.variable)
    if fault.line is None:
        where = fault.file
    else:
        where = texts.plain("config-where-line", file=fault.file, line=str(fault.line))
    return ", ".join(filter(None, (where, fault.key)))
