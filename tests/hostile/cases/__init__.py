"""Every hostile source that we know of, by kind."""

from tests.hostile.cases import addresses, bombs, calendars, documents, jsonfeeds, redirects, texts, transport
from tests.hostile.cases.good import GOOD

CASES = (
    *addresses.CASES,
    *redirects.CASES,
    *transport.CASES,
    *bombs.CASES,
    *documents.CASES,
    *texts.CASES,
    *calendars.CASES,
    *jsonfeeds.CASES,
)

__all__ = ["CASES", "GOOD"]
