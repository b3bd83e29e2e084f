"""The tables of what happens to a contract while it is in force: changes, deadlines, decisions, duties."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from store.database import Instant, metadata

amendments = Table(
    "amendments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("paper_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("target_id", ForeignKey("contracts.id"), nullable=False, index=True),
    # proposed | approved | rejected | withdrawn
    Column("state", String(20), nullable=False, index=True),
    Column("valid_from", Date, nullable=False),
    Column("shown_hash", String(64), nullable=False),
    Column("impact", JSON, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(200), nullable=False, default=""),
    Column("because", Text, nullable=False, default=""),
    UniqueConstraint("paper_id", "target_id"),
)

patches = Table(
    "patches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("amendment_id", ForeignKey("amendments.id"), nullable=False, index=True),
    # A term's name, or `line`.
    Column("field", String(40), nullable=False),
    Column("old", Text, nullable=False, default=""),
    Column("value", Text),
    Column("line", JSON),
    Column("citation", JSON, nullable=False),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("version", String(64), nullable=False),
    Column("term_end", Date, nullable=False),
    Column("window_opens", Date),
    Column("notice_deadline", Date),
    Column("effective_deadline", Date),
    Column("send_by", Date),
    Column("decide_by", Date, nullable=False),
    Column("renewals", Integer, nullable=False, default=0),
    Column("explanation", JSON, nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("calendar", String(20), nullable=False),
    Column("calendar_version", String(40), nullable=False),
    Column("formula", Integer, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("computed_at", Instant, nullable=False),
    Column("superseded_at", Instant, index=True),
    Column("because", Text, nullable=False, default=""),
    UniqueConstraint("contract_id", "version"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("term_end", Date, nullable=False),
    # renew | renegotiate | terminate | lapse | locked_in
    Column("verdict", String(20), nullable=False),
    # open | executed | withdrawn
    Column("state", String(20), nullable=False, index=True),
    Column("because", Text, nullable=False, default=""),
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("letter_sha256", ForeignKey("documents.sha256")),
    Column("proof_sha256", ForeignKey("documents.sha256")),
    Column("served_on", Date),
    Column("executed_by", String(200), nullable=False, default=""),
    Column("executed_at", Instant),
    Column("cost", String(60), nullable=False, default=""),
    Index("ix_decisions_term", "contract_id", "term_end", "state"),
)

obligations = Table(
    "obligations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    # What it was made from, so that the same duty is never registered twice.
    Column("key", String(64), nullable=False),
    # contract | amendment | sales_commitment | law
    Column("source", String(20), nullable=False),
    # ours | theirs
    Column("direction", String(10), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("citation", JSON),
    # date | recurrence | event | state
    Column("trigger_kind", String(12), nullable=False),
    Column("trigger", Text, nullable=False, default=""),
    # How long after its event it falls due: P30D.
    Column("after", String(12), nullable=False, default="", server_default=""),
    Column("rrule", String(200), nullable=False, default=""),
    Column("starts_on", Date),
    Column("ends_on", Date),
    # Days of the rule before this one do not count.
    Column("not_before", Date),
    Column("lead_days", Integer, nullable=False),
    Column("grace_days", Integer, nullable=False),
    Column("calendar", String(20), nullable=False),
    Column("owner_email", String(200), nullable=False, default=""),
    Column("backup_email", String(200), nullable=False, default=""),
    Column("reviewer_email", String(200), nullable=False, default=""),
    Column("evidence_required", Boolean, nullable=False),
    Column("consequence", Text, nullable=False, default=""),
    Column("value_at_risk", String(60), nullable=False, default=""),
    # proposed | confirmed | superseded | waived | void
    Column("status", String(20), nullable=False, index=True),
    Column("status_reason", Text, nullable=False, default=""),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("contract_id", "key"),
)

dues = Table(
    "dues",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("obligation_id", ForeignKey("obligations.id"), nullable=False, index=True),
    Column("due_on", Date, nullable=False, index=True),
    # scheduled | open | in_review | fulfilled_on_time | fulfilled_late | missed | waived | superseded
    Column("state", String(20), nullable=False, index=True),
    Column("reason", Text, nullable=False, default=""),
    Column("opened_at", Instant),
    Column("told_at", Instant),
    Column("evidence_sha256", ForeignKey("documents.sha256")),
    Column("evidence_note", Text, nullable=False, default=""),
    Column("evidence_on", Date),
    Column("done_by", String(200), nullable=False, default=""),
    Column("done_at", Instant),
    Column("reviewed_by", String(200), nullable=False, default=""),
    UniqueConstraint("obligation_id", "due_on"),
)

feeds = Table(
    "feeds",
    metadata,
    # The token itself is never stored.
    Column("token_hash", String(64), primary_key=True),
    Column("email", String(200), nullable=False, index=True),
    # mine | all | the id of a saved view
    Column("view", String(36), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
