"""Find phrases of frequent words without reading every page that holds them; list what left the house without reading it."""

from alembic import op
from sqlalchemy import text

from store import search_pairs, search_postgres

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_decisions_term", "decisions", ["contract_id", "term_end", "state"])
    op.create_index("ix_outbox_listed", "outbox", ["key", "role", "kind", "updated_at"])
    op.create_index("ix_outbox_updated_at", "outbox", ["updated_at"])
    op.create_index("ix_effects_key_state", "effects", ["key", "state"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in search_postgres.PAIR:
            op.get_bind().execute(text(statement), {"frequent": sorted(search_pairs.FREQUENT)})


def downgrade() -> None:
    op.drop_index("ix_effects_key_state", "effects")
    op.drop_index("ix_outbox_updated_at", "outbox")
    op.drop_index("ix_outbox_listed", "outbox")
    op.drop_index("ix_decisions_term", "decisions")
