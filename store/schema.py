"""The whole schema: importing this registers every table."""

from __future__ import annotations

from store import tables, tables_billing, tables_desk, tables_ledger, tables_search, tables_sla
from store.database import metadata

__all__ = ["metadata", "tables", "tables_billing", "tables_desk", "tables_ledger", "tables_search", "tables_sla"]
