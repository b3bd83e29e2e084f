"""Let a measurement count tickets as well as minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sla_measurements", sa.Column("unit", sa.String(length=10), nullable=False, server_default="minutes")
    )


def downgrade() -> None:
    op.drop_column("sla_measurements", "unit")
