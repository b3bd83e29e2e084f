"""Ladders of service credits: the share of the fees that is due for each band of availability."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from extraction.values.bounds import Bound, Part, parts_in
from extraction.values.rungs import LOWEST_BAND, WHOLE, Rung, column_rungs

_APART = 260
_BESIDE = 170
_HIGHEST = Decimal(90)
_STOP = re.compile(
    r"[.?!]\s(?!\s*(?:(?:On|Upon|For|In)\s+(?:each|every|any|such|that|this)|Then|If\s+so|You|We)\b)|\n\n"
)


def ladder_in(text: str) -> list[Rung]:
    """Return the rungs of the ladder in the text, highest availability first; none where they do not fit together."""
    parts = _shares_freed(text, parts_in(text))
    runs = [run for group in _groups(parts) for credit_first in (False, True)
            for run in _runs(_rows(text, group, credit_first=credit_first))]  # fmt: skip
    runs += [column_rungs(group) for group in _groups(parts)]
    best = max(runs, key=lambda run: (len(run), -sum(rung.end - rung.start for rung in run)), default=[])
    rungs = _resolved(best)
    sound = all(rung.percent < _HIGHEST or rung.percent == WHOLE for rung in rungs)
    return rungs if sound and rungs and rungs[0].high is not None and rungs[0].high >= _HIGHEST else []


def rungs_in(text: str) -> set[str]:
    """Return the rungs of the text in their canonical form, such as `99..99.9: 10`."""
    return {str(rung) for rung in ladder_in(text)}


def _groups(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Yield percentages that stand close together."""
    group: list[Part] = []
    for part in parts:
        if group and part.start - group[-1].end > _APART:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _shares_freed(text: str, parts: list[Part]) -> list[Part]:
    """Take the half of `below 95 % - 50 %` for a share; no band of availability is that wide."""
    freed = parts[:1]
    for before, part in pairwise(parts):
        wide = before.bound is Bound.HIGH and part.bound is Bound.LOW and part.value < LOWEST_BAND
        dashed = wide and text[before.end : part.start].strip(") ") in {"-", "\u2013", "\u2014"}
        freed.append(replace(part, bound=Bound.NONE) if dashed else part)
    return freed


def _rows(text: str, parts: list[Part], *, credit_first: bool) -> list[Rung | None]:
    """Join every credit with the bounds before it, or behind it; `None` where there are none."""
    shares = [place for place, part in enumerate(parts) if part.bound is Bound.NONE]
    rows: list[Rung | None] = []
    for order, place in enumerate(shares):
        if credit_first:
            stop = shares[order + 1] if order + 1 < len(shares) else len(parts)
            rows.append(_row(text, parts[place], parts[place + 1 : stop]))
        else:
            begin = shares[order - 1] + 1 if order else 0
            rows.append(_row(text, parts[place], parts[begin:place][::-1]))
    return rows


def _row(text: str, credit: Part, bounds: Sequence[Part]) -> Rung | None:
    """Take the bound next to the credit, and the other one of its band if that stands beside it."""
    rung = Rung(None, None, credit.value, credit.start, credit.end)
    for part in bounds[:2]:
        wider = _with(rung, part)
        if wider is None or wider.end - wider.start > _BESIDE or _stops(text[wider.start : wider.end]):
            break
        rung = wider
    return None if rung.low is rung.high else rung


def _with(rung: Rung, part: Part) -> Rung | None:
    """Return the rung with one more bound; `None` where it has that one or would be upside down."""
    low = part.value if part.bound is Bound.LOW else rung.low
    high = part.value if part.bound is Bound.HIGH else rung.high
    taken = (rung.low if part.bound is Bound.LOW else rung.high) is not None
    if taken or (low is not None and high is not None and low >= high):
        return None
    return replace(rung, low=low, high=high, start=min(rung.start, part.start), end=max(rung.end, part.end))


def _stops(text: str) -> bool:
    return _STOP.search(text) is not None


def _runs(rows: list[Rung | None]) -> Iterator[list[Rung]]:
    """Yield stretches of rows in which each goes on where the one before it ended."""
    run: list[Rung] = []
    down = True
    for row in rows:
        if row is not None and run and len(run) == 1:
            down = _follows(run[-1], row)
        joined = row is not None and run and (_follows(run[-1], row) if down else _follows(row, run[-1]))
        if run and not joined:
            yield run if down else run[::-1]
            run = []
            down = True
        if row is not None:
            run.append(row)
    if run:
        yield run if down else run[::-1]


def _follows(above: Rung, below: Rung) -> bool:
    """Tell whether the lower band begins where the higher one ends, and gives more."""
    if below.percent <= above.percent:
        return False
    if above.low is not None and below.high is not None:
        return above.low in (below.high, _next(below.high))
    if above.low is None:
        return above.high is not None and below.high is not None and below.high < above.high
    return below.low is not None and below.low < above.low


def _resolved(run: list[Rung]) -> list[Rung]:
    """Let each band end where its neighbour begins, and leave out bands without a credit."""
    closed = any(b.high is not None and a.low == _next(b.high) for a, b in pairwise(run))
    rungs = [replace(rung, high=_next(rung.high)) if closed and rung.high else rung for rung in run]
    for place in range(len(rungs) - 1):
        above, below = rungs[place], rungs[place + 1]
        if above.low is None:
            rungs[place] = replace(above, low=below.high)
        else:
            rungs[place + 1] = replace(below, high=above.low)
    return [rung for rung in rungs if rung.percent and rung.high is not None]


def _next(number: Decimal) -> Decimal:
    """Return the number one unit of its last decimal above, 99.90 for 99.89."""
    return number + Decimal(1).scaleb(int(number.as_tuple().exponent))
