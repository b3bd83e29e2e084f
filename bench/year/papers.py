"""Contracts for a simulated year: every kind of renewal and notice, ends all over the year, odd days."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from domain.terms import Citation, Reading, Rival, Standing, Term, TermField

T = TermField
Values = Mapping[TermField, str]

_PLACES = ("DE", "GB", "US", "JP", "FR", "CH", "SE", "AU", "CA", "SG", "NL", "IE", "AMER", "ES")
_KINDS = {"auto": 66, "manual": 9, "none": 13, "evergreen": 9, "month_to_month": 3}
_INITIAL = {"P12M": 44, "P24M": 22, "P36M": 16, "P1Y": 7, "P6M": 4, "P52W": 3, "P18M": 3, "P3M": 1}
_AGAIN = {"P12M": 75, "P1Y": 9, "P6M": 8, "P24M": 8}
_NOTICES = {
    ("P30D", "calendar_day"): 22, ("P60D", "calendar_day"): 22, ("P90D", "calendar_day"): 18,
    ("P45D", "calendar_day"): 6, ("P20D", "business_day"): 6, ("P30D", "business_day"): 5,
    ("P8W", "week"): 6, ("P2M", "month"): 7, ("P3M", "month"): 6, ("P1M", "month"): 2,
}  # fmt: skip
_SHORT_NOTICES = {("P7D", "calendar_day"): 1, ("P10D", "calendar_day"): 1, ("P5D", "business_day"): 1}
_SHORT = frozenset({"P1M", "P3M"})


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold what one signed paper says, what other readers say instead, and when we get to know it."""

    number: int
    customer: str
    place: str
    known_on: date
    values: Values
    rivals: Mapping[TermField, tuple[str, ...]] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Return the paper's fingerprint."""
        return hashlib.sha256(f"paper {self.number}".encode()).hexdigest()

    def reading(self) -> Reading:
        """Return the paper as a reader would hand it on."""
        return Reading(terms=tuple(self._term(name, value) for name, value in self.values.items()))

    def _term(self, name: TermField, value: str) -> Term:
        said = self._said(name, value)
        rivals = tuple(Rival(other, self._said(name, other), "trained") for other in self.rivals.get(name, ()))
        standing = Standing.NEEDS_REVIEW if rivals else Standing.CONFIDENT
        return Term(name, value, said, "bench", standing=standing, rivals=rivals)

    def _said(self, name: TermField, value: str) -> Citation:
        quote = f"{name.value.replace('_', ' ')}: {value}"
        return Citation(self.sha256, 1, 0, len(quote), quote)


def draw(count: int, *, starts: date, days: int, seed: str) -> list[Paper]:
    """Make up papers; seven in ten are on file on the first day, the others come during the time."""
    chance = Random(f"papers {seed}")
    return [_paper(number, chance, starts, days) for number in range(count)]


def pick(chance: Random, weights: Mapping[str, int]) -> str:
    """Draw one name by its weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def _paper(number: int, chance: Random, starts: date, days: int) -> Paper:
    old = chance.random() < 0.7
    known = starts if old else starts + timedelta(days=chance.randrange(1, max(2, days - 10)))
    values = _values(chance, known, old=old)
    customer = f"Customer {number:06} Ltd"
    rivals = _rivals(chance, values) if chance.random() < 0.12 else {}
    return Paper(number, customer, chance.choice(_PLACES), known, values, rivals)


def _values(chance: Random, known: date, *, old: bool) -> dict[TermField, str]:
    kind = pick(chance, _KINDS)
    initial = chance.choice(("P1M", "P12M")) if kind == "month_to_month" else pick(chance, _INITIAL)
    starts = _odd(chance, known - timedelta(days=_age(chance, kind, initial) if old else chance.randrange(-30, 60)))
    values = {
        T.AGREEMENT_DATE: str(starts - timedelta(days=3)),
        T.EFFECTIVE_DATE: str(starts),
        T.RENEWAL_TYPE: kind,
        T.ANNUAL_VALUE: f"{chance.randrange(5, 400) * 1000}.00 USD",
        T.CONTRACT_NUMBER: f"C-{chance.randrange(10**9)}",
    }
    values |= _length(chance, starts, initial)
    if kind == "auto":
        values[T.RENEWAL_TERM] = pick(chance, _AGAIN)
        if chance.random() < 0.1:
            values[T.RENEWAL_LIMIT] = chance.choice(("0", "1", "2"))
    return {**values, **_notice(chance, kind, initial)}


def _age(chance: Random, kind: str, initial: str) -> int:
    """Return how many days ago the term began; what does not renew is rarely imported after its end."""
    ends = {"P24M": 720, "P36M": 1080, "P18M": 540}.get(initial, 180 if initial == "P6M" else 350)
    return chance.randrange(1, 1200 if kind in {"auto", "evergreen", "month_to_month"} else ends)


def _odd(chance: Random, day: date) -> date:
    """Move one day in five to where months are hard to count: their ends, 29 February."""
    dice = chance.random()
    if dice < 0.04:
        return date(2024, 2, 29)
    if dice < 0.2:
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day


def _length(chance: Random, starts: date, initial: str) -> Values:
    if initial == "P12M" and chance.random() < 0.3:
        return {T.EXPIRATION_DATE: str(starts + timedelta(days=364))}
    return {T.INITIAL_TERM: initial}


def _notice(chance: Random, kind: str, initial: str) -> Values:
    if chance.random() < {"none": 0.7, "manual": 0.4}.get(kind, 0.05):
        return {}
    if initial == "P6M" and chance.random() < 0.1:
        return {T.NOTICE_PERIOD: "P300D", T.NOTICE_UNIT: "calendar_day"}  # impossible: longer than the term
    weights = _SHORT_NOTICES if initial in _SHORT or kind == "month_to_month" else _NOTICES
    period, unit = chance.choices(list(weights), list(weights.values()))[0]
    values = {T.NOTICE_PERIOD: period, T.NOTICE_UNIT: unit}
    rule = chance.choice(("receipt", "dispatch", ""))
    if rule:
        values[T.NOTICE_RULE] = rule
    if unit == "calendar_day" and initial == "P12M" and chance.random() < 0.1:
        values[T.NOTICE_NOT_BEFORE] = "P180D"
    return values


def _rivals(chance: Random, values: Values) -> Mapping[TermField, tuple[str, ...]]:
    """Let another reader see one value differently."""
    other: dict[TermField, Sequence[str]] = {
        T.NOTICE_PERIOD: ("P30D", "P60D", "P90D"),
        T.INITIAL_TERM: ("P12M", "P24M", "P36M"),
    }
    doubtful = [name for name in other if len(values.get(name, "")) == 4]
    if not doubtful or values[T.RENEWAL_TYPE] == "month_to_month" or values.get(T.INITIAL_TERM) in {"P3M", "P6M"}:
        return {}
    name = chance.choice(doubtful)
    return {name: (chance.choice([value for value in other[name] if value != values[name]]),)}
