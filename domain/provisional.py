"""Work with values that nobody has reviewed: of several readings, the one that makes people act first counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import count, islice, product

from domain.ambiguity import first_to_act
from domain.deadlines import Deadlines, at_term, open_term
from domain.renewal import Renewal, term_end
from domain.terms import ContractTerms, Standing, Term, TermField

_FORMS = {
    TermField.AGREEMENT_DATE: "20",
    TermField.EFFECTIVE_DATE: "20",
    TermField.EXPIRATION_DATE: "20",
    TermField.INITIAL_TERM: "P",
    TermField.RENEWAL_TERM: "P",
    TermField.NOTICE_PERIOD: "P",
}
_MOST = 32
SAME_TERM = timedelta(days=3)  # readings of one term's end lie no further apart


def readings(terms: Iterable[Term]) -> list[ContractTerms]:
    """Return every reading that the readers' different values allow; the chosen values come first."""
    single = [term for term in terms if term.field in _FORMS]
    base = ContractTerms.of(terms).values
    options = [_options(term) for term in single]
    return [
        ContractTerms({**base, **dict(zip((term.field for term in single), chosen, strict=True))})
        for chosen in islice(product(*options), _MOST)
    ]


def earliest(found: Sequence[Deadlines], today: date) -> Deadlines | None:
    """Return the deadlines that make people act first, and say so where readings differ."""
    if not found:
        return None
    first = first_to_act(found, today)
    others = sorted({one.act_by for one in found} - {first.act_by})
    if not others:
        return first
    listed = ", ".join(str(day) for day in others)
    why = (
        f"Provisional until somebody reviews the terms: read otherwise, one must act by {listed}; the earliest counts."
    )
    return first.because(why)


def is_bound(every: Sequence[Renewal], end: date, closed: date, today: date) -> bool:
    """Tell whether the term to `end`, whose window was last open on the day `closed`, renewed in every reading.

    No reading may leave that term's window open. Where some readings know no such term, each must
    have gone on once more by now: only then is one renewal more certain than before.
    """
    own = [at_term(one, number, today=today) for one in every for number in _numbers(one, end)]
    if any(one.closes >= today for one in own):
        return False
    return len(own) in {0, len(every)} or _gone_on(every, today) > _gone_on(every, closed)


def is_over(every: Sequence[Renewal], today: date) -> bool:
    """Tell whether the contract has ended in every reading."""
    return all(_last_day(one) < today for one in every)


def has_run_out(every: Sequence[Renewal], end: date, today: date) -> bool:
    """Tell whether the term to `end` is over in every reading that knows it."""
    return all(term_end(one, number) < today for one in every for number in _numbers(one, end))


def _numbers(renewal: Renewal, end: date) -> list[int]:
    """Return the number of the term that ends about that day, counted in renewals; empty where none does."""
    every = count() if renewal.rolls else sorted({0, renewal.begun})
    last = renewal.limit if renewal.rolls else None
    for number in every:
        day = term_end(renewal, number)
        if abs(day - end) <= SAME_TERM:
            return [number]
        if day > end or number == last:
            break
    return []


def _gone_on(every: Sequence[Renewal], today: date) -> int:
    """Return how many windows have closed in every reading."""
    return min(open_term(one, today) for one in every)


def _last_day(renewal: Renewal) -> date:
    if not renewal.rolls:
        return term_end(renewal, renewal.begun)
    return date.max if renewal.limit is None else term_end(renewal, renewal.limit)


def _options(term: Term) -> list[str]:
    """Return the value, and what other readers say in its place while nobody has decided."""
    if term.standing is not Standing.NEEDS_REVIEW:
        return [term.value]
    rivals = [rival.value for rival in term.rivals if rival.value.startswith(_FORMS[term.field])]
    return list(dict.fromkeys([term.value, *rivals]))
