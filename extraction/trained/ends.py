"""When a contract ends: a stated day, one counted from the start of its term, or never."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from domain.periods import Period, add
from extraction.facts.lifetimes import endless, last_days, lifetimes
from extraction.trained.defined import meanings, named
from extraction.trained.passages import Passage
from extraction.trained.segments import Span
from extraction.trained.spotting import DATED, By, Guess, about, days, first_day, lengths, step
from extraction.values import Found
from extraction.values.loose import loose_dates_in

PERPETUAL = "perpetual"
_LENGTH = re.compile(r"P\d+[DWMY]")
_EXPLAINED = 2  # passages whose names are looked up
_KINDS = ("Effective Date", "Expiration Date", "Initial Term", "Commencement Date", "Term")


@dataclass(frozen=True)
class _Told:
    """Hold a passage, its rank, and what it says on its own of the contract's end."""

    text: str
    passage: Passage
    rank: int
    meaning: str = ""  # of which name it is the definition

    @cached_property
    def said(self) -> str:
        return self.text[self.passage.start : self.passage.end]

    @cached_property
    def ends(self) -> tuple[Span, ...]:
        """Return where it tells a last day or a length of the term."""
        told: list[Found[Any]] = [*last_days(self.said), *lifetimes(self.said)]
        return tuple((self.passage.start + one.start, self.passage.start + one.end) for one in told)

    @cached_property
    def kind(self) -> str:
        if last_days(self.said):
            return "a day"
        return "a length" if self.ends else "no end" if endless(self.said) else "nothing"


def ends(text: str, near: Sequence[Passage], everything: By) -> list[Guess]:
    """Read the last day, or count it from the start of the term; `perpetual` where there is none."""
    told = [_Told(text, passage, rank) for rank, passage in enumerate(near)]
    told += [
        _Told(text, passage, rank, name) for rank, (passage, name) in enumerate(_meant(text, near), start=len(near))
    ]
    passages = [one.passage for one in told]
    found = [replace(guess, known=guess.known | {"stated"}) for guess in days(text, passages, everything)]
    starts = list(_starts(text, told, everything))
    for guess in lengths(text, passages):
        for name, day in starts:
            known = guess.known | {"counted", f"counted from {name}"}
            found.append(
                Guess(add(day, Period.parse(guess.value)).isoformat(), guess.start, guess.end, known, guess.value)
            )
    found += [_perpetual(one) for one in told if not one.meaning]
    return [replace(guess, known=guess.known | frozenset(_told(guess, told))) for guess in found]


def _perpetual(one: _Told) -> Guess:
    words = re.findall(r"[a-z]+", one.said.lower())
    pairs = map(" ".join, pairwise(words))
    known = {PERPETUAL, *about(one.passage, one.rank), *(f"says {said}" for said in (*words, *pairs))}
    return Guess(PERPETUAL, one.passage.start, one.passage.end, frozenset(known))


def _told(guess: Guess, told: Sequence[_Told]) -> Iterable[str]:
    """Say how the sentences around a guess, each on its own, tell of the contract's end."""
    what = PERPETUAL if guess.value == PERPETUAL else "counted" if guess.length else "stated"
    for one in told:
        if not (one.passage.start <= guess.start and guess.end <= one.passage.end):
            continue
        likely = step(one.passage.probability) > 0
        if one.meaning:
            yield f"meaning of {one.meaning}"
        yield f"{what} where {one.kind} is told"
        yield f"{what} where {one.kind} is told {min(one.rank, 1)} {likely}"
        if any(start < guess.end and guess.start < end for start, end in one.ends):
            yield f"{what} is told"
            yield f"{what} is told {likely}"


def _meant(text: str, near: Sequence[Passage]) -> Iterable[tuple[Passage, str]]:
    """Yield the passages that say what the days and periods named in the likeliest passages are."""
    seen: set[Span] = {(one.start, one.end) for one in near}
    for passage in near[:_EXPLAINED]:
        for name in named(text, passage.start, passage.end):
            for start, end in meanings(text, name):
                if not any(first < end and start < last for first, last in seen):
                    seen.add((start, end))
                    kind = name if name in _KINDS else name.split()[-1]
                    yield Passage(passage.category, start, end, passage.probability), kind


def _starts(text: str, told: Sequence[_Told], everything: By) -> Iterable[tuple[str, date]]:
    """Yield the days from which a term may be counted, each with what it is."""
    for name in DATED:
        day = first_day(text, everything.get(name, ()))
        if day:
            yield name, day
    for one in told:
        found = next(iter(loose_dates_in(one.said)), None)
        if found:
            yield f"meaning of {one.meaning}" if one.meaning else "its own passage", found.value


def counted(said: str, text: str, ranked: Sequence[Passage]) -> str:
    """Return the day on which a length such as `P12M` ends, from the likeliest start; other values as they are."""
    if not _LENGTH.fullmatch(said):
        return said
    likely = {name: [one for one in ranked if one.category == name] for name in DATED}
    best = sorted(DATED, key=lambda name: -max((one.probability for one in likely[name]), default=0.0))
    day = next((found for name in best if (found := first_day(text, likely[name]))), None)
    return add(day, Period.parse(said)).isoformat() if day else ""
