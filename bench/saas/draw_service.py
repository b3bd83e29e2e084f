"""Draw service levels."""

from __future__ import annotations

import random
from decimal import Decimal

from bench.saas.deal import Sla, Step
from domain.periods import Period, Unit

_LADDERS = {
    "99.5": (("99.5", "99.0", "98.0"), ("99.5", "98.5", "97.0", "95.0")),
    "99.8": (("99.8", "99.0", "97.5"), ("99.8", "98.0")),
    "99.9": (("99.9", "99.0", "95.0"), ("99.9", "99.5", "99.0", "98.0"), ("99.9", "99.0")),
    "99.95": (("99.95", "99.9", "99.0"), ("99.95", "99.5", "99.0", "95.0"), ("99.95", "99.0")),
    "99.99": (("99.99", "99.9", "99.0"), ("99.99", "99.95", "99.5", "99.0")),
}
_PERCENTS = (("5", "10", "20", "30"), ("10", "25", "50", "100"), ("3", "6", "12", "18"), ("2.5", "5", "10", "25"))


def sla(rng: random.Random) -> Sla:
    """Return the promise of one deal."""
    uptime = rng.choices(tuple(_LADDERS), (20, 8, 45, 17, 10))[0]
    steps = _steps(rng, uptime) if rng.random() < 0.8 else ()
    claim = Period(rng.choice((5, 7, 10, 14, 15, 30, 30, 45, 60)), Unit.DAY) if steps and rng.random() < 0.65 else None
    window = rng.choices(("month", "quarter", "year"), (75, 17, 8))[0]
    return Sla(
        uptime=Decimal(uptime),
        window=window,
        steps=steps,
        credit_cap=Decimal(rng.choice(("10", "15", "20", "25", "30", "50", "100")))
        if steps and rng.random() < 0.6
        else None,
        claim=claim,
        channel=rng.choices(("email", "ticket", "portal", "notice", ""), (25, 25, 15, 10, 25))[0] if claim else "",
        chronic=_chronic(rng) if window == "month" and rng.random() < 0.5 else None,
        exclusions=rng.random() < 0.6,
    )


def _steps(rng: random.Random, uptime: str) -> tuple[Step, ...]:
    percents = [Decimal(one) for one in rng.choice(_PERCENTS)]
    if rng.random() < 0.2:
        return (Step(None, Decimal(uptime), percents[0]),)
    edges = [Decimal(one) for one in rng.choice(_LADDERS[uptime])]
    lows: list[Decimal | None] = [*edges[1:], None]
    return tuple(Step(low, high, percent) for low, high, percent in zip(lows, edges, percents, strict=False))


def _chronic(rng: random.Random) -> tuple[int, int, bool]:
    if rng.random() < 0.4:
        months = rng.choice((2, 3, 4))
        return months, months, True
    misses, months = rng.choice(((2, 3), (2, 6), (3, 6), (3, 12), (4, 12), (5, 12)))
    return misses, months, False
