"""What is planted among clean invoice lines, and where it must be found again."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
SHARE = 0.015
KINDS = ("price", "duplicate", "dropped", "currency", "term", "unknown", "period")
_USD = 13_523


@dataclass(slots=True)
class Columns:
    """Hold lines as columns, with the slot that each was made for; `fault` is the number of its kind, -1 for clean."""

    columns: dict[str, npt.NDArray[np.generic]]
    slot: Ints
    fault: Ints
    dropped: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


def planted(lines: Columns, needed: npt.NDArray[np.bool_], draw: np.random.Generator) -> Columns:
    """Plant every kind of fault in its share of the lines; only what is `needed` is missed when it is dropped."""
    count = len(lines.slot)
    kind = np.where(draw.random(count) < SHARE, draw.integers(0, len(KINDS), count), -1)
    kind[(kind == KINDS.index("dropped")) & ~needed] = -1
    lines.fault = kind.astype(np.int64)
    one = {name: np.flatnonzero(kind == number) for number, name in enumerate(KINDS)}
    columns = lines.columns
    off = draw.integers(50, 400, len(one["price"]))
    # Half too much, half too little, and beyond the tolerance of 1 cent or 0.1 %.
    amount = columns["amount"][one["price"]]
    columns["amount"][one["price"]] = amount + np.where(off % 2 == 0, off + amount // 50, -(amount // 20) - 2)
    columns["currency"][one["currency"]] = _USD
    columns["first"][one["term"]] += 40_000
    columns["last"][one["term"]] += 40_000
    columns["line"][one["unknown"]] = -1
    columns["odd"][one["unknown"]] = True
    columns["first"][one["period"]] += 2
    return _arranged(lines, one["duplicate"], one["dropped"])


def _arranged(lines: Columns, twice: Ints, dropped: Ints) -> Columns:
    """Take lines out, and add copies of others some thousand lines later."""
    later = np.minimum(twice + 5_000, len(lines.slot) - 1)
    order = np.concatenate([np.arange(len(lines.slot)), twice])
    place = np.concatenate([np.arange(len(lines.slot)) * 2, later * 2 + 1])
    kept = np.ones(len(order), np.bool_)
    kept[dropped] = False
    sequence = np.argsort(place, kind="stable")
    order = order[sequence[kept[sequence]]]
    columns = {name: values[order] for name, values in lines.columns.items()}
    return Columns(columns, lines.slot[order], lines.fault[order], lines.slot[dropped])
