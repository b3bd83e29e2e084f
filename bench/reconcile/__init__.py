"""What the bulk screen of invoice lines costs, beside plain DuckDB and pandas in the same run."""
