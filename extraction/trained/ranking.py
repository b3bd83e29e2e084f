"""All that the trained reader finds worth showing in a contract, each with how likely it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extraction.trained.artefact import Model
from extraction.trained.compared import compared
from extraction.trained.linear import Linear, probability
from extraction.trained.mentions import about_dates, about_titles, dates, titles
from extraction.trained.passages import Passage, passages
from extraction.trained.segments import Span

DATED = ("Agreement Date", "Effective Date")
NAMED = ("Document Name",)
MENTIONED = (*DATED, *NAMED)
WHOLE_PASSAGES = frozenset({"Agreement Date", "Document Name"})  # are never of these; a date or a name is
_LEAST = 0.01
PARTIES = "Parties"
_APART = 300  # characters between passages of one paragraph
_PARAGRAPH = 6000


def rank(text: str, model: Model) -> list[Passage]:
    """Return passages, dates and titles by category, each text once; the likeliest first."""
    found = gathered(one for one in passages(text, model) if one.category not in WHOLE_PASSAGES)
    mentioned = once(text, mentions_by(text, model.dates, model.titles))
    found += compared(text, mentioned, dict(zip(MENTIONED, model.compared, strict=True)))
    return sorted(found, key=lambda one: (-one.probability, one.category, one.start))


def gathered(found: Iterable[Passage]) -> list[Passage]:
    """Join the passages that name the parties to the paragraph they are; others stay as they are."""
    joined: list[Passage] = []
    others: list[Passage] = []
    for one in sorted(found, key=lambda one: one.start):
        last = joined[-1] if joined else None
        if one.category != PARTIES or one.probability < _LEAST:
            others.append(one)
        elif last and one.start - last.end <= _APART and one.end - last.start <= _PARAGRAPH:
            joined[-1] = Passage(PARTIES, last.start, one.end, max(last.probability, one.probability))
        else:
            joined.append(one)
    return [*joined, *others]


def mentions_by(text: str, of_dates: Linear, of_titles: Linear) -> list[Passage]:
    """Return every mention of a date or title that may be one of the contract's own."""
    days, names = dates(text), titles(text)
    return [
        *_judged(days, about_dates(text, days), of_dates, DATED),
        *_judged(names, about_titles(text, names), of_titles, NAMED),
    ]


def _judged(spans: Sequence[Span], bags: Sequence[set[str]], line: Linear, categories: Sequence[str]) -> list[Passage]:
    if not spans:
        return []
    chances = probability(line.logits(bags))
    return [
        Passage(category, start, end, float(chance))
        for (start, end), row in zip(spans, chances, strict=True)
        for category, chance in zip(categories, row, strict=True)
        if chance >= _LEAST
    ]


def once(text: str, found: Iterable[Passage]) -> list[Passage]:
    """Keep the likeliest of mentions that say the same."""
    best: dict[tuple[str, str], Passage] = {}
    for one in sorted(found, key=lambda one: -one.probability):
        said = " ".join(text[one.start : one.end].lower().replace(",", " ").replace(".", " ").split())
        best.setdefault((one.category, said), one)
    return list(best.values())
