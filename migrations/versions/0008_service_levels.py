"""Keep what was measured of service levels, and what is due for a miss."""

import sqlalchemy as sa
from alembic import op

from store.database import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sla_measurements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.String(length=36), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("window_first", sa.Date(), nullable=False),
        sa.Column("window_last", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("total", sa.String(length=80), nullable=False),
        sa.Column("excluded", sa.String(length=80), nullable=False),
        sa.Column("down", sa.String(length=80), nullable=False),
        sa.Column("doubtful", sa.String(length=80), nullable=False),
        sa.Column("lowest", sa.String(length=120), nullable=False),
        sa.Column("highest", sa.String(length=120), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("outages", sa.JSON(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("measured_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_sla_measurements_contract_id_contracts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_measurements")),
        sa.UniqueConstraint(
            "contract_id",
            "service",
            "source",
            "window_first",
            "window_last",
            name=op.f("uq_sla_measurements_contract_id"),
        ),
    )
    with op.batch_alter_table("sla_measurements") as batch_op:
        batch_op.create_index(batch_op.f("ix_sla_measurements_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sla_measurements_window_last"), ["window_last"], unique=False)

    op.create_table(
        "sla_breaches",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("contract_id", sa.String(length=36), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("metric", sa.String(length=20), nullable=False),
        sa.Column("window_first", sa.Date(), nullable=False),
        sa.Column("window_last", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("counterparty", sa.String(length=300), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.String(length=60), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("claim_by", sa.Date(), nullable=True),
        sa.Column("send_by", sa.Date(), nullable=True),
        sa.Column("channels", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("letter_sha256", sa.String(length=64), nullable=True),
        sa.Column("told_at", Instant, nullable=True),
        sa.Column("claimed_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_sla_breaches_contract_id_contracts")),
        sa.ForeignKeyConstraint(
            ["letter_sha256"], ["documents.sha256"], name=op.f("fk_sla_breaches_letter_sha256_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_breaches")),
        sa.UniqueConstraint(
            "contract_id", "service", "window_first", "window_last", "metric", name=op.f("uq_sla_breaches_contract_id")
        ),
    )
    with op.batch_alter_table("sla_breaches") as batch_op:
        batch_op.create_index(batch_op.f("ix_sla_breaches_claim_by"), ["claim_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sla_breaches_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sla_breaches_direction"), ["direction"], unique=False)
        batch_op.create_index(batch_op.f("ix_sla_breaches_state"), ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("sla_breaches")
    op.drop_table("sla_measurements")
