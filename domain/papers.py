"""Papers as a family sees them: what tells them apart, and what they say of each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.terms import Citation

_CHILDREN = {
    "amendment": "amends", "addendum": "amends", "side letter": "amends", "change order": "amends",
    "renewal": "renews", "extension": "renews",
    "order form": "governed_by", "statement of work": "governed_by", "work order": "governed_by",
}  # fmt: skip
_HEAD = 600
_NUMBER = re.compile(r"\b(?=[A-Z0-9/-]*\d)[A-Z0-9]{1,12}(?:[-/][A-Z0-9]{1,12}){1,5}\b")


class LinkKind(StrEnum):
    """Name what a paper does to the one it belongs to."""

    AMENDS = "amends"
    RENEWS = "renews"
    GOVERNED_BY = "governed_by"
    REPLACES = "replaces"
    INCORPORATES = "incorporates"


def kind_in(said: str) -> LinkKind | None:
    """Return how a paper of that name belongs to another; `None` where it stands by itself."""
    plain = said.replace("-", " ").replace("_", " ").casefold()
    return next((LinkKind(kind) for word, kind in _CHILDREN.items() if word in plain), None)


@dataclass(frozen=True, slots=True)
class Mention:
    """Hold where a paper names another: its kind in words, its number and date where they stand there."""

    kind: LinkKind
    words: str
    number: str
    on: date | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold what tells papers apart; `id` is the contract's, or the file's before it is stored."""

    id: str
    file: str
    title: str
    number: str = ""
    type: str = ""
    customer: str = ""
    parties: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    heading: Citation | None = None
    mentions: tuple[Mention, ...] = ()

    @property
    def child_kind(self) -> LinkKind | None:
        """Return how such a paper belongs to another, as its type or its title says."""
        return kind_in(f"{self.type.replace('_', ' ')} {self.title}") or self._opening_kind or kind_in(self.file)

    @property
    def own_number(self) -> str:
        """Return its number; where the title has one, that and not one of a paper it names."""
        in_title = _NUMBER.search(self.title)
        return in_title[0] if in_title else self.number

    @property
    def says_so(self) -> bool:
        """Tell whether the paper itself says what it is, not its file name alone."""
        return kind_in(f"{self.type.replace('_', ' ')} {self.title}") is not None or self._opening_kind is not None

    @property
    def _opening_kind(self) -> LinkKind | None:
        first = (one.kind for one in self.mentions if one.citation.page == 1 and one.citation.start < _HEAD)
        return next((kind for kind in first if kind is not LinkKind.GOVERNED_BY), None)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold one link to decide about; an `ambiguous` one stands beside others of the same paper."""

    child: str
    parent: str
    kind: LinkKind
    confidence: float
    evidence: str
    citation: Citation | None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Orphan:
    """Hold a paper whose parent is not here, and the words that name the parent."""

    child: str
    kind: LinkKind
    evidence: str
    citation: Citation | None


@dataclass(slots=True)
class Families:
    """Hold what was found: links to decide about, and parents that are missing."""

    proposals: list[Proposal] = field(default_factory=list)
    orphans: list[Orphan] = field(default_factory=list)
