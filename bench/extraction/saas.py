"""SaaS fields on generated contracts whose phrasings nobody used in development."""

from __future__ import annotations

from bench.extraction.figures import Tally
from bench.extraction.targets import SAAS_F1
from bench.saas.score import GROUPS, measure

_COUNT, _SEED = 200, 2026


def report(tally: Tally) -> None:
    """Print the groups of fields of both banks of phrasings; only the unseen one counts."""
    seen, unseen = (measure(bank, _COUNT, _SEED) for bank in ("dev", "unseen"))
    for group, names in GROUPS.items():
        counts, own = unseen.counts(names), seen.counts(names)
        low, high = unseen.interval(names)
        more = f"P {counts.precision:.3f} R {counts.recall:.3f} [{low:.3f}, {high:.3f}], phrasings of development {own.f1:.3f}"
        tally.line(f"SaaS {group}", counts.f1, SAAS_F1, more)
