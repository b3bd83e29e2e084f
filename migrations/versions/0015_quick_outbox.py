"""Count what left the house from indexes alone."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_counted", "outbox", ["role", "kind", "updated_at", "key"])
    op.create_index("ix_effects_counted", "effects", ["key", "role", "state", "applied_at", "intended_at"])
    op.drop_index("ix_effects_key_state", "effects")


def downgrade() -> None:
    op.create_index("ix_effects_key_state", "effects", ["key", "state"])
    op.drop_index("ix_effects_counted", "effects")
    op.drop_index("ix_outbox_counted", "outbox")
