"""Keep invoices as they were sent, and what is wrong with them."""

import sqlalchemy as sa
from alembic import op

from store.database import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('billing_cursors',
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('cursor', sa.Text(), nullable=False),
    sa.Column('at', Instant, nullable=False),
    sa.PrimaryKeyConstraint('source', name=op.f('pk_billing_cursors'))
    )
    op.create_table('billing_matches',
    sa.Column('key', sa.String(length=400), nullable=False),
    sa.Column('contract', sa.String(length=200), nullable=False),
    sa.Column('who', sa.String(length=200), nullable=False),
    sa.Column('at', Instant, nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_billing_matches'))
    )
    op.create_table('billing_problems',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('where', sa.String(length=400), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('fix', sa.Text(), nullable=False),
    sa.Column('at', Instant, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_billing_problems')),
    sa.UniqueConstraint('source', 'where', name=op.f('uq_billing_problems_source'))
    )
    op.create_table('findings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=24), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('direction', sa.String(length=12), nullable=False),
    sa.Column('contract', sa.String(length=200), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('delta', sa.String(length=40), nullable=False),
    sa.Column('at_stake', sa.String(length=40), nullable=False),
    sa.Column('claimed', sa.String(length=40), nullable=False),
    sa.Column('recovered', sa.String(length=40), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('terms', sa.String(length=64), nullable=False),
    sa.Column('dispute_by', sa.Date(), nullable=True),
    sa.Column('detected_at', Instant, nullable=False),
    sa.Column('changed_at', Instant, nullable=False),
    sa.Column('told_at', Instant, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_findings')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_findings_fingerprint'))
    )
    with op.batch_alter_table('findings') as batch_op:
        batch_op.create_index(batch_op.f('ix_findings_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_findings_contract'), ['contract'], unique=False)
        batch_op.create_index(batch_op.f('ix_findings_dispute_by'), ['dispute_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_findings_status'), ['status'], unique=False)

    op.create_table('invoices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('source_id', sa.String(length=400), nullable=False),
    sa.Column('number', sa.String(length=200), nullable=False),
    sa.Column('direction', sa.String(length=12), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('party', sa.String(length=300), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('issued', sa.Date(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('original', sa.String(length=64), nullable=False),
    sa.Column('contract', sa.String(length=200), nullable=False),
    sa.Column('matched_by', sa.String(length=40), nullable=False),
    sa.Column('removed', sa.Boolean(), nullable=False),
    sa.Column('stored_at', Instant, nullable=False),
    sa.Column('changed_at', Instant, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoices')),
    sa.UniqueConstraint('source', 'source_id', name=op.f('uq_invoices_source'))
    )
    with op.batch_alter_table('invoices') as batch_op:
        batch_op.create_index(batch_op.f('ix_invoices_changed_at'), ['changed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoices_contract'), ['contract'], unique=False)
        batch_op.create_index(batch_op.f('ix_invoices_issued'), ['issued'], unique=False)

    op.create_table('finding_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=False),
    sa.Column('at', Instant, nullable=False),
    sa.Column('who', sa.String(length=200), nullable=False),
    sa.Column('before', sa.String(length=20), nullable=False),
    sa.Column('after', sa.String(length=20), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('approver', sa.String(length=200), nullable=False),
    sa.Column('recovered', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['finding_id'], ['findings.id'], name=op.f('fk_finding_events_finding_id_findings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_events'))
    )
    with op.batch_alter_table('finding_events') as batch_op:
        batch_op.create_index(batch_op.f('ix_finding_events_finding_id'), ['finding_id'], unique=False)


def downgrade() -> None:
    names = ("finding_events", "invoices", "findings", "billing_problems", "billing_matches", "billing_cursors")
    for name in names:
        op.drop_table(name)
