"""Which paper belongs to which: proposals with evidence for a person to decide, never links."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from domain.comparison import normal_name
from domain.papers import Families, LinkKind, Mention, Orphan, Paper, Proposal, kind_in

_SURE, _MARGIN = 50, 10
_COMMON = re.compile(r"(?:the|and|of|for|to|no|by|between|an?|signed|final|executed|copy|pdf|docx|txt)\Z")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Guess:
    parent: Paper
    percent: int
    why: str


def propose(papers: Sequence[Paper], others: Sequence[Paper] = ()) -> Families:
    """Propose to which of all papers each of `papers` belongs; two customers' papers are never linked."""
    near, found = _Neighbours([*papers, *others]), Families()
    for paper in papers:
        around = near.of(paper)
        taken: set[tuple[str, str]] = set()
        for mention in _telling(paper):
            guesses = _ranked(_by_mention(paper, mention, one) for one in around)
            _settle(found, paper, mention, guesses, taken)
        if not taken and paper.child_kind and not any(one.child == paper.id for one in found.orphans):
            _settle(found, paper, paper.child_kind, _ranked(_by_elimination(paper, one) for one in around), taken)
    return found


class _Neighbours:
    """Find papers of the same customer, or of the same two parties where the customer is not known."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._by: defaultdict[object, list[Paper]] = defaultdict(list)
        for paper in papers:
            for key in _keys(paper):
                self._by[key].append(paper)

    def of(self, paper: Paper) -> list[Paper]:
        found = {one.id: one for key in _keys(paper) for one in self._by[key] if one.id != paper.id}
        return [one for one in found.values() if not _strangers(paper, one)]


def _keys(paper: Paper) -> Iterator[object]:
    if customer := normal_name(paper.customer):
        yield customer
    yield from combinations(sorted({normal_name(name) for name in paper.parties if normal_name(name)})[:8], 2)


def _strangers(paper: Paper, other: Paper) -> bool:
    """Tell whether two papers have different customers, or one customer and different suppliers."""
    mine, theirs = normal_name(paper.customer), normal_name(other.customer)
    if mine and theirs and mine != theirs:
        return True
    ours, others = ({normal_name(name) for name in one.parties} - {mine, theirs, ""} for one in (paper, other))
    return bool(ours and others and not ours & others)


def _telling(paper: Paper) -> Iterator[Mention]:
    """Yield mentions that say enough: a number, a date, or what this kind of paper does to another."""
    for mention in paper.mentions:
        named = bool(mention.number or mention.on)
        if mention.number and _plain(mention.number) == _plain(paper.own_number):
            continue
        if named or mention.kind is paper.child_kind:
            yield mention


def _by_mention(paper: Paper, mention: Mention, other: Paper) -> _Guess | None:
    """Compare what the mention says with a paper; one contradiction rules it out."""
    if mention.number and other.own_number:
        same = _plain(mention.number) == _plain(other.own_number)
        return _Guess(other, 95, f"it has the number {other.own_number}") if same else None
    if (mention.on and other.days and mention.on not in other.days) or _later(other, paper):
        return None
    alike = _alike(mention.words, other.title or other.file)
    if mention.on and other.days:
        return _Guess(other, 90 if alike >= 0.5 else 60, f"it is dated {mention.on}") if alike else None
    if other.child_kind and other.child_kind is not kind_in(mention.words):
        return None
    percent = 40 + round(25 * alike) + _file_bonus(paper, other)
    return _Guess(other, percent, f"its title is {other.title!r}") if alike >= 0.5 else None


def _by_elimination(paper: Paper, other: Paper) -> _Guess | None:
    """Take the customer's agreement for the parent of a paper that names none."""
    if other.child_kind or not re.search(r"agreement|contract", other.title, re.IGNORECASE) or _later(other, paper):
        return None
    percent = (_SURE if paper.says_so else _SURE - 15) + _file_bonus(paper, other)
    return _Guess(other, percent, f"{other.title!r} is an agreement of the same customer")


def _settle(
    found: Families, paper: Paper, said: Mention | LinkKind, guesses: Sequence[_Guess], taken: set[tuple[str, str]]
) -> None:
    """Propose the best guess, or all that are as good; say so when a named parent is not here."""
    kind, citation = (said.kind, said.citation) if isinstance(said, Mention) else (said, paper.heading)
    words = f"“{' '.join(citation.quote.split())}” (page {citation.page})" if citation else f"its name {paper.file!r}"
    if not guesses:
        if isinstance(said, Mention) and (kind in {LinkKind.AMENDS, LinkKind.RENEWS} or said.number or said.on):
            found.orphans.append(Orphan(paper.id, kind, words, citation))
        return
    close = [guess for guess in guesses if guesses[0].percent - guess.percent < _MARGIN]
    doubtful = len(close) > 1 or close[0].percent < _SURE
    for guess in close:
        if (guess.parent.id, kind) in taken:
            continue
        taken.add((guess.parent.id, kind))
        why = f"{words}; {guess.why}" if not doubtful else f"{words}; one of {len(close)} papers that fit: {guess.why}"
        found.proposals.append(
            Proposal(paper.id, guess.parent.id, kind, guess.percent / 100, why, citation, ambiguous=doubtful)
        )


def _ranked(guesses: Iterable[_Guess | None]) -> list[_Guess]:
    return sorted((guess for guess in guesses if guess), key=lambda guess: (-guess.percent, guess.parent.id))


def _later(other: Paper, paper: Paper) -> bool:
    return bool(other.days and paper.days) and min(other.days) > max(paper.days)


def _alike(words: str, title: str) -> float:
    """Tell what share of a mention's words stand in a title; `Services` counts as `Service`."""
    said, has = _words(words), _words(title)
    return len(said & has) / len(said) if said else 0.0


def _words(text: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(text.casefold()) if not _COMMON.match(word)}


def _file_bonus(paper: Paper, other: Paper) -> int:
    """Count a little for file names of which one begins like the other."""
    mine, theirs = (_words(name.rpartition("/")[2].rpartition(".")[0]) for name in (paper.file, other.file))
    return 12 if len(mine & theirs) * 2 > len(theirs) > 0 else 0


def _plain(number: str) -> str:
    return re.sub(r"[^0-9a-z]", "", number.casefold())
