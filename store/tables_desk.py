"""The tables of the people who look: what stands in lists, what they ask for, how they came in, when they are away."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Date, ForeignKey, Integer, String, Table, Text

from store.database import Instant, metadata

contract_facts = Table(
    "contract_facts",
    metadata,
    Column("contract_id", ForeignKey("contracts.id"), primary_key=True),
    # order_form | master_agreement | …; empty where nobody knows
    Column("type", String(60), nullable=False, index=True),
    Column("region", String(100), nullable=False),
    Column("tier", String(60), nullable=False),
    Column("product", String(300), nullable=False),
    # Case-folded: no database folds names as Unicode does.
    Column("region_key", String(100), nullable=False, index=True),
    Column("counterparty_key", String(300), nullable=False, index=True),
    Column("value", String(60), nullable=False),
    Column("value_minor", BigInteger),
    Column("value_currency", String(3), nullable=False),
    Column("annual", String(60), nullable=False),
    Column("annual_minor", BigInteger),
    Column("annual_currency", String(3), nullable=False),
    Column("starts", Date),
    Column("ends", Date, index=True),
    Column("ended_on", Date),
    Column("renewal_type", String(20), nullable=False),
    Column("notice_period", String(20), nullable=False),
    Column("governing_law", String(200), nullable=False),
    Column("contract_number", String(200), nullable=False, index=True),
    # Terms that wait for a person, and terms that were not found.
    Column("doubts", Integer, nullable=False),
    Column("missing", JSON, nullable=False),
    # own | amends | renews | governed_by | replaces, by its accepted link to another paper
    Column("standing", String(20), nullable=False),
    Column("parent_id", String(36), index=True),
    Column("refreshed_at", Instant, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(40), nullable=False),
    # What it is about: contracts and the rest as the audit trail names them.
    Column("subject", String(300), nullable=False, index=True),
    Column("body", JSON, nullable=False),
    Column("who", String(200), nullable=False, index=True),
    Column("asked_at", Instant, nullable=False, index=True),
    # open | done | refused
    Column("state", String(10), nullable=False, index=True),
    Column("answer", Text, nullable=False, default=""),
    Column("why", Text, nullable=False, default=""),
    Column("fix", Text, nullable=False, default=""),
    Column("settled_at", Instant),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("page", String(30), nullable=False),
    Column("name", String(120), nullable=False),
    # The filters as they stand in the address.
    Column("query", Text, nullable=False),
    Column("owner", String(200), nullable=False, index=True),
    # Others may use it, only its owner may change it.
    Column("shared", Integer, nullable=False, default=0),
    Column("created_at", Instant, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    # The cookie itself is never stored.
    Column("token_hash", String(64), primary_key=True),
    Column("email", String(200), nullable=False, index=True),
    Column("how", String(20), nullable=False),
    # Groups that the login named; they decide about roles.
    Column("groups", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

# Links of a handoff for people without a login that were made before this instant open nothing.
withdrawn_links = Table(
    "withdrawn_links",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id"), primary_key=True),
    Column("before", Instant, nullable=False),
    Column("who", String(200), nullable=False),
)

leaves = Table(
    "leaves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(200), nullable=False, index=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("entered_by", String(200), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)
