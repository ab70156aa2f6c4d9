"""What people's questions turned out to ask for: never who asked."""

from sqlalchemy import Column, Integer, String, Table, Text

from storage.columns import Utc
from storage.tables.base import METADATA

faq_question = Table(
    "faq_question",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("mark", String(64), nullable=False, unique=True),  # one judgement of each: the last
    Column("question", Text, nullable=False),
    Column("entry", String(64), nullable=False),  # "" = none
    Column("how", String(16), nullable=False),  # good, bad, chosen, other, none, human
    Column("at", Utc, nullable=False, index=True),
)
