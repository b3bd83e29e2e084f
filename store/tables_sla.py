"""The tables of service levels: what each source measured of a window, and what is due for a miss."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from store.database import Instant, metadata

measurements = Table(
    "sla_measurements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("service", String(200), nullable=False),
    Column("source", String(40), nullable=False),
    Column("window_first", Date, nullable=False),
    Column("window_last", Date, nullable=False, index=True),
    Column("zone", String(60), nullable=False),
    # In percent, as the contract says.
    Column("target", String(20), nullable=False),
    # minutes | tickets
    Column("unit", String(10), nullable=False, server_default="minutes"),
    # What is counted in that unit, and shares, as exact fractions: 1109/12.
    Column("total", String(80), nullable=False),
    Column("excluded", String(80), nullable=False),
    Column("down", String(80), nullable=False),
    Column("doubtful", String(80), nullable=False),
    Column("lowest", String(120), nullable=False),
    Column("highest", String(120), nullable=False),
    # met | missed | undecided
    Column("verdict", String(12), nullable=False),
    # Whether the contract goes by this source.
    Column("counts", Boolean, nullable=False),
    Column("outages", JSON, nullable=False),
    Column("why", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("measured_at", Instant, nullable=False),
    UniqueConstraint("contract_id", "service", "source", "window_first", "window_last"),
)

breaches = Table(
    "sla_breaches",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, index=True),
    Column("service", String(200), nullable=False),
    # availability | response | resolution
    Column("metric", String(20), nullable=False),
    Column("window_first", Date, nullable=False),
    Column("window_last", Date, nullable=False),
    # In which the last day to claim ends.
    Column("zone", String(60), nullable=False),
    Column("source", String(40), nullable=False),
    # With whom the contract is, as its paper names them.
    Column("counterparty", String(300), nullable=False),
    # ours: we owe it | theirs: it is owed to us
    Column("direction", String(10), nullable=False, index=True),
    # 200.00 USD, empty where nobody knows the fee.
    Column("amount", String(60), nullable=False, default=""),
    Column("why", JSON, nullable=False),
    Column("claim_by", Date, index=True),
    Column("send_by", Date),
    Column("channels", String(100), nullable=False, default=""),
    # due | drafted | sent | accepted | rejected | credited | lapsed | withdrawn
    Column("state", String(12), nullable=False, index=True),
    Column("reason", Text, nullable=False, default=""),
    Column("letter_sha256", ForeignKey("documents.sha256")),
    Column("told_at", Instant),
    Column("claimed_on", Date),
    Column("settled_on", Date),
    Column("reference", String(200), nullable=False, default=""),
    Column("changed_by", String(200), nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("contract_id", "service", "window_first", "window_last", "metric"),
)
