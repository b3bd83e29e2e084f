"""Keep what people decided about terms."""

import sqlalchemy as sa
from alembic import op

from store.database import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("citation", sa.JSON(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_reviews_contract_id_contracts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_contract_id"), "reviews", ["contract_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reviews_contract_id"), table_name="reviews")
    op.drop_table("reviews")
