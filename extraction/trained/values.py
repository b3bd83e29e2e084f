"""Read values out of the passages that the trained reader ranks highest, each with how likely it is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import log

from domain.periods import Period, add
from domain.terms import TermField
from extraction.trained.linear import Linear, probability
from extraction.trained.passages import Passage
from extraction.values import places_in
from extraction.values.loose import loose_dates_in, loose_lengths_in

READ_FROM: Mapping[TermField, str] = {
    TermField.AGREEMENT_DATE: "Agreement Date",
    TermField.EFFECTIVE_DATE: "Effective Date",
    TermField.EXPIRATION_DATE: "Expiration Date",
    TermField.RENEWAL_TERM: "Renewal Term",
    TermField.NOTICE_PERIOD: "Notice Period To Terminate Renewal",
    TermField.GOVERNING_LAW: "Governing Law",
}
FIELDS = tuple(READ_FROM)
_MOST_PASSAGES = 6
_LEAST_PASSAGE = 0.02
_MADE = 2  # mentions of the agreement's date that may be the effective one
_TOKEN = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Guess:
    """Hold a value that may be the contract's, the words it was read from, and what is known of them."""

    value: str
    start: int
    end: int
    known: frozenset[str]
    length: str = ""  # of the term, where an end was counted from it
    probability: float = 0.0


def guesses(text: str, ranked: Sequence[Passage], field: TermField) -> list[Guess]:
    """Return every value of a field that the ranked passages hold, each value once."""
    by_category: dict[str, list[Passage]] = {}
    for one in ranked:
        by_category.setdefault(one.category, []).append(one)
    near = _likeliest(by_category.get(READ_FROM[field], ()), _MOST_PASSAGES)
    if field is TermField.EFFECTIVE_DATE:  # a contract that says nothing else starts when it is made
        near += _likeliest(by_category.get(READ_FROM[TermField.AGREEMENT_DATE], ()), _MADE)
    return _merged(_FIND[field](text, near, by_category))


def _likeliest(found: Sequence[Passage], most: int) -> list[Passage]:
    likely = sorted(found, key=lambda one: -one.probability)[:most]
    return [one for one in likely if one.probability >= _LEAST_PASSAGE]


def judged(found: Sequence[Guess], line: Linear) -> list[Guess]:
    """Return the guesses with their probability, the likeliest first."""
    if not found:
        return []
    chances = probability(line.logits([guess.known for guess in found]))[:, 0]
    told = [replace(guess, probability=float(chance)) for guess, chance in zip(found, chances, strict=True)]
    return sorted(told, key=lambda guess: -guess.probability)


By = Mapping[str, Sequence[Passage]]


def _days(text: str, near: Sequence[Passage], everything: By) -> list[Guess]:
    """Read the mentions of dates, and dates within whole passages such as `shall commence on 1 May 2019`."""
    found = []
    best = {name: max((one.probability for one in everything.get(name, ())), default=0) for name in _DATED}
    for rank, passage in enumerate(near):
        for place, day in enumerate(loose_dates_in(text[passage.start : passage.end])):
            span = (passage.start + day.start, passage.start + day.end)
            known = {*_told(passage, rank), f"date {min(place, 2)}", *_around(text, *span)}
            known.update(_other(text, day.value, everything, best))
            found.append(Guess(day.value.isoformat(), *span, frozenset(known)))
    return found


def _other(text: str, day: date, everything: By, best: Mapping[str, float]) -> Iterable[str]:
    """Say how likely the same day is the other of the contract's two dates."""
    for name in _DATED:
        same = [
            one.probability
            for one in everything.get(name, ())
            if any(found.value == day for found in loose_dates_in(text[one.start : one.end]))
        ]
        chance = max(same, default=0.0)
        yield f"{name} {_step(chance)}"
        if same and chance >= best[name]:
            yield f"best {name}"


def _ends(text: str, near: Sequence[Passage], everything: By) -> list[Guess]:
    """Read the last day, or count it from the start of the term; `perpetual` where there is none."""
    found = [replace(guess, known=guess.known | {"stated"}) for guess in _days(text, near, everything)]
    starts = _starts(text, everything)
    for guess in _lengths(text, near, everything):
        for name, day in starts.items():
            end = add(day, Period.parse(guess.value))
            known = guess.known | {"counted", f"counted from {name}"}
            found.append(Guess(end.isoformat(), guess.start, guess.end, known, guess.value))
    for rank, passage in enumerate(near):
        words = re.findall(r"[a-z]+", text[passage.start : passage.end].lower())
        pairs = map(" ".join, pairwise(words))
        known = frozenset({"perpetual", *_told(passage, rank), *(f"says {one}" for one in (*words, *pairs))})
        found.append(Guess("perpetual", passage.start, passage.end, known))
    return found


def _starts(text: str, everything: By) -> dict[str, date]:
    starts = {}
    for name in _DATED:
        for one in sorted(everything.get(name, ()), key=lambda one: -one.probability)[:3]:
            day = next(iter(loose_dates_in(text[one.start : one.end])), None)
            if day:
                starts[name] = day.value
                break
    return starts


def _lengths(text: str, near: Sequence[Passage], _: By) -> list[Guess]:
    found = []
    for rank, passage in enumerate(near):
        for place, length in enumerate(loose_lengths_in(text[passage.start : passage.end])):
            span = (passage.start + length.start, passage.start + length.end)
            period = length.value
            known = {*_told(passage, rank), f"length {min(place, 3)}", f"unit {period.unit}", *_around(text, *span)}
            known.add(f"count {period.count if period.count in _USUAL else 'other'} {period.unit}")
            found.append(Guess(str(period), *span, frozenset(known)))
    return found


def _laws(text: str, near: Sequence[Passage], _: By) -> list[Guess]:
    found = []
    for rank, passage in enumerate(near):
        for place, law in enumerate(places_in(text[passage.start : passage.end])):
            span = (passage.start + law.start, passage.start + law.end)
            known = {*_told(passage, rank), f"place {min(place, 3)}", *_around(text, *span)}
            known.update(["whole country"] if law.value in _COUNTRIES else [])
            found.append(Guess(law.value, *span, frozenset(known)))
    return found


def _told(passage: Passage, rank: int) -> list[str]:
    return [f"passage {_step(passage.probability)}", f"rank {min(rank, 3)}"]


def _step(chance: float) -> int:
    """Return log-odds in steps of about one."""
    bounded = min(max(chance, 0.002), 0.998)
    return round(log(bounded / (1 - bounded)))


def _around(text: str, start: int, end: int) -> Iterable[str]:
    before = [one.lower() for one in _TOKEN.findall(text[max(0, start - 130) : start])][-16:][::-1]
    after = [one.lower() for one in _TOKEN.findall(text[end : end + 80])][:9]
    for side, tokens in (("b", before), ("a", after)):
        yield from (f"{side} {token}" for token in tokens)
        yield from (f"{side}{distance} {token}" for distance, token in enumerate(tokens[:3]))
        yield from (f"{side}{side} {one} {two}" for one, two in pairwise(tokens))


def _merged(found: Iterable[Guess]) -> list[Guess]:
    """Make one guess of all that say the same; what is known of them adds up, the first quote stands."""
    merged: dict[str, Guess] = {}
    for guess in found:
        told = merged.get(guess.value)
        known = guess.known | {"said again"} if told else guess.known
        first = told or guess
        merged[guess.value] = replace(first, known=first.known | known)
    return list(merged.values())


_DATED = ("Agreement Date", "Effective Date")
_USUAL = frozenset({1, 2, 3, 5, 10, 12, 15, 24, 30, 36, 45, 60, 90, 120, 180})
_COUNTRIES = frozenset({"United States", "United States of America", "Canada", "United Kingdom"})
_FIND: Mapping[TermField, Callable[[str, Sequence[Passage], By], list[Guess]]] = {
    TermField.AGREEMENT_DATE: _days,
    TermField.EFFECTIVE_DATE: _days,
    TermField.EXPIRATION_DATE: _ends,
    TermField.RENEWAL_TERM: _lengths,
    TermField.NOTICE_PERIOD: _lengths,
    TermField.GOVERNING_LAW: _laws,
}
