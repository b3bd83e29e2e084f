"""Compare a reading with what is true of a contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.cuad import Counts
from bench.saas.generate import Sample
from bench.saas.gold import allowed_terms, gold_terms
from bench.saas.lines import GoldLine, gold_lines
from bench.saas.same import found
from domain.money import Money
from domain.terms import Line, Reading, TermField, Tier

_UNITS = {"seat": "user", "annum": "year", "monthly": "month", "annually": "year"}
_SMALL = {"per", "a", "and", "calendar", "each", "named", "one-time", "once"}


@dataclass(frozen=True, slots=True)
class Slip:
    """Hold one value that was made up or missed."""

    title: str
    name: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Hold the counts of one contract by field, and every slip."""

    counts: dict[str, Counts]
    slips: tuple[Slip, ...]


def judge(sample: Sample, reading: Reading) -> Judged:
    """Compare a reading with what is true of the sample."""
    counts: dict[str, Counts] = {}
    slips: list[Slip] = []
    allowed = allowed_terms(sample.deal)
    for name, wanted in gold_terms(sample.deal).items():
        told = [term.value for term in reading.terms if term.field is name]
        missed, extra = _compared(name, wanted, told, allowed.get(name, set()))
        counts[name] = Counts(len(wanted) - len(missed), len(extra), len(missed))
        slips += [
            Slip(sample.title, name, kind, value)
            for kind, values in (("missed", missed), ("made up", extra))
            for value in values
        ]
    for table, gold, read in _tables(sample, reading):
        counts[table] = _counted(gold, read)
        slips += [Slip(sample.title, table, "missed", one) for one in (gold - read).elements()]
        slips += [Slip(sample.title, table, "made up", one) for one in (read - gold).elements()]
    return Judged(counts, tuple(slips))


def _compared(name: TermField, wanted: set[str], told: Sequence[str], allowed: set[str]) -> tuple[list[str], list[str]]:
    missed = sorted(gold for gold in wanted if not any(found(name, gold, one) for one in told))
    extra = [one for one in dict.fromkeys(told) if not any(found(name, gold, one) for gold in wanted | allowed)]
    return missed, extra


def _tables(sample: Sample, reading: Reading) -> Iterator[tuple[str, Counter[str], Counter[str]]]:
    gold, told = gold_lines(sample.deal), reading.lines
    yield "line", Counter(map(_gold_line, gold)), Counter(map(_told_line, told))
    yearly = {one.product.casefold() for one in gold if one.starts}  # a ramp's table need not say "per year"
    yield "line unit", Counter(_units(gold, yearly)), Counter(_units(told, yearly))
    yield "tier", Counter(_tiers(gold)), Counter(_tiers(told))
    yield "line dates", Counter(_spans(gold)), Counter(_spans(told))


def _gold_line(line: GoldLine) -> str:
    return _with(line.product, _price(line.unit_price))


def _told_line(line: Line) -> str:
    """Name a line by its unit price; a flat fee may stand as the total of the line."""
    price = line.unit_price if line.unit_price is not None or line.tiers else line.total
    return _with(line.product, _price(None if line.tiers else price))


def _tiers(lines: Iterable[GoldLine | Line]) -> Iterator[str]:
    for line in lines:
        for tier in line.tiers:
            yield _with(line.product, _tier(tier))


def _tier(tier: Tier) -> str:
    return f"{tier.first.normalize():f}..{'' if tier.last is None else f'{tier.last.normalize():f}'} {_price(tier.unit_price)}"


def _units(lines: Iterable[GoldLine | Line], ungraded: set[str]) -> Iterator[str]:
    for line in lines:
        words = {_UNITS.get(word, word) for word in line.unit.casefold().replace("/", " ").split()} - _SMALL
        if words and line.product.casefold() not in ungraded:
            yield _with(line.product, " ".join(sorted(words)))


def _spans(lines: Iterable[GoldLine | Line]) -> Iterator[str]:
    for line in lines:
        if line.starts and line.ends:
            yield _with(line.product, f"{line.starts}..{line.ends} {_price(line.unit_price)}")


def _price(price: Money | None) -> str:
    return "by tier" if price is None else f"{price.amount.normalize():f} {price.currency}"


def _with(product: str, value: str) -> str:
    return f"{' '.join(product.casefold().split())}: {value}"


def _counted(wanted: Counter[str], told: Counter[str]) -> Counts:
    right = (wanted & told).total()
    return Counts(right, told.total() - right, wanted.total() - right)
