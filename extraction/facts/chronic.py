"""How often a service level may be missed before the customer may leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.terms import TermField
from extraction.facts.numerals import NUMBER, number
from extraction.values.numbers import WORDS

Fact = tuple[TermField, str]

_LEAVES = re.compile(
    r"\b(?:terminat\w*|cancel\w*|end|exit|withdraw\w*|rescind\w*|rescission|leave|quit|(?:opt|step|get)[\s-]+out|released?|out\s+of\s+(?:the|this)\s+(?:contract|agreement)|liberty|free"
    r"|walk\s+away|discharged?|determine\s+(?:this|the)|chronic\w*|persistent\w*|critical|recurr?\w*|repeated\w*|material\s+breach"
    r"|(?:serious|material|fundamental)\s+(?:default|breach))\b",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\b(?:service\s+(?:levels?|credits?|failures?)|availab\w+|unavailab\w+|up-?time|slas?|slos?|kpis?|outages?|downtime|targets?|commitments?"
    r"|guarantees?|performance|credits?|(?:bad|missed|failed)\s+(?:months?|quarters?))\b",
    re.IGNORECASE,
)
_NO_KIND = (
    r"(?:of|in|on|any|an?|the|out|within|during|over|per|each|every|or|and|after|before|by|from|to|days?|hours?|minutes?|per\s?cent"
    r"|months?|quarters?|years?|times|occasions?)"
)
_COUNT = re.compile(
    rf"(?<![\d.])\b(?P<more>more\s+than\s+)?(?:(?P<word>twice|thrice)\b|(?P<number>{NUMBER})[\s-]+(?:\(?or\s+more\)?\s+)?"
    rf"(?P<kind>(?:(?!{_NO_KIND}\b)[a-z][a-z-]*[\s-]+){{0,3}}?)"
    rf"(?:(?P<unit>month|quarter|year)(?:ly)?s?\b|(?=or\s+(?:in\s+)?(?:any\s+)?{NUMBER}\s+[a-z\s-]{{0,30}}?(?P<later>month|quarter))|(?!(?:(?!{_NO_KIND}\b)[a-z][a-z-]*[\s-]+){{1,3}}?(?:month|quarter|year)(?:ly)?s?\b)(?=(?:(?!days?\b|hours?\b|minutes?\b)[\w'-]+\s+){{0,5}}?"
    rf"(?:times|occasions?|failures?|misses|occurrences?|instances?|breaches|events?|incidents?|periods?|out\s+of|of\s+(?:any|the|them|those|which|these|\d+|(?:{WORDS}))|in\s+any)\b)))",
    re.IGNORECASE,
)
_ANY = re.compile(
    rf"\b(?:(?:in|of)\s+any|out\s+of)\s+(?:(?:rolling|consecutive)\s+)?(?P<number>{NUMBER})(?=\s*(?:[.,;]|\Z|(?:entitles?|gives?|allows?|permits?|lets?|shall)\b))",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\b(?:in|within|during|of|over|per)\s+(?:any|an?|the|each|one|same|given)\s+(?:(?:single|calendar|contract|rolling|given)\s+)*"
    r"(?P<unit>year|quarter)\b",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:in|within|during|of|over|across|per|any)\s+(?:(?:any|an?|the|each|one|period|window|time|of|same|given|rolling|sliding|moving"
    r"|preceding|previous|past|trailing|back|course|single|out|span|space|stretch|last|latest|immediately|continuous|consecutive)\s+)*\Z",
    re.IGNORECASE,
)
_ROW = re.compile(
    r"(?<!non)(?<!non[\s-])(?:consecutive|successive|straight|sequential|contiguous|back-to-back|uninterrupted|running|subsequent)",
    re.IGNORECASE,
)
_ROW_AFTER = re.compile(
    r"\s+(?:in\s+a\s+row|running|in\s+succession|in\s+sequence|consecutively|one\s+after|back[\s-]to[\s-]back|on\s+end|straight)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"['\u2019]?\s*(?:(?:prior|written|advance)\s+)*(?:notice|fees?|charges?)\b|['\u2019]", re.IGNORECASE
)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_NEAR = 130
_BESIDE = 45


@dataclass(frozen=True, slots=True)
class _Count:
    number: int
    months: int  # of the length that it names, 0 where it counts something else
    start: int
    end: int
    row: bool = False
    window: bool = False


def chronic(text: str) -> list[Fact]:
    """Read `3 in P6M` and, for months in a row, `3 in P3M`; two different counts are both told."""
    if not (_LEAVES.search(text) and _LEVEL.search(text)):
        return []
    counts = sorted(_counts(text), key=lambda count: count.start)
    values = {value for count in counts if (value := _value(count, counts))}
    return [(TermField.CHRONIC_BREACH, value) for value in sorted(values)]


def _counts(text: str) -> Iterator[_Count]:
    for match in _COUNT.finditer(text):
        value = number(match["word"] or match["number"])
        unit = _MONTHS.get((match["unit"] or match["later"] or "").lower(), 0)
        if value is None or _OTHER.match(text, match.end()):
            continue
        row = bool(_ROW.search(match["kind"] or "") or _ROW_AFTER.match(text, match.end()))
        window = bool(unit and _IN.search(text[: match.start()]))
        yield _Count(value + bool(match["more"]), value * unit, *match.span(), row=row, window=window)
    for match in _ANY.finditer(text):  # `in three months of any six`
        if span := number(match["number"]):
            yield _Count(span, span, *match.span(), window=True)
    for match in _BARE.finditer(text):
        yield _Count(1, _MONTHS[match["unit"].lower()], *match.span(), window=True)


def _value(count: _Count, counts: list[_Count]) -> str | None:
    """Pair a count of misses with the nearest window that can hold it; months in a row need none."""
    others = [other for other in counts if other is not count]
    if count.row:
        held = any(_holds(count, one) and one.number < count.number and not one.row for one in others)
        return None if held or not count.months else f"{count.number} in P{count.months}M"
    windows = [
        other for other in others if other.window and _distance(count, other) < _NEAR and count.number <= other.months
    ]
    if count.number < 2 or not windows or count.months > min(other.months for other in windows):
        return None
    nearest = min(windows, key=lambda other: _distance(count, other))
    return f"{count.number} in P{nearest.months}M"


def _holds(months: _Count, misses: _Count) -> bool:
    """Tell whether months in a row are only the window of the misses counted before them, or behind them."""
    behind = months.window and 0 <= misses.start - months.end < _NEAR
    return behind or 0 <= months.start - misses.end < _BESIDE


def _distance(one: _Count, two: _Count) -> int:
    return max(one.start, two.start) - min(one.end, two.end)
