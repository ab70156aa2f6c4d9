"""Every table, once, a file a noun. Migrations and queries are checked against these."""

from storage.tables.barred import barred
from storage.tables.base import METADATA
from storage.tables.delivery import bucket, delivery, digest_body, lane, update_seen
from storage.tables.errands import errand
from storage.tables.faq_entries import faq_entry
from storage.tables.gatherings import gathering, gathering_change, shown, signup
from storage.tables.inquiries import inquiry
from storage.tables.issues import issue
from storage.tables.journal import journal, setting
from storage.tables.needs import need
from storage.tables.news import entry, episode, source
from storage.tables.organisations import invitation, organisation
from storage.tables.people import account, draft, grant, person
from storage.tables.proposals import proposal
from storage.tables.questions import faq_question
from storage.tables.subscriptions import schedule, schedule_slot, subscription

__all__ = [
    "METADATA",
    "account",
    "barred",
    "bucket",
    "delivery",
    "digest_body",
    "draft",
    "entry",
    "episode",
    "errand",
    "faq_entry",
    "faq_question",
    "gathering",
    "gathering_change",
    "grant",
    "inquiry",
    "invitation",
    "issue",
    "journal",
    "lane",
    "need",
    "organisation",
    "person",
    "proposal",
    "schedule",
    "schedule_slot",
    "setting",
    "shown",
    "signup",
    "source",
    "subscription",
    "update_seen",
]
