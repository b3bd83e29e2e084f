"""The ledger of terms: what a contract says on a day, as far as it was known at a moment.

A paper's own terms, what people made of them and every approved amendment are patches with two
times: from which day they hold, and since when we know. Later days win over earlier ones; of the
same day, what was known later wins. An amendment that arrives late never overwrites a later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from domain.terms import REPEATABLE, Citation, Gap, Line, Reading, Standing, Term, TermField

AMENDED = "amendment"


@dataclass(frozen=True, slots=True)
class Patch:
    """Hold one change of a term from a day on.

    `value` is `None` where the term is deleted. For a field that may stand several times `old`
    names the value that is replaced; without it the value is added.
    """

    field: TermField
    old: str
    value: str | None
    citation: Citation
    valid_from: date
    paper: str  # id of the contract whose paper says so
    known_at: datetime | None = None  # when a person approved it


@dataclass(frozen=True, slots=True)
class LinePatch:
    """Hold a purchased product as an amendment lists it; it replaces the line of the same product."""

    line: Line
    valid_from: date
    paper: str
    known_at: datetime | None = None


_Change = TypeVar("_Change", Patch, LinePatch)


@dataclass(frozen=True, slots=True)
class Patches:
    """Hold every approved change of one contract."""

    terms: tuple[Patch, ...] = ()
    lines: tuple[LinePatch, ...] = ()

    def at(self, as_of: date, known_at: datetime | None = None) -> Patches:
        """Return what holds on a day as far as it was known at a moment, in the order it applies."""
        return Patches(tuple(_in_force(self.terms, as_of, known_at)), tuple(_in_force(self.lines, as_of, known_at)))

    def days(self) -> list[date]:
        """Return the days on which something changes, in order."""
        return sorted({*(one.valid_from for one in self.terms), *(one.valid_from for one in self.lines)})


def effective(reading: Reading, patches: Patches, as_of: date, known_at: datetime | None = None) -> Reading:
    """Return what the contract says on a day: its own paper, then every change in force."""
    chosen = patches.at(as_of, known_at)
    terms = list(reading.terms)
    for patch in chosen.terms:
        terms = _patched(terms, patch)
    changed = {patch.field for patch in chosen.terms}
    gaps = tuple(gap for gap in reading.gaps if gap.field not in changed)
    lines = tuple(_with_lines(reading.lines, [patch.line for patch in chosen.lines]))
    return replace(reading, terms=tuple(terms), gaps=gaps, lines=lines)


def _in_force(patches: Iterable[_Change], as_of: date, known_at: datetime | None) -> list[_Change]:
    return sorted((one for one in patches if one.valid_from <= as_of and _known(one, known_at)), key=_order)


def _order(one: Patch | LinePatch) -> tuple[date, str]:
    return one.valid_from, one.known_at.isoformat() if one.known_at else ""


def _known(patch: Patch | LinePatch, known_at: datetime | None) -> bool:
    return known_at is None or (patch.known_at is not None and patch.known_at <= known_at)


def _patched(terms: list[Term], patch: Patch) -> list[Term]:
    repeatable = patch.field in REPEATABLE
    kept = [
        term
        for term in terms
        if term.field is not patch.field or (repeatable and (not patch.old or term.value != patch.old))
    ]
    if patch.value is None or any(term.field is patch.field and term.value == patch.value for term in kept):
        return kept
    made = Term(
        patch.field, patch.value, patch.citation, f"{AMENDED} {patch.paper}", standing=Standing.CONFIDENT,
        readers=(AMENDED,),
    )  # fmt: skip
    return [*kept, made]


def _with_lines(lines: Sequence[Line], amended: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines with those of the same product replaced, the last one said counting."""
    newest = {_product(line): line for line in amended}
    for line in lines:
        if _product(line) not in newest:
            yield line
    yield from newest.values()


def _product(line: Line) -> str:
    return " ".join(line.product.casefold().split())


def inherited(reading: Reading, governing: Sequence[Reading]) -> Reading:
    """Return a paper's terms with what it leaves to those that govern it, the nearest first.

    A paper's own word comes first: the order of precedence of nearly every order form. Its own
    dates, numbers and names are never taken from another paper.
    """
    terms = list(reading.terms)
    for other in governing:
        own = {term.field for term in terms}
        terms += [term for term in other.terms if term.field not in own and term.field not in _OWN]
    filled = {term.field.value for term in terms}
    return replace(reading, terms=tuple(terms), gaps=tuple(gap for gap in reading.gaps if gap.field not in filled))


def conflicts(reading: Reading, governing: Sequence[Reading]) -> list[Gap]:
    """Name the terms on which a paper and one that governs it differ; the paper's own counts."""
    found = []
    for other in governing:
        for term in other.terms:
            mine = reading.get(term.field)
            if term.field in _OWN or term.field in REPEATABLE or mine is None or mine.value == term.value:
                continue
            why = f"says {mine.value}, the paper that governs it says {term.value} (page {term.citation.page})"
            found.append(Gap(term.field.value, why))
    return found


# What every paper says for itself alone.
_OWN = frozenset(
    {
        TermField.TITLE,
        TermField.DOCUMENT_TYPE,
        TermField.CONTRACT_NUMBER,
        TermField.AGREEMENT_DATE,
        TermField.EFFECTIVE_DATE,
        TermField.EXPIRATION_DATE,
        TermField.INITIAL_TERM,
        TermField.TERM_TYPE,
        TermField.TOTAL_VALUE,
        TermField.ANNUAL_VALUE,
        TermField.OBLIGATION,
        TermField.SPECIAL,
    }
)
