"""Find papers and what they say today: an index for searching, filled from what is stored."""

import sqlalchemy as sa
from alembic import op

from store import search_index

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_contracts_document_sha256", "contracts", ["document_sha256"]),
    ("ix_contracts_owner_email", "contracts", ["owner_email"]),
    ("ix_contract_facts_standing", "contract_facts", ["standing"]),
    ("ix_deadlines_standing", "deadlines", ["contract_id", "superseded_at"]),
)


def upgrade() -> None:
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    op.create_table(
        "search_contracts",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("contract_id", sa.String(length=36), sa.ForeignKey("contracts.id"), nullable=False, unique=True),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("terms", sa.Text),
        sa.Column("prices", sa.Text),
    )
    connection = op.get_bind()
    search_index.make(connection)
    search_index.rebuild(connection)


def downgrade() -> None:
    for table in ("search_pages", "search_about", "search_contracts"):
        op.drop_table(table)
    for name, table, _ in reversed(_INDEXES):
        op.drop_index(name, table)
