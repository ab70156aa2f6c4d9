"""What a parser is given: one document as it came from the network."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Document:
    """An inflated body, the final address it came from, and the instant it was read."""

    body: bytes
    url: str
    content_type: str
    now: datetime
