"""`python -m connectors.sources`: the process in which foreign documents are parsed."""

from connectors.sources import parse
from connectors.sources.child import serve

if __name__ == "__main__":
    serve(parse)
