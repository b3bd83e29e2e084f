"""Let the links of a handoff for people without a login be withdrawn; find handoffs and papers faster."""

import sqlalchemy as sa
from alembic import op

from store import search_postgres
from store.database import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withdrawn_links",
        sa.Column("handoff_id", sa.String(length=60), sa.ForeignKey("handoffs.id"), primary_key=True),
        sa.Column("before", Instant, nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
    )
    op.create_index("ix_handoffs_contract_id", "handoffs", ["contract_id"])
    op.create_index("ix_steps_state", "steps", ["state"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in search_postgres.QUICK:
            op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_steps_state", "steps")
    op.drop_index("ix_handoffs_contract_id", "handoffs")
    op.drop_table("withdrawn_links")
