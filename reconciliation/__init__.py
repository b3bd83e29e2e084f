"""The bulk engine: screens millions of invoice lines in DuckDB and hands suspects to the exact rules of the domain."""
