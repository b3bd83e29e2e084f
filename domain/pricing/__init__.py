"""What a contract makes us expect on its invoices: exact amounts, each with clause, formula and numbers."""
