"""Every hostile source that we know of, by kind."""

from tests.hostile.cases import (
    addresses,
    bombs,
    calendars,
    documents,
    jsonfeeds,
    pages_of_sites,
    redirects,
    texts,
    transport,
)
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
    *pages_of_sites.CASES,
)

__all__ = ["CASES", "GOOD"]
