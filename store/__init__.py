"""What we remember: tables, inbox, effects, terms, audit chain and document vault."""
