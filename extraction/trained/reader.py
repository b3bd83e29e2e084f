"""The second key: read a contract with what was learned from annotated ones, without looking at the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.terms import TermField
from extraction.trained.artefact import Model
from extraction.trained.lexicon import CATEGORIES
from extraction.trained.lock import meaning
from extraction.trained.passages import Passage
from extraction.trained.ranking import rank
from extraction.trained.spotting import Guess
from extraction.trained.values import FIELDS, guesses, judged


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hold what the trained reader found: ranked passages, and for each field its guesses, the likeliest first."""

    ranked: Sequence[Passage]
    guesses: Mapping[TermField, Sequence[Guess]]

    def best(self, field: TermField) -> Guess | None:
        """Return the likeliest guess of a field."""
        return next(iter(self.guesses.get(field, ())), None)

    def saying(self, field: TermField, value: str) -> Guess | None:
        """Return the guess of a value, if there is one."""
        return next((one for one in self.guesses.get(field, ()) if meaning(one.value) == value), None)

    def chance(self, category: str, start: int, end: int) -> float:
        """Return how likely a stretch of text lies in a passage of the category."""
        return max(
            (one.probability for one in self.ranked if one.category == category and one.start < end > start < one.end),
            default=0.0,
        )


def look(text: str, model: Model) -> Evidence:
    """Rank the passages of a text and guess the values in them."""
    ranked = rank(text, model)
    values = {field: judged(guesses(text, ranked, field), model.values[field]) for field in FIELDS}
    return Evidence(ranked, values)


def clauses(evidence: Evidence, model: Model) -> list[Passage]:
    """Return the passages that are shown as clauses, in reading order."""
    least = dict(zip(CATEGORIES, model.clauses.tolist(), strict=True))
    kept = [one for one in evidence.ranked if one.probability >= least[one.category]]
    return sorted(kept, key=lambda one: (one.start, one.category))


def present(evidence: Evidence, model: Model) -> set[str]:
    """Return the categories that a contract most likely has, even where no passage is sure enough to be shown."""
    least = dict(zip(CATEGORIES, model.present.tolist(), strict=True))
    return {name for name, chance in anywhere(evidence.ranked).items() if chance >= least[name]}


def anywhere(ranked: Sequence[Passage]) -> dict[str, float]:
    """Return how likely at least one passage of each category is right, were they independent."""
    wrong: dict[str, float] = {}
    for one in ranked:
        wrong[one.category] = wrong.get(one.category, 1.0) * (1 - one.probability)
    return {name: 1 - chance for name, chance in wrong.items()}
