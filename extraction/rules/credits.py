"""The ladder of service credits, from a table or a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import Term, TermField
from extraction.rules.view import View
from extraction.values.ladders import ladder_in, rungs_in
from extraction.values.rungs import Rung
from extraction.values.windows import lowered

_APART = 260
_AROUND = 420
_BESIDE = 60
_CREDIT = re.compile(r"credit|refund|rebate|reduc|deduct|abate|discount|remed|compensat|penalt|give back| back\b")
_LEVEL = re.compile(r"availab|up-?\s?time|service level|\bsla\b|operational|downtime|commitment")
_EACH = re.compile(
    r"\bfor\s+(?:each|every)\s+(?:(?:full|whole|complete|additional|further)\s+)?(?:\(?\d|one\b|half|tenth|percent|hour|minute|\w+[\s-]minute)",
    re.IGNORECASE,
)
_ROW_STARTS = re.compile(r"[\n\f;:|]|\.\s|,\s+and\s")
_ROW_ENDS = re.compile(r"[\n\f;]|\.(?=\s|\Z)")


def read_ladder(seen: View) -> list[Term]:
    """Find every rung of a ladder of credits; one that grows by the minute or by the point is none."""
    return [term for start, end in _places(seen) for term in _ladder(seen, start, end)]


def _places(seen: View) -> Iterator[tuple[int, int]]:
    """Yield stretches with percentages close to each other where availability is spoken of; a single band must also speak of credits."""
    start = end = -1
    for found in [*seen.percents, None]:
        if found is not None and start >= 0 and found.start - end <= _APART:
            end = found.end
            continue
        if start >= 0 and _speaks(seen, start, end):
            yield max(0, start - _BESIDE), min(len(seen.text), end + _BESIDE)
        if found is not None:
            start, end = found.start, found.end


def _speaks(seen: View, start: int, end: int) -> bool:
    low = lowered(seen.text)[max(0, start - _AROUND) : end + _AROUND // 4]
    return _LEVEL.search(low) is not None


def _ladder(seen: View, start: int, end: int) -> list[Term]:
    rungs = list(ladder_in(seen.text[start:end]))
    whole = seen.text[start:end]
    if not rungs or _EACH.search(whole, 0, rungs[-1].end) or (len(rungs) == 1 and not _about_credit(whole, rungs[0])):
        return []
    ladder = (start + min(rung.start for rung in rungs), start + max(rung.end for rung in rungs))
    return [term for rung in rungs for term in _term(seen, rung, start, ladder)]


def _about_credit(text: str, rung: Rung) -> bool:
    """Tell whether a single band and its share stand in a sentence that speaks of both."""
    low = lowered(text[max(0, rung.start - 200) : rung.end + 100])
    return bool(_CREDIT.search(low) and _LEVEL.search(low))


def _term(seen: View, rung: Rung, offset: int, ladder: tuple[int, int]) -> list[Term]:
    """Cite the row where it proves the band alone, or the whole ladder where its neighbours are needed."""
    value = str(rung)
    for span in _spans(seen.text, (offset + rung.start, offset + rung.end), ladder):
        if value in rungs_in(seen.text[slice(*span)].strip()) and (term := _cited(seen, value, span)):
            return term
    return []


def _spans(text: str, row: tuple[int, int], ladder: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for start, end in (row, ladder):
        first, last = _row(text, start, end)
        yield first, last
        yield max(0, start - _BESIDE), last


def _cited(seen: View, value: str, span: tuple[int, int]) -> list[Term]:
    return seen.term(TermField.SERVICE_CREDIT, value, "credit.ladder", span)


def _row(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen to the words that say `below` in front and `or more` behind, within the row."""
    floor = max(0, start - _BESIDE)
    opened = [match.end() for match in _ROW_STARTS.finditer(text, floor, start)]
    closed = _ROW_ENDS.search(text, end, end + _BESIDE)
    return (opened[-1] if opened else floor), (closed.start() if closed else end)
