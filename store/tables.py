"""Every table, in the order the story fills them. Alembic migrations follow these definitions."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.database import Instant, metadata

inbox = Table(
    "inbox",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("source", String(40), nullable=False),
    Column("event_id", String(200), nullable=False),
    Column("business_key", String(400), unique=True),
    Column("kind", String(100), nullable=False),
    Column("account", String(200), nullable=False, default=""),
    Column("document", String(200), nullable=False, default=""),
    # received | started | done | rejected | unknown | dead
    Column("state", String(20), nullable=False, index=True),
    Column("reason", Text, nullable=False, default=""),
    Column("body", LargeBinary, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("deliveries", Integer, nullable=False, default=1),
    Column("attempt", Integer, nullable=False, default=0),
    Column("dispatched_at", Instant),
    Column("run_id", String(36)),
    Column("handoff_id", String(60), index=True),
    UniqueConstraint("source", "event_id"),
)

counters = Table(
    "counters",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("kind", String(100), primary_key=True),
    Column("verdict", String(20), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_at", Instant, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("name", String(300), nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("problem", String(40)),
    Column("problem_detail", Text, nullable=False, default=""),
)

pages = Table(
    "pages",
    metadata,
    Column("sha256", ForeignKey("documents.sha256"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("text", Text, nullable=False),
)

families = Table(
    "families",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("customer", String(300), nullable=False),
    Column("customer_key", String(300), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)

contracts = Table(
    "contracts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("family_id", ForeignKey("families.id"), nullable=False, index=True),
    Column("source", String(40), nullable=False),
    Column("source_document", String(200), nullable=False),
    Column("title", String(300), nullable=False),
    Column("customer", String(300), nullable=False),
    Column("document_sha256", ForeignKey("documents.sha256"), nullable=False),
    Column("certificate_sha256", ForeignKey("documents.sha256")),
    Column("certificate_name", String(300), nullable=False, default=""),
    Column("signed_at", Instant),
    Column("signers", JSON, nullable=False),
    Column("reference", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("owner_email", String(200)),
    Column("backup_email", String(200)),
    Column("ownership_reason", Text, nullable=False, default=""),
    Column("provisional", Boolean, nullable=False, default=True),
    UniqueConstraint("source", "source_document"),
)

parties = Table(
    "parties",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("name", String(300), nullable=False),
    Column("role", String(20), nullable=False, default=""),
    Column("citation", JSON),
)

terms = Table(
    "terms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("field", String(40), nullable=False),
    Column("value", Text, nullable=False),
    Column("rule", String(100), nullable=False),
    Column("citation", JSON, nullable=False),
    Column("duty", JSON),
    # confident | needs review | one reader
    Column("standing", String(20), nullable=False, default="one reader", server_default="one reader"),
    Column("confidence", Float),
    Column("readers", JSON),
    Column("rivals", JSON),
    Column("verified", Boolean, nullable=False, default=True),
)

lines = Table(
    "lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("product", String(300), nullable=False),
    Column("quantity", String(40)),
    Column("unit_price", String(40)),
    Column("total", String(40)),
    Column("citation", JSON, nullable=False),
    Column("unit", String(100), nullable=False, default="", server_default=""),
    Column("starts", Date),
    Column("ends", Date),
    Column("tiers", JSON),
)

clauses = Table(
    "clauses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("category", String(60), nullable=False),
    Column("citation", JSON, nullable=False),
    Column("confidence", Float, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("clause", String(300), nullable=False),
    Column("old", Text, nullable=False, default=""),
    Column("new", Text, nullable=False, default=""),
    Column("citation", JSON, nullable=False),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("field", String(40), nullable=False),
    Column("why", Text, nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("field", String(40), nullable=False),
    # accepted | corrected | rejected; the newest of a field counts
    Column("verdict", String(20), nullable=False),
    Column("value", Text, nullable=False, default=""),
    Column("citation", JSON),
    Column("because", Text, nullable=False, default=""),
    Column("who", String(200), nullable=False),
    Column("at", Instant, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("deadline_version", String(64), nullable=False),
    Column("stage", Integer, nullable=False),
    Column("recipient", String(200), nullable=False),
    Column("due_on", Date, nullable=False, index=True),
    Column("act_by", Date, nullable=False),
    # planned | collapsed | sent | acknowledged | superseded | suppressed; collapsed alerts wait for
    # the digest of their import
    Column("state", String(20), nullable=False, index=True),
    Column("explanation", JSON, nullable=False),
    Column("sent_at", Instant),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", String(200), nullable=False, default="", server_default=""),
    # Why it was superseded or suppressed, or why it goes to this person.
    Column("reason", Text, nullable=False, default="", server_default=""),
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
    Column("problem", Text, nullable=False, default="", server_default=""),
    UniqueConstraint("contract_id", "deadline_version", "stage", "recipient"),
)

import_batches = Table(
    "import_batches",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("folder", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
)

import_files = Table(
    "import_files",
    metadata,
    Column("batch_id", ForeignKey("import_batches.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("size", BigInteger, nullable=False),
    # found | done | failed
    Column("state", String(20), nullable=False, index=True),
    Column("contract_id", ForeignKey("contracts.id"), index=True),
    Column("problem", Text, nullable=False, default=""),
    Column("text_hash", String(64), nullable=False, default="", index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("changed_at", Instant, nullable=False),
)

family_proposals = Table(
    "family_proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("child_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("parent_id", ForeignKey("contracts.id"), nullable=False, index=True),
    # amends | renews | governed_by | replaces
    Column("kind", String(20), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("citation", JSON),
    # proposed | ambiguous | accepted | rejected | superseded
    Column("state", String(20), nullable=False, index=True),
    Column("proposed_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(200), nullable=False, default=""),
    Column("because", Text, nullable=False, default=""),
    UniqueConstraint("child_id", "parent_id", "kind"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("inbox_id", ForeignKey("inbox.id"), nullable=False, unique=True),
    Column("contract_id", ForeignKey("contracts.id"), index=True),
    Column("source", String(40), nullable=False),
    Column("document", String(200), nullable=False),
    Column("customer", String(300), nullable=False, default=""),
    Column("deal_id", String(100), nullable=False, default=""),
    Column("deal_type", String(20), nullable=False, default=""),
    Column("csm_email", String(200), nullable=False, default=""),
    Column("csm_reason", Text, nullable=False, default=""),
    # running | complete | incomplete
    Column("state", String(20), nullable=False, index=True),
    Column("signed", JSON, nullable=False),
    Column("signed_at", Instant),
    Column("accepted_at", Instant, nullable=False),
    Column("completed_at", Instant),
    Column("run_id", String(36)),
    Column("runs", Integer, nullable=False, default=0),
    Column("lease_owner", String(80), nullable=False, default=""),
    Column("lease_until", Instant, index=True),
    UniqueConstraint("source", "document"),
)

steps = Table(
    "steps",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id"), primary_key=True),
    Column("step", String(20), primary_key=True),
    Column("state", String(20), nullable=False, index=True),
    Column("reference", Text, nullable=False, default=""),
    Column("url", Text, nullable=False, default=""),
    Column("detail", Text, nullable=False, default=""),
    Column("error", JSON),
    Column("attempts", Integer, nullable=False, default=0),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("run_id", String(36)),
)

effects = Table(
    "effects",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("handoff_id", String(60), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("reference", Text, nullable=False, default=""),
    Column("url", Text, nullable=False, default=""),
    Column("request_hash", String(64), nullable=False),
    Column("fence", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_owner", String(80), nullable=False, default=""),
    Column("lease_until", Instant),
    Column("intended_at", Instant, nullable=False),
    # When the vendor was last asked and may have done it without our knowing; set only where
    # the vendor's lists lag behind.
    Column("asked_at", Instant),
    Column("applied_at", Instant),
    Column("detail", Text, nullable=False, default=""),
    # Lists and counts need not read the effects themselves.
    Index("ix_effects_counted", "key", "role", "state", "applied_at", "intended_at"),
)

briefs = Table(
    "briefs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handoff_id", ForeignKey("handoffs.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("markdown", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("completeness", Float, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("handoff_id", "version"),
)

answers = Table(
    "answers",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id"), primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("source", String(20), primary_key=True),  # rep | customer
    Column("value", Text, nullable=False),
    Column("who", String(200), nullable=False, default=""),
    Column("at", Instant, nullable=False),
    Column("read_at", Instant),
)

first_touches = Table(
    "first_touches",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id"), primary_key=True),
    Column("csm_email", String(200), nullable=False, index=True),
    Column("instruction", Text, nullable=False),
    Column("due_at", Instant, nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    # open | contacted
    Column("state", String(20), nullable=False),
    Column("contacted_at", Instant),
    Column("contacted_by", String(200), nullable=False, default=""),
    Column("snoozed_until", Instant),
    Column("escalation", Integer, nullable=False, default=0),
    Column("version", Integer, nullable=False, default=1),
    # Whom the posted message went to; differs from csm_email after a reassignment.
    Column("told_email", String(200), nullable=False, default=""),
)

sequences = Table(
    "sequences",
    metadata,
    Column("handoff_id", ForeignKey("handoffs.id"), primary_key=True),
    Column("template", String(60), nullable=False),
    Column("recipient", String(200), nullable=False),
    Column("contact_name", String(200), nullable=False, default=""),
    Column("state", String(20), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("intake_done_at", Instant),
    Column("created_at", Instant, nullable=False),
)

welcome_mails = Table(
    "welcome_mails",
    metadata,
    Column("handoff_id", ForeignKey("sequences.handoff_id"), primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("sent_at", Instant),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("role", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("key", String(300), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("role", "kind", "key"),
    # Lists and counts need not read the objects themselves.
    Index("ix_outbox_listed", "key", "role", "kind", "updated_at"),
    Index("ix_outbox_updated_at", "updated_at"),
    Index("ix_outbox_counted", "role", "kind", "updated_at", "key"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("at", Instant, nullable=False),
)


audit = Table(
    "audit",
    metadata,
    # SQLite needs a plain INTEGER for its row id; PostgreSQL counts beyond 2^31.
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(60), nullable=False, index=True),
    Column("subject", String(300), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

Index("ix_inbox_open", inbox.c.state, inbox.c.received_at)
