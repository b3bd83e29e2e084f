"""Values in the passages that the trained reader ranks highest, each with what is known of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import log
from typing import Any

from extraction.trained.passages import Passage
from extraction.values import Found, places_in
from extraction.values.loose import loose_dates_in, loose_lengths_in

DATED = ("Agreement Date", "Effective Date")
_TOKEN = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+|[^\w\s]")
_USUAL = frozenset({1, 2, 3, 5, 10, 12, 15, 24, 30, 36, 45, 60, 90, 120, 180})
_COUNTRIES = frozenset({"United States", "United States of America", "Canada", "United Kingdom"})

By = Mapping[str, Sequence[Passage]]  # passages by category


@dataclass(frozen=True, slots=True)
class Guess:
    """Hold a value that may be the contract's, the words it was read from, and what is known of them."""

    value: str
    start: int
    end: int
    known: frozenset[str]
    length: str = ""  # of the term, where an end was counted from it
    probability: float = 0.0


def days(text: str, near: Sequence[Passage], everything: By) -> list[Guess]:
    """Read the mentions of dates, and dates within whole passages such as `shall commence on 1 May 2019`."""
    found = []
    best = {name: max((one.probability for one in everything.get(name, ())), default=0) for name in DATED}
    for rank, passage in enumerate(near):
        for place, day in enumerate(loose_dates_in(text[passage.start : passage.end])):
            span = (passage.start + day.start, passage.start + day.end)
            known = {*about(passage, rank), f"date {min(place, 2)}", *_around(text, *span)}
            known.update(_other(text, day.value, everything, best))
            found.append(Guess(day.value.isoformat(), *span, frozenset(known)))
    return found


def _other(text: str, day: date, everything: By, best: Mapping[str, float]) -> Iterable[str]:
    """Say how likely the same day is the other of the contract's two dates."""
    for name in DATED:
        same = [
            one.probability
            for one in everything.get(name, ())
            if any(found.value == day for found in loose_dates_in(text[one.start : one.end]))
        ]
        chance = max(same, default=0.0)
        yield f"{name} {step(chance)}"
        if same and chance >= best[name]:
            yield f"best {name}"


def lengths(text: str, near: Sequence[Passage]) -> list[Guess]:
    """Read every length of time."""
    found = []
    for rank, passage in enumerate(near):
        for place, length in enumerate(loose_lengths_in(text[passage.start : passage.end])):
            span = (passage.start + length.start, passage.start + length.end)
            period = length.value
            known = {*about(passage, rank), f"length {min(place, 3)}", f"unit {period.unit}", *_around(text, *span)}
            known.add(f"count {period.count if period.count in _USUAL else 'other'} {period.unit}")
            found.append(Guess(str(period), *span, frozenset(known)))
    return found


def lengths_told(read: Callable[[str], Sequence[Found[Any]]]) -> Callable[[str, Sequence[Passage], By], list[Guess]]:
    """Return what reads every length and says of each whether its sentence, on its own, tells it as the value."""

    def found(text: str, near: Sequence[Passage], _: By) -> list[Guess]:
        told = {
            (passage.start + one.start, passage.start + one.end)
            for passage in near
            for one in read(text[passage.start : passage.end])
        }
        if not told:
            return lengths(text, near)
        return [
            replace(one, known=one.known | {"is told" if (one.start, one.end) in told else "another is told"})
            for one in lengths(text, near)
        ]

    return found


def laws(text: str, near: Sequence[Passage], _: By) -> list[Guess]:
    """Read every place that may lend its law."""
    found = []
    for rank, passage in enumerate(near):
        for place, law in enumerate(places_in(text[passage.start : passage.end])):
            span = (passage.start + law.start, passage.start + law.end)
            known = {*about(passage, rank), f"place {min(place, 3)}", *_around(text, *span)}
            known.update(["whole country"] if law.value in _COUNTRIES else [])
            found.append(Guess(law.value, *span, frozenset(known)))
    return found


def about(passage: Passage, rank: int) -> list[str]:
    """Say how likely a passage is, and how it ranks."""
    return [f"passage {step(passage.probability)}", f"rank {min(rank, 3)}"]


def step(chance: float) -> int:
    """Return log-odds in steps of about one."""
    bounded = min(max(chance, 0.002), 0.998)
    return round(log(bounded / (1 - bounded)))


def first_day(text: str, found: Sequence[Passage]) -> date | None:
    """Return the first date in the likeliest of passages that holds one."""
    for one in sorted(found, key=lambda one: -one.probability)[:3]:
        day = next(iter(loose_dates_in(text[one.start : one.end])), None)
        if day:
            return day.value
    return None


def _around(text: str, start: int, end: int) -> Iterable[str]:
    before = [one.lower() for one in _TOKEN.findall(text[max(0, start - 130) : start])][-16:][::-1]
    after = [one.lower() for one in _TOKEN.findall(text[end : end + 80])][:9]
    for side, tokens in (("b", before), ("a", after)):
        yield from (f"{side} {token}" for token in tokens)
        yield from (f"{side}{distance} {token}" for distance, token in enumerate(tokens[:3]))
        yield from (f"{side}{side} {one} {two}" for one, two in pairwise(tokens))
