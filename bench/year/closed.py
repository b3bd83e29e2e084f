"""Closed windows: each recorded once as what it was, and nothing recorded that had not closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bench.year.expected import End
from bench.year.promises import LOCKED, SETTLED, Broken, Case

_RECORDED = ("locked_in", "ended")


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
    served = done is not None and done["verdict"] in SETTLED
    if end.first.renews and not served:
        must = int(done is None)
        return ("locked_in" if must else ""), min(must, int(_closed_after(case, end) < case.journal.ends)), must
    return "ended", int(_last_day(case, end) < case.journal.ends), 1


def _last_day(case: Case, end: End) -> date:
    """Return the last day that any reading gives the contract: while one runs, nobody says that it ended."""
    known = [one for one in case.ends if (one.since, one.until) == (end.since, end.until) and not one.first.renews]
    return max(window.term_end for one in [*_read_otherwise(case, end), *known] for window in one.readings)


def _closed_after(case: Case, end: End) -> date:
    """Return the last day on which any reading leaves the window open: until then nobody says that it is locked in."""
    return max(one.closed_after for one in _read_otherwise(case, end))


def _read_otherwise(case: Case, end: End) -> list[End]:
    """Return an end and, where the length of the term is in doubt, the next one, which is its other reading's."""
    if not case.journal.papers[case.contract].rivals:
        return [end]
    later = [one for one in case.ends if (one.since, one.until) == (end.since, end.until) and _first(one) > _first(end)]
    return [end, *sorted(later, key=_first)[:1]]


def _first(end: End) -> date:
    return end.first.term_end


def _over(case: Case) -> Iterator[End]:
    """Yield each term whose window closed, as it was known then."""
    for end in case.ends:
        again = any(one.since >= end.until and one is not end and _same(one, end) for one in case.ends)
        if not case.over_before(end) and not again and min(one.closes for one in end.readings) < end.until:
            yield end


def _same(one: End, other: End) -> bool:
    return any(one.is_of(window.term_end) for window in other.readings)
