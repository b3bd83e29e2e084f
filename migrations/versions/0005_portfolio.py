"""Keep how far the import of a folder has come, and which papers may belong together."""

import sqlalchemy as sa
from alembic import op

from store.database import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_batches",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("finished_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )
    op.create_table(
        "import_files",
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("contract_id", sa.String(length=36), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_files_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_import_files_contract_id_contracts")
        ),
        sa.PrimaryKeyConstraint("batch_id", "sha256", name=op.f("pk_import_files")),
    )
    op.create_index(op.f("ix_import_files_state"), "import_files", ["state"], unique=False)
    op.create_index(op.f("ix_import_files_contract_id"), "import_files", ["contract_id"], unique=False)
    op.create_index(op.f("ix_import_files_text_hash"), "import_files", ["text_hash"], unique=False)
    op.create_table(
        "family_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("citation", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("decided_at", Instant, nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["contracts.id"], name=op.f("fk_family_proposals_child_id_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["contracts.id"], name=op.f("fk_family_proposals_parent_id_contracts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_proposals")),
        sa.UniqueConstraint("child_id", "parent_id", "kind", name=op.f("uq_family_proposals_child_id")),
    )
    op.create_index(op.f("ix_family_proposals_child_id"), "family_proposals", ["child_id"], unique=False)
    op.create_index(op.f("ix_family_proposals_parent_id"), "family_proposals", ["parent_id"], unique=False)
    op.create_index(op.f("ix_family_proposals_state"), "family_proposals", ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("family_proposals")
    op.drop_table("import_files")
    op.drop_table("import_batches")
