"""Let people look: facts of every contract, requests, saved views, sessions, leaves."""

import sqlalchemy as sa
from alembic import op

from store.database import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract_facts",
        sa.Column("contract_id", sa.String(length=36), sa.ForeignKey("contracts.id"), primary_key=True),
        sa.Column("type", sa.String(length=60), nullable=False, index=True),
        sa.Column("region", sa.String(length=100), nullable=False),
        sa.Column("tier", sa.String(length=60), nullable=False),
        sa.Column("product", sa.String(length=300), nullable=False),
        sa.Column("region_key", sa.String(length=100), nullable=False, index=True),
        sa.Column("counterparty_key", sa.String(length=300), nullable=False, index=True),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("value_minor", sa.BigInteger),
        sa.Column("value_currency", sa.String(length=3), nullable=False),
        sa.Column("annual", sa.String(length=60), nullable=False),
        sa.Column("annual_minor", sa.BigInteger),
        sa.Column("annual_currency", sa.String(length=3), nullable=False),
        sa.Column("starts", sa.Date),
        sa.Column("ends", sa.Date, index=True),
        sa.Column("ended_on", sa.Date),
        sa.Column("renewal_type", sa.String(length=20), nullable=False),
        sa.Column("notice_period", sa.String(length=20), nullable=False),
        sa.Column("governing_law", sa.String(length=200), nullable=False),
        sa.Column("contract_number", sa.String(length=200), nullable=False, index=True),
        sa.Column("doubts", sa.Integer, nullable=False),
        sa.Column("missing", sa.JSON, nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.String(length=36), index=True),
        sa.Column("refreshed_at", Instant, nullable=False),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(length=36), primary_key=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False, index=True),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False, index=True),
        sa.Column("asked_at", Instant, nullable=False, index=True),
        sa.Column("state", sa.String(length=10), nullable=False, index=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("fix", sa.Text, nullable=False),
        sa.Column("settled_at", Instant),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(length=36), primary_key=True),
        sa.Column("page", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False, index=True),
        sa.Column("shared", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), primary_key=True),
        sa.Column("email", sa.String(length=200), nullable=False, index=True),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
    )
    op.create_table(
        "leaves",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(length=200), nullable=False, index=True),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("entered_at", Instant, nullable=False),
        sa.Column("withdrawn_at", Instant),
    )
    with op.batch_alter_table("feeds") as table:
        table.alter_column(
            "view", type_=sa.String(length=36), existing_type=sa.String(length=10), existing_nullable=False
        )


def downgrade() -> None:
    for table in ("leaves", "sessions", "saved_views", "requests", "contract_facts"):
        op.drop_table(table)
