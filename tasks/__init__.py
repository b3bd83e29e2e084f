"""Prefect tasks: one verb each; load, decide, do, record."""
