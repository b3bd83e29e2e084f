"""What an amendment changes in the contract that it amends."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.terms import Change
from extraction.facts.changes import Passage, changes_in
from extraction.rules.view import View, squash, view
from extraction.values.windows import lowered

_AMENDS = re.compile(r"amend|addendum|variation|supplement|side letter|change order|restat")
_OPENING = 4000  # characters in which a paper says that it changes another


def read_changes(document: Document) -> list[Change]:
    """Find what is replaced, rewritten, added or deleted, as the paper words it."""
    seen = view(document)
    if not _AMENDS.search(lowered(seen.text), 0, _OPENING):
        return []
    return [change for passage in changes_in(seen.text) if (change := _change(seen, passage)) is not None]


def _change(seen: View, passage: Passage) -> Change | None:
    citation = seen.cite(*passage.span) or seen.cite_most(*passage.span)
    if citation is None:
        return None
    clause, old, new = (_words(seen, span) for span in (passage.clause, passage.old, passage.new))
    return Change(clause, old, new, citation)


def _words(seen: View, span: tuple[int, int] | None) -> str:
    return squash(seen.document.text[slice(*span)]) if span else ""
