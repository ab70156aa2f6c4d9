"""The memory: SQLAlchemy Core over SQLite or PostgreSQL. Values in, values out; no row leaves this package."""
