"""Say a contract's terms in the words in which people look for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.access import FieldClass, class_of
from domain.periods import Period
from domain.terms import ContractTerms, TermField

# What only crowds the lines; sentences are found in the paper itself, by those who may read it.
_LEFT_OUT = frozenset({TermField.CURRENCY, TermField.NOTICE_UNIT})
_AS_WRITTEN = frozenset({TermField.TITLE, TermField.CONTRACT_NUMBER})
_SAID: Mapping[tuple[TermField, str], str] = {
    (TermField.RENEWAL_TYPE, "auto"): "auto renewal: it renews automatically",
    (TermField.RENEWAL_TYPE, "manual"): "renewal only by agreement",
    (TermField.RENEWAL_TYPE, "none"): "no renewal",
    (TermField.RENEWAL_TYPE, "evergreen"): "evergreen: it goes on until terminated",
    (TermField.RENEWAL_TYPE, "month_to_month"): "month to month",
}


def in_words(terms: ContractTerms) -> tuple[list[str], list[str]]:
    """Return what terms say, one line a value: those that everybody sees, and prices. Sentences are left out."""
    open_to_all: list[str] = []
    prices: list[str] = []
    for name, value in terms.values.items():
        kind = class_of(name)
        if name not in _LEFT_OUT and kind is not FieldClass.TEXT:
            (prices if kind is FieldClass.PRICE else open_to_all).append(line(name, value))
    return open_to_all, prices


def line(name: TermField, value: str) -> str:
    """Return one value with its name, such as `Notice period: 60 days notice`."""
    return f"{name.replace('_', ' ').capitalize()}: {_value(name, value)}"


def _value(name: TermField, value: str) -> str:
    said = _SAID.get((name, value))
    if said:
        return said
    if re.fullmatch(r"P\d+[DWMY]", value):
        period = Period.parse(value).display()
        return f"{period} notice" if name is TermField.NOTICE_PERIOD else period
    return value if name in _AS_WRITTEN else value.replace("_", " ")
