"""Keep what happens to a contract while it is in force: changes, deadlines, decisions, duties."""

import sqlalchemy as sa
from alembic import op

from store.database import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('amendments',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('paper_id', sa.String(length=36), nullable=False),
    sa.Column('target_id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('shown_hash', sa.String(length=64), nullable=False),
    sa.Column('impact', sa.JSON(), nullable=False),
    sa.Column('proposed_at', Instant, nullable=False),
    sa.Column('decided_at', Instant, nullable=True),
    sa.Column('decided_by', sa.String(length=200), nullable=False),
    sa.Column('because', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['paper_id'], ['contracts.id'], name=op.f('fk_amendments_paper_id_contracts')),
    sa.ForeignKeyConstraint(['target_id'], ['contracts.id'], name=op.f('fk_amendments_target_id_contracts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendments')),
    sa.UniqueConstraint('paper_id', 'target_id', name=op.f('uq_amendments_paper_id'))
    )
    with op.batch_alter_table('amendments') as batch_op:
        batch_op.create_index(batch_op.f('ix_amendments_paper_id'), ['paper_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_amendments_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_amendments_target_id'), ['target_id'], unique=False)

    op.create_table('deadlines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.Column('term_end', sa.Date(), nullable=False),
    sa.Column('window_opens', sa.Date(), nullable=True),
    sa.Column('notice_deadline', sa.Date(), nullable=True),
    sa.Column('effective_deadline', sa.Date(), nullable=True),
    sa.Column('send_by', sa.Date(), nullable=True),
    sa.Column('decide_by', sa.Date(), nullable=False),
    sa.Column('renewals', sa.Integer(), nullable=False),
    sa.Column('explanation', sa.JSON(), nullable=False),
    sa.Column('inputs', sa.JSON(), nullable=False),
    sa.Column('calendar', sa.String(length=20), nullable=False),
    sa.Column('calendar_version', sa.String(length=40), nullable=False),
    sa.Column('formula', sa.Integer(), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('computed_at', Instant, nullable=False),
    sa.Column('superseded_at', Instant, nullable=True),
    sa.Column('because', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_deadlines_contract_id_contracts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadlines')),
    sa.UniqueConstraint('contract_id', 'version', name=op.f('uq_deadlines_contract_id'))
    )
    with op.batch_alter_table('deadlines') as batch_op:
        batch_op.create_index(batch_op.f('ix_deadlines_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deadlines_superseded_at'), ['superseded_at'], unique=False)

    op.create_table('decisions',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('contract_id', sa.String(length=36), nullable=False),
    sa.Column('term_end', sa.Date(), nullable=False),
    sa.Column('verdict', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('because', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=200), nullable=False),
    sa.Column('decided_at', Instant, nullable=False),
    sa.Column('letter_sha256', sa.String(length=64), nullable=True),
    sa.Column('proof_sha256', sa.String(length=64), nullable=True),
    sa.Column('served_on', sa.Date(), nullable=True),
    sa.Column('executed_by', sa.String(length=200), nullable=False),
    sa.Column('executed_at', Instant, nullable=True),
    sa.Column('cost', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_decisions_contract_id_contracts')),
    sa.ForeignKeyConstraint(['letter_sha256'], ['documents.sha256'], name=op.f('fk_decisions_letter_sha256_documents')),
    sa.ForeignKeyConstraint(['proof_sha256'], ['documents.sha256'], name=op.f('fk_decisions_proof_sha256_documents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    with op.batch_alter_table('decisions') as batch_op:
        batch_op.create_index(batch_op.f('ix_decisions_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decisions_state'), ['state'], unique=False)

    op.create_table('obligations',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('contract_id', sa.String(length=36), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('direction', sa.String(length=10), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('citation', sa.JSON(), nullable=True),
    sa.Column('trigger_kind', sa.String(length=12), nullable=False),
    sa.Column('trigger', sa.Text(), nullable=False),
    sa.Column('rrule', sa.String(length=200), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('not_before', sa.Date(), nullable=True),
    sa.Column('lead_days', sa.Integer(), nullable=False),
    sa.Column('grace_days', sa.Integer(), nullable=False),
    sa.Column('calendar', sa.String(length=20), nullable=False),
    sa.Column('owner_email', sa.String(length=200), nullable=False),
    sa.Column('backup_email', sa.String(length=200), nullable=False),
    sa.Column('reviewer_email', sa.String(length=200), nullable=False),
    sa.Column('evidence_required', sa.Boolean(), nullable=False),
    sa.Column('consequence', sa.Text(), nullable=False),
    sa.Column('value_at_risk', sa.String(length=60), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('status_reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', Instant, nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_obligations_contract_id_contracts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_obligations')),
    sa.UniqueConstraint('contract_id', 'key', name=op.f('uq_obligations_contract_id'))
    )
    with op.batch_alter_table('obligations') as batch_op:
        batch_op.create_index(batch_op.f('ix_obligations_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_obligations_direction'), ['direction'], unique=False)
        batch_op.create_index(batch_op.f('ix_obligations_status'), ['status'], unique=False)

    op.create_table('dues',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('obligation_id', sa.String(length=36), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('opened_at', Instant, nullable=True),
    sa.Column('told_at', Instant, nullable=True),
    sa.Column('evidence_sha256', sa.String(length=64), nullable=True),
    sa.Column('evidence_note', sa.Text(), nullable=False),
    sa.Column('evidence_on', sa.Date(), nullable=True),
    sa.Column('done_by', sa.String(length=200), nullable=False),
    sa.Column('done_at', Instant, nullable=True),
    sa.Column('reviewed_by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['evidence_sha256'], ['documents.sha256'], name=op.f('fk_dues_evidence_sha256_documents')),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligations.id'], name=op.f('fk_dues_obligation_id_obligations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dues')),
    sa.UniqueConstraint('obligation_id', 'due_on', name=op.f('uq_dues_obligation_id'))
    )
    with op.batch_alter_table('dues') as batch_op:
        batch_op.create_index(batch_op.f('ix_dues_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_dues_obligation_id'), ['obligation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dues_state'), ['state'], unique=False)

    op.create_table('patches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('amendment_id', sa.String(length=36), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('old', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=True),
    sa.Column('line', sa.JSON(), nullable=True),
    sa.Column('citation', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['amendment_id'], ['amendments.id'], name=op.f('fk_patches_amendment_id_amendments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patches'))
    )
    with op.batch_alter_table('patches') as batch_op:
        batch_op.create_index(batch_op.f('ix_patches_amendment_id'), ['amendment_id'], unique=False)

    with op.batch_alter_table('alerts') as batch_op:
        batch_op.add_column(sa.Column('acknowledged_at', Instant, nullable=True))
        batch_op.add_column(sa.Column('acknowledged_by', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('reason', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('attempts', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('problem', sa.Text(), server_default='', nullable=False))




    op.create_table(
        "feeds",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("view", sa.String(length=10), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_feeds")),
    )
    op.create_index(op.f("ix_feeds_email"), "feeds", ["email"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("alerts") as table:
        for name in ("problem", "attempts", "reason", "acknowledged_by", "acknowledged_at"):
            table.drop_column(name)
    for name in ("feeds", "dues", "patches", "obligations", "decisions", "deadlines", "amendments"):
        op.drop_table(name)
