"""Keep how far each value may be trusted, what obligations say in full, clauses and changes."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("terms") as table:
        table.add_column(sa.Column("duty", sa.JSON(), nullable=True))
        table.add_column(sa.Column("standing", sa.String(length=20), nullable=False, server_default="one reader"))
        table.add_column(sa.Column("confidence", sa.Float(), nullable=True))
        table.add_column(sa.Column("readers", sa.JSON(), nullable=True))
        table.add_column(sa.Column("rivals", sa.JSON(), nullable=True))
    rows = op.get_bind().execute(sa.text("SELECT id, due FROM terms WHERE due IS NOT NULL")).all()
    for row in rows:
        keep = sa.text("UPDATE terms SET duty = :duty WHERE id = :id")
        op.get_bind().execute(keep, {"id": row.id, "duty": json.dumps({"due": row.due})})
    with op.batch_alter_table("terms") as table:
        table.drop_column("due")
    for name in ("terms", "gaps", "reviews"):
        op.execute(f"UPDATE {name} SET field = 'escalation_cap' WHERE field = 'renewal_uplift'")
    with op.batch_alter_table("lines") as table:
        table.add_column(sa.Column("unit", sa.String(length=100), nullable=False, server_default=""))
        table.add_column(sa.Column("starts", sa.Date(), nullable=True))
        table.add_column(sa.Column("ends", sa.Date(), nullable=True))
        table.add_column(sa.Column("tiers", sa.JSON(), nullable=True))
    op.create_table(
        "clauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.String(length=36), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("citation", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_clauses_contract_id_contracts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clauses")),
    )
    op.create_index(op.f("ix_clauses_contract_id"), "clauses", ["contract_id"], unique=False)
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.String(length=36), nullable=False),
        sa.Column("clause", sa.String(length=300), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("citation", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_changes_contract_id_contracts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_contract_id"), "changes", ["contract_id"], unique=False)


def downgrade() -> None:
    op.drop_table("changes")
    op.drop_table("clauses")
    with op.batch_alter_table("lines") as table:
        for name in ("unit", "starts", "ends", "tiers"):
            table.drop_column(name)
    with op.batch_alter_table("terms") as table:
        table.add_column(sa.Column("due", sa.String(length=40), nullable=True))
        for name in ("duty", "standing", "confidence", "readers", "rivals"):
            table.drop_column(name)
