"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.database

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('audit',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.String(length=40), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_subject'), ['subject'], unique=False)

    op.create_table('counters',
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=100), nullable=False),
    sa.Column('verdict', sa.String(length=20), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.Column('last_at', store.database.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('source', 'kind', 'verdict', name=op.f('pk_counters'))
    )
    op.create_table('cursors',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('at', store.database.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_cursors'))
    )
    op.create_table('documents',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('stored_at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('problem', sa.String(length=40), nullable=True),
    sa.Column('problem_detail', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_documents'))
    )
    op.create_table('effects',
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('handoff_id', sa.String(length=60), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('fence', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_owner', sa.String(length=80), nullable=False),
    sa.Column('lease_until', store.database.Instant(timezone=True), nullable=True),
    sa.Column('intended_at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('applied_at', store.database.Instant(timezone=True), nullable=True),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_effects'))
    )
    with op.batch_alter_table('effects', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_effects_handoff_id'), ['handoff_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_effects_state'), ['state'], unique=False)

    op.create_table('families',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('customer', sa.String(length=300), nullable=False),
    sa.Column('customer_key', sa.String(length=300), nullable=False),
    sa.Column('created_at', store.database.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_families')),
    sa.UniqueConstraint('customer_key', name=op.f('uq_families_customer_key'))
    )
    op.create_table('inbox',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('event_id', sa.String(length=200), nullable=False),
    sa.Column('business_key', sa.String(length=400), nullable=True),
    sa.Column('kind', sa.String(length=100), nullable=False),
    sa.Column('account', sa.String(length=200), nullable=False),
    sa.Column('document', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('headers', sa.JSON(), nullable=False),
    sa.Column('received_at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('deliveries', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('dispatched_at', store.database.Instant(timezone=True), nullable=True),
    sa.Column('run_id', sa.String(length=36), nullable=True),
    sa.Column('handoff_id', sa.String(length=60), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox')),
    sa.UniqueConstraint('business_key', name=op.f('uq_inbox_business_key')),
    sa.UniqueConstraint('source', 'event_id', name=op.f('uq_inbox_source'))
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbox_handoff_id'), ['handoff_id'], unique=False)
        batch_op.create_index('ix_inbox_open', ['state', 'received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_inbox_received_at'), ['received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_inbox_state'), ['state'], unique=False)

    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('created_at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('updated_at', store.database.Instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('role', 'kind', 'key', name=op.f('uq_outbox_role'))
    )
    op.create_table('contracts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('family_id', sa.String(length=36), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('source_document', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('customer', sa.String(length=300), nullable=False),
    sa.Column('document_sha256', sa.String(length=64), nullable=False),
    sa.Column('certificate_sha256', sa.String(length=64), nullable=True),
    sa.Column('certificate_name', sa.String(length=300), nullable=False),
    sa.Column('signed_at', store.database.Instant(timezone=True), nullable=True),
    sa.Column('signers', sa.JSON(), nullable=False),
    sa.Column('reference', sa.JSON(), nullable=False),
    sa.Column('created_at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('owner_email', sa.String(length=200), nullable=True),
    sa.Column('backup_email', sa.String(length=200), nullable=True),
    sa.Column('ownership_reason', sa.Text(), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_sha256'], ['documents.sha256'], name=op.f('fk_contracts_certificate_sha256_documents')),
    sa.ForeignKeyConstraint(['document_sha256'], ['documents.sha256'], name=op.f('fk_contracts_document_sha256_documents')),
    sa.ForeignKeyConstraint(['family_id'], ['families.id'], name=op.f('fk_contracts_family_id_families')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contracts')),
    sa.UniqueConstraint('source', 'source_document', name=op.f('uq_contracts_source'))
    )
    with op.batch_alter_table('contracts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contracts_family_id'), ['family_id'], unique=False)

    op.create_table('pages',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['sha256'], ['documents.sha256'], name=op.f('fk_pages_sha256_documents')),
    sa.PrimaryKeyConstraint('sha256', 'number', name=op.f('pk_pages'))
    )
    op.create_table('alerts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('contract_id', sa.String(length=36), nullable=False),
    sa.Column('deadline_version', sa.String(length=64), nullable=False),
    sa.Column('stage', sa.Integer(), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('act_by', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('explanation', sa.JSON(), nullable=False),
    sa.Column('sent_at', store.database.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_alerts_contract_id_contracts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts')),
    sa.UniqueConstraint('contract_id', 'deadline_version', 'stage', 'recipient', name=op.f('uq_alerts_contract_id'))
    )
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alerts_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_alerts_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_alerts_state'), ['state'], unique=False)

    op.create_table('gaps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.String(length=36), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_gaps_contract_id_contracts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gaps'))
    )
    with op.batch_alter_table('gaps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gaps_contract_id'), ['contract_id'], unique=False)

    op.create_table('handoffs',
    sa.Column('id', sa.String(length=60), nullable=False),
    sa.Column('inbox_id', sa.String(length=36), nullable=False),
    sa.Column('contract_id', sa.String(length=36), nullable=True),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('document', sa.String(length=200), nullable=False),
    sa.Column('customer', sa.String(length=300), nullable=False),
    sa.Column('deal_id', sa.String(length=100), nullable=False),
    sa.Column('deal_type', sa.String(length=20), nullable=False),
    sa.Column('csm_email', sa.String(length=200), nullable=False),
    sa.Column('csm_reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('signed', sa.JSON(), nullable=False),
    sa.Column('signed_at', store.database.Instant(timezone=True), nullable=True),
    sa.Column('accepted_at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('completed_at', store.database.Instant(timezone=True), nullable=True),
    sa.Column('run_id', sa.String(length=36), nullable=True),
    sa.Column('runs', sa.Integer(), nullable=False),
    sa.Column('lease_owner', sa.String(length=80), nullable=False),
    sa.Column('lease_until', store.database.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_handoffs_contract_id_contracts')),
    sa.ForeignKeyConstraint(['inbox_id'], ['inbox.id'], name=op.f('fk_handoffs_inbox_id_inbox')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handoffs')),
    sa.UniqueConstraint('inbox_id', name=op.f('uq_handoffs_inbox_id')),
    sa.UniqueConstraint('source', 'document', name=op.f('uq_handoffs_source'))
    )
    with op.batch_alter_table('handoffs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handoffs_lease_until'), ['lease_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_handoffs_state'), ['state'], unique=False)

    op.create_table('lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.String(length=36), nullable=False),
    sa.Column('product', sa.String(length=300), nullable=False),
    sa.Column('quantity', sa.String(length=40), nullable=True),
    sa.Column('unit_price', sa.String(length=40), nullable=True),
    sa.Column('total', sa.String(length=40), nullable=True),
    sa.Column('citation', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_lines_contract_id_contracts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lines'))
    )
    with op.batch_alter_table('lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lines_contract_id'), ['contract_id'], unique=False)

    op.create_table('parties',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('citation', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_parties_contract_id_contracts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parties'))
    )
    with op.batch_alter_table('parties', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_parties_contract_id'), ['contract_id'], unique=False)

    op.create_table('terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.String(length=36), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('due', sa.String(length=40), nullable=True),
    sa.Column('rule', sa.String(length=100), nullable=False),
    sa.Column('citation', sa.JSON(), nullable=False),
    sa.Column('verified', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_terms_contract_id_contracts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms'))
    )
    with op.batch_alter_table('terms', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_terms_contract_id'), ['contract_id'], unique=False)

    op.create_table('answers',
    sa.Column('handoff_id', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('who', sa.String(length=200), nullable=False),
    sa.Column('at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('read_at', store.database.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['handoff_id'], ['handoffs.id'], name=op.f('fk_answers_handoff_id_handoffs')),
    sa.PrimaryKeyConstraint('handoff_id', 'key', 'source', name=op.f('pk_answers'))
    )
    op.create_table('briefs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('handoff_id', sa.String(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('markdown', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('completeness', sa.Float(), nullable=False),
    sa.Column('created_at', store.database.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['handoff_id'], ['handoffs.id'], name=op.f('fk_briefs_handoff_id_handoffs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_briefs')),
    sa.UniqueConstraint('handoff_id', 'version', name=op.f('uq_briefs_handoff_id'))
    )
    op.create_table('first_touches',
    sa.Column('handoff_id', sa.String(length=60), nullable=False),
    sa.Column('csm_email', sa.String(length=200), nullable=False),
    sa.Column('instruction', sa.Text(), nullable=False),
    sa.Column('due_at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('created_at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('contacted_at', store.database.Instant(timezone=True), nullable=True),
    sa.Column('contacted_by', sa.String(length=200), nullable=False),
    sa.Column('snoozed_until', store.database.Instant(timezone=True), nullable=True),
    sa.Column('escalation', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('told_email', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['handoff_id'], ['handoffs.id'], name=op.f('fk_first_touches_handoff_id_handoffs')),
    sa.PrimaryKeyConstraint('handoff_id', name=op.f('pk_first_touches'))
    )
    with op.batch_alter_table('first_touches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_first_touches_csm_email'), ['csm_email'], unique=False)
        batch_op.create_index(batch_op.f('ix_first_touches_due_at'), ['due_at'], unique=False)

    op.create_table('sequences',
    sa.Column('handoff_id', sa.String(length=60), nullable=False),
    sa.Column('template', sa.String(length=60), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('contact_name', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('intake_done_at', store.database.Instant(timezone=True), nullable=True),
    sa.Column('created_at', store.database.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['handoff_id'], ['handoffs.id'], name=op.f('fk_sequences_handoff_id_handoffs')),
    sa.PrimaryKeyConstraint('handoff_id', name=op.f('pk_sequences'))
    )
    op.create_table('steps',
    sa.Column('handoff_id', sa.String(length=60), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('error', sa.JSON(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('started_at', store.database.Instant(timezone=True), nullable=True),
    sa.Column('finished_at', store.database.Instant(timezone=True), nullable=True),
    sa.Column('run_id', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['handoff_id'], ['handoffs.id'], name=op.f('fk_steps_handoff_id_handoffs')),
    sa.PrimaryKeyConstraint('handoff_id', 'step', name=op.f('pk_steps'))
    )
    op.create_table('welcome_mails',
    sa.Column('handoff_id', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('due_at', store.database.Instant(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('sent_at', store.database.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['handoff_id'], ['sequences.handoff_id'], name=op.f('fk_welcome_mails_handoff_id_sequences')),
    sa.PrimaryKeyConstraint('handoff_id', 'key', name=op.f('pk_welcome_mails'))
    )
    with op.batch_alter_table('welcome_mails', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_welcome_mails_due_at'), ['due_at'], unique=False)

    _seal_audit()


def _seal_audit() -> None:
    """Let the database itself refuse to change or remove audit entries."""
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{action.lower()} BEFORE {action} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('welcome_mails', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_welcome_mails_due_at'))

    op.drop_table('welcome_mails')
    op.drop_table('steps')
    op.drop_table('sequences')
    with op.batch_alter_table('first_touches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_first_touches_due_at'))
        batch_op.drop_index(batch_op.f('ix_first_touches_csm_email'))

    op.drop_table('first_touches')
    op.drop_table('briefs')
    op.drop_table('answers')
    with op.batch_alter_table('terms', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_terms_contract_id'))

    op.drop_table('terms')
    with op.batch_alter_table('parties', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_parties_contract_id'))

    op.drop_table('parties')
    with op.batch_alter_table('lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lines_contract_id'))

    op.drop_table('lines')
    with op.batch_alter_table('handoffs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handoffs_state'))
        batch_op.drop_index(batch_op.f('ix_handoffs_lease_until'))

    op.drop_table('handoffs')
    with op.batch_alter_table('gaps', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_gaps_contract_id'))

    op.drop_table('gaps')
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alerts_state'))
        batch_op.drop_index(batch_op.f('ix_alerts_due_on'))
        batch_op.drop_index(batch_op.f('ix_alerts_contract_id'))

    op.drop_table('alerts')
    op.drop_table('pages')
    with op.batch_alter_table('contracts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contracts_family_id'))

    op.drop_table('contracts')
    op.drop_table('outbox')
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inbox_state'))
        batch_op.drop_index(batch_op.f('ix_inbox_received_at'))
        batch_op.drop_index('ix_inbox_open')
        batch_op.drop_index(batch_op.f('ix_inbox_handoff_id'))

    op.drop_table('inbox')
    op.drop_table('families')
    with op.batch_alter_table('effects', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_effects_state'))
        batch_op.drop_index(batch_op.f('ix_effects_handoff_id'))

    op.drop_table('effects')
    op.drop_table('documents')
    op.drop_table('cursors')
    op.drop_table('counters')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_subject'))
        batch_op.drop_index(batch_op.f('ix_audit_action'))

    op.drop_table('audit')
