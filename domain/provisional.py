"""Work with values that nobody has reviewed: of several readings, the one that makes people act first counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice, product

from domain.deadlines import Deadlines
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
    """Return the deadlines that make people act first, and say so where readings differ.

    A reading under which all is over already hides none under which something can still be done.
    """
    if not found:
        return None
    first = min(found, key=lambda one: (one.closes < today, one.act_by, one.term_end))
    others = sorted({one.act_by for one in found} - {first.act_by})
    if not others:
        return first
    listed = ", ".join(str(day) for day in others)
    why = (
        f"Provisional until somebody reviews the terms: read otherwise, one must act by {listed}; the earliest counts."
    )
    return first.because(why)


def _options(term: Term) -> list[str]:
    """Return the value, and what other readers say in its place while nobody has decided."""
    if term.standing is not Standing.NEEDS_REVIEW:
        return [term.value]
    rivals = [rival.value for rival in term.rivals if rival.value.startswith(_FORMS[term.field])]
    return list(dict.fromkeys([term.value, *rivals]))
