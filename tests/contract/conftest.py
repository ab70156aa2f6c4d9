"""Stores that are made once a run."""

from tests.kit.stores import any_store, postgres_store, ready_postgres, ready_sqlite, store

__all__ = ["any_store", "postgres_store", "ready_postgres", "ready_sqlite", "store"]
