"""The search index's own table; what the engines keep beside it is theirs and is made with it.

SQLite keeps `search_about` and `search_pages` as FTS5 tables, PostgreSQL as tables of `tsvector` with GIN indexes.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

from store.database import metadata
from store.tables import contracts
from store.tables_desk import contract_facts
from store.tables_ledger import deadlines

search_contracts = Table(
    "search_contracts",
    metadata,
    # The engines know a contract by a number, and its pages by that number and theirs.
    Column("number", Integer, primary_key=True),
    Column("contract_id", ForeignKey("contracts.id"), nullable=False, unique=True),
    # One value a line, as people read it; nothing until they were noted once.
    Column("names", Text, nullable=False, default=""),
    Column("terms", Text),
    Column("prices", Text),
)

# What one search found, for as long as its page is made: contracts, and before that where all words stand together.
_passing = MetaData()
search_places = Table(
    "search_places",
    _passing,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("page", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
search_hits = Table(
    "search_hits",
    _passing,
    Column("contract_id", String(36), primary_key=True),
    Column("tier", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("page", Integer),
    prefixes=["TEMPORARY"],
)

INDEXES = (
    Index("ix_contracts_document_sha256", contracts.c.document_sha256),
    Index("ix_contracts_owner_email", contracts.c.owner_email),
    Index("ix_contract_facts_standing", contract_facts.c.standing),
    Index("ix_deadlines_standing", deadlines.c.contract_id, deadlines.c.superseded_at),
)
