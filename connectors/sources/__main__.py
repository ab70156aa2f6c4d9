"""`python -m connectors.sources`: the process in which foreign documents are parsed."""

from connectors.sources.child import serve
from connectors.sources.page import look
from connectors.sources.parsers import parse

if __name__ == "__main__":
    serve(parse, look)
