"""The embedded default of every role: no account, everything kept in the outbox."""
