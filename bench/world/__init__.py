"""A world of invoices whose truth is known, because every fault in it was planted, alone, on a clean twin.

Seeds below 1000 are for development. Seeds from 1000 on are never used in development: they are run to
report figures, and nobody looks at single cases of theirs.
"""
