"""What a run proved, as lines to read."""

from __future__ import annotations

from collections.abc import Iterator

from tests.contracts import defects
from tests.contracts.ledger import Ledger


def lines(ledger: Ledger) -> Iterator[str]:
    """Yield a row an operation, then what nobody used and what nothing needs any more."""
    yield f"{'vendor':<12} {'operation':<86} {'origin':<7} {'valid':>6} {'refused':>8} {'accepted':>9}"
    for vendor, operation, origin, valid, refused, accepted in ledger.rows():
        yield f"{vendor:<12} {operation:<86} {origin:<7} {valid:>6} {refused:>8} {accepted:>9}"
    yield (
        f"{len(ledger.valid)} operations, {sum(ledger.valid.values())} valid requests, "
        f"{sum(ledger.refused.values())} mutations refused, {len(ledger.through)} accepted"
    )
    yield from (f"nobody calls {name}" for name in ledger.unused())
    yield from (
        f"needless: {defect.vendor} {defect.operation}: {defect.problem}"
        for defect in sorted(defects.MET - defects.USED, key=str)
    )
