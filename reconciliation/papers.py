"""Invoices by the fingerprint of the paper: the same sender, number, total and day came before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reconciliation.calendars import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Papers:
    """Hold a row for each invoice in the order of arrival: 64 bits of its fingerprint, its first line and their count."""

    paper: Ints
    first: Ints
    count: Ints


def sent_twice(papers: Papers) -> Iterator[tuple[int, int]]:
    """Yield (first line, lines) of every invoice whose fingerprint another one has."""
    ordered = np.sort(papers.paper)
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    at = np.flatnonzero(np.isin(papers.paper, again)) if len(again) else np.zeros(0, np.int64)
    yield from zip(papers.first[at].tolist(), papers.count[at].tolist(), strict=True)
