"""Closed windows: each recorded once as what it was, and nothing recorded that had not closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import inf

from bench.year.arithmetic import Window
from bench.year.expected import End
from bench.year.promises import LOCKED, SETTLED, Broken, Case

_RECORDED = ("locked_in", "ended")
_ONE_DAY = timedelta(days=1)


def closed_windows(case: Case) -> Iterator[Broken]:
    """Compare the windows that closed with what was recorded about them, both ways."""
    rows = [row for row in case.decisions if row["verdict"] in _RECORDED]
    over = list(_over(case))
    for end in over:
        wanted, least, most = _wanted(case, end)
        found = [row["verdict"] for row in rows if end.is_of(row["term_end"])]
        if not least <= len(found) <= most or set(found) - {wanted}:
            said = f"{wanted or 'nothing'} expected, {', '.join(found) or 'nothing'} recorded"
            yield Broken(LOCKED, case.contract, f"term to {end.first.term_end}: {said}")
    for row in rows:
        expired = row["verdict"] == "ended" and row["term_end"] < case.journal.papers[case.contract].known_on
        known = over if row["verdict"] == "locked_in" else case.ends
        if not expired and not any(end.is_of(row["term_end"]) for end in known):
            yield Broken(LOCKED, case.contract, f"term to {row['term_end']}: {row['verdict']} and nothing had closed")


def _wanted(case: Case, end: End) -> tuple[str, int, int]:
    """Return what had to be recorded about a closed term, and how often at least and at most."""
    done = case.carried_out(end)
    if done is not None and done["verdict"] in SETTLED:
        return _ended(case, end.last_day)
    if any(one.renews for one in end.readings):
        must = int(done is None and _renewed(case, end))
        return ("locked_in" if must else ""), min(must, int(end.closed_after < case.journal.ends)), must
    return _ended(case, end.last_day) if _is_last(case, end) else ("", 0, 0)


def _ended(case: Case, last_day: date) -> tuple[str, int, int]:
    must = int(last_day < case.journal.ends)
    return ("ended" if must else ""), must, must


def _renewed(case: Case, end: End) -> bool:
    """Tell whether every reading had renewed once more when the last one's window closed.

    Of a doubtful length nobody may say that a renewal is locked in while one reading still runs its
    first term: it is certain only once the reading with the fewest renewals has another one.
    """
    first = min(one.closes for one in end.readings)
    certain = {one.reading for one in end.readings} == {one.reading for one in end.readings if one.renews}
    return certain and _fewest(case, end, end.closed_after + _ONE_DAY) > _fewest(case, end, first)


def _fewest(case: Case, end: End, day: date) -> float:
    """Return how many renewals even that reading has behind it which has the fewest; no end where none is to come."""
    to_come: dict[tuple[object, ...], int] = {}
    for one in _known_with(case, end):
        if one.closes >= day:
            to_come[one.reading] = min(one.number, to_come.get(one.reading, one.number))
    return min(to_come.values(), default=inf)


def _is_last(case: Case, end: End) -> bool:
    """Tell whether no reading gives the contract a later day: while one runs, nobody says that it ended."""
    return all(one.term_end <= end.last_day for one in _known_with(case, end))


def _known_with(case: Case, end: End) -> Iterator[Window]:
    """Yield every window that was known at the same time."""
    together = (one for one in case.ends if (one.since, one.until) == (end.since, end.until))
    return (window for one in together for window in one.readings)


def _over(case: Case) -> Iterator[End]:
    """Yield each term whose window closed, as it was known then."""
    for end in case.ends:
        again = any(one.since >= end.until and one is not end and _same(one, end) for one in case.ends)
        if not case.over_before(end) and not again and min(one.closes for one in end.readings) < end.until:
            yield end


def _same(one: End, other: End) -> bool:
    return any(one.is_of(window.term_end) for window in other.readings)
