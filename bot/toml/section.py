"""A table of the file as a frozen model; each field says by a text key what it expects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.toml.values import Line, Truth, WebAddress, Whole


def want(key: str, **rules: Any) -> Any:
    """A field of which the text `key` says what is expected."""
    return Field(description=key, **rules)


class ConfigSection(BaseModel):
    """A frozen table of the file; a key it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def secrets(self) -> Iterator[str]:
        """What it holds that no log may show."""
        for name in type(self).model_fields:
            if isinstance(value := getattr(self, name), SecretStr):
                yield value.get_secret_value()


Secret = Annotated[SecretStr, want("config-want-secret", min_length=1)]
Address = Annotated[WebAddress, want("config-want-url")]
Port = Annotated[Whole, want("config-want-whole", ge=1, le=65_535)]
Words = Annotated[Line, want("config-want-line")]
Note = Annotated[str, want("config-want-note", max_length=200)]
Switch = Annotated[Truth, want("config-want-switch")]
