"""Check mechanically that a quote stands on the page and that the value follows from it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from domain.documents import Document
from domain.periods import Unit
from domain.terms import Citation, Term, TermField
from extraction.classify import NOTICE_RULES, RENEWALS, Kinds, kinds_in
from extraction.facts import FAMILIES, derived
from extraction.facts.promises import PROMISES, promised
from extraction.rules.view import plain, squash
from extraction.values import dates_in, durations_in, money_in, places_in
from extraction.values.anniversaries import anniversaries_in
from extraction.values.ladders import rungs_in
from extraction.values.nets import net_days
from extraction.values.rhythms import rhythms_in
from extraction.values.spans import whole_months

_UNITS = {Unit.DAY: "calendar_day", Unit.WEEK: "week", Unit.MONTH: "month"}


def holds(document: Document, citation: Citation) -> bool:
    """Tell whether the quote is exactly what the cited place of this document says."""
    if citation.sha256 != document.sha256 or not 1 <= citation.page <= len(document.pages):
        return False
    if not 0 <= citation.start < citation.end:
        return False
    page = document.pages[citation.page - 1]
    return page.text[citation.start : citation.end] == citation.quote


def verify(document: Document, term: Term) -> bool:
    """Tell whether the citation holds and the value can be read from the quote alone."""
    if not holds(document, term.citation):
        return False
    derive = _DERIVE.get(term.field, _words)
    quote = plain(term.citation.quote)
    value = plain(squash(term.value))
    supported = derive(quote)
    return value in supported if derive is not _words else value.casefold() in supported.pop()


def _words(quote: str) -> set[str]:
    return {squash(quote).casefold()}


def _dates(quote: str) -> set[str]:
    return {found.value.isoformat() for found in dates_in(quote)}


def _periods(quote: str) -> set[str]:
    return {str(found.value.period) for found in durations_in(quote)}


def _terms(quote: str) -> set[str]:
    days = [found.value for found in dates_in(quote)]
    spans = {whole_months(first, last) for first, last in pairwise(days)}
    years = {str(found.value) for found in anniversaries_in(quote)}
    return _periods(quote) | years | {str(span) for span in spans if span}


def _renewals(quote: str) -> set[str]:
    return _periods(quote) | {str(found.value) for found in rhythms_in(quote)}


def _units(quote: str) -> set[str]:
    return {
        "business_day" if found.value.business else _UNITS.get(found.value.period.unit, "")
        for found in durations_in(quote)
    }


def _amounts(quote: str) -> set[str]:
    return {str(found.value) for found in money_in(quote)}


def _currencies(quote: str) -> set[str]:
    """Take a currency that is named, or else that of the amounts."""
    return derived(TermField.CURRENCY)(quote) | {found.value.currency for found in money_in(quote)}


def _places(quote: str) -> set[str]:
    return {found.value for found in places_in(quote)}


def _days(quote: str) -> set[str]:
    counted = {str(found.value.period.count) for found in durations_in(quote) if found.value.period.unit is Unit.DAY}
    return counted | net_days(quote)


def _kinds(kinds: Kinds) -> Callable[[str], set[str]]:
    return lambda quote: {found.value for found in kinds_in(quote, kinds)}


_DERIVE: dict[TermField, Callable[[str], set[str]]] = {
    TermField.AGREEMENT_DATE: _dates,
    TermField.EFFECTIVE_DATE: _dates,
    TermField.EXPIRATION_DATE: _dates,
    TermField.INITIAL_TERM: _terms,
    TermField.RENEWAL_TYPE: _kinds(RENEWALS),
    TermField.RENEWAL_TERM: _renewals,
    TermField.NOTICE_PERIOD: _periods,
    TermField.NOTICE_UNIT: _units,
    TermField.NOTICE_RULE: _kinds(NOTICE_RULES),
    TermField.TOTAL_VALUE: _amounts,
    TermField.ANNUAL_VALUE: _amounts,
    TermField.GOVERNING_LAW: _places,
    TermField.SERVICE_CREDIT: rungs_in,
    **{field: promised(field) for family in PROMISES for field in family.fields},
    **{field: derived(field) for family in FAMILIES for field in family.fields - {TermField.PROMOTION}},
    TermField.CURRENCY: _currencies,
}
