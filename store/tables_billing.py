"""The tables of money: invoices as they were sent, which contract they belong to, and what is wrong with them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from store.database import Instant, metadata

invoices = Table(
    "invoices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(40), nullable=False),
    Column("source_id", String(400), nullable=False),
    Column("number", String(200), nullable=False),
    Column("direction", String(12), nullable=False),
    Column("status", String(20), nullable=False),
    Column("party", String(300), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("issued", Date, nullable=False, index=True),
    Column("body", JSON, nullable=False),
    Column("digest", String(64), nullable=False),
    # Where the original lies in the vault; empty where the source has none.
    Column("original", String(64), nullable=False, default=""),
    Column("contract", String(200), nullable=False, default="", index=True),
    Column("matched_by", String(40), nullable=False, default=""),
    Column("removed", Boolean, nullable=False, default=False),
    Column("stored_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False, index=True),
    UniqueConstraint("source", "source_id"),
)

billing_cursors = Table(
    "billing_cursors",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

billing_problems = Table(
    "billing_problems",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(40), nullable=False),
    Column("where", String(400), nullable=False),
    Column("what", Text, nullable=False),
    Column("fix", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    UniqueConstraint("source", "where"),
)

billing_matches = Table(
    "billing_matches",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("contract", String(200), nullable=False),
    Column("who", String(200), nullable=False),
    Column("at", Instant, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", String(24), nullable=False, unique=True),
    Column("code", String(20), nullable=False, index=True),
    Column("status", String(20), nullable=False, index=True),
    Column("direction", String(12), nullable=False),
    Column("contract", String(200), nullable=False, index=True),
    Column("currency", String(3), nullable=False, default=""),
    # Decimals as text: no database makes a float of them.
    Column("delta", String(40), nullable=False, default=""),
    Column("at_stake", String(40), nullable=False, default=""),
    Column("claimed", String(40), nullable=False, default=""),
    Column("recovered", String(40), nullable=False, default="0"),
    Column("body", JSON, nullable=False),
    Column("terms", String(64), nullable=False, default=""),
    Column("dispute_by", Date, index=True),
    Column("detected_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("told_at", Instant),
)

finding_events = Table(
    "finding_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("finding_id", ForeignKey("findings.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("who", String(200), nullable=False),
    Column("before", String(20), nullable=False, default=""),
    Column("after", String(20), nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("approver", String(200), nullable=False, default=""),
    Column("recovered", String(40), nullable=False, default=""),
)
