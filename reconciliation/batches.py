"""Rows of the history as batches to look at: contract lines by the place that they have among today's terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconciliation.arrivals import Arrivals
from reconciliation.frames import Compiled, Narrow
from reconciliation.looking import Batch
from reconciliation.papers import Papers


def places(terms: Compiled, keys: Sequence[tuple[str, str]]) -> Narrow:
    """Return the row of each numbered contract line in the terms, -1 where they no longer have it; one more -1 at the end."""
    rows = {key: row for row, key in enumerate(terms.lines.keys)}
    return np.array([*(rows.get(key, -1) for key in keys), -1], dtype=np.int32)


def batch(columns: Mapping[str, npt.NDArray[Any]], place: Narrow) -> Batch:
    """Return columns of the history as a batch; the number -1 finds the last place."""
    return Batch(
        place[columns["line"]], columns["first"], columns["last"], columns["quantity"], columns["amount"],
        columns["currency"], columns["odd"],
    )  # fmt: skip


def batch_of(lines: pd.DataFrame, place: Narrow) -> Batch:
    """Return a frame of lines as a batch."""
    return batch({str(name): lines[name].to_numpy() for name in lines.columns}, place)


def papers_of(arrivals: Arrivals) -> Papers:
    """Return the papers of a night that has no history."""
    papers = arrivals.papers
    return Papers(papers["paper"].to_numpy(), papers["first"].to_numpy(), papers["count"].to_numpy())
