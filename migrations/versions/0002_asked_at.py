"""Remember when a vendor whose lists lag was asked."""

import sqlalchemy as sa
from alembic import op

from store.database import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("effects", sa.Column("asked_at", Instant))


def downgrade() -> None:
    op.drop_column("effects", "asked_at")
