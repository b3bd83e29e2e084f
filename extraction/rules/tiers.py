"""Prefer what is said plainly over what is said in passing."""

from __future__ import annotations

from collections.abc import Callable

from domain.terms import Term


def first_that_finds(*readers: Callable[[], list[Term]]) -> list[Term]:
    """Return what the first successful reader found; later ones are weaker and are not asked."""
    for reader in readers:
        terms = reader()
        if terms:
            return terms
    return []
