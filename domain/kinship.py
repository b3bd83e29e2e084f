"""Which papers belong together: a graph of typed links, of any depth, without circles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.errors import Permanent
from domain.papers import LinkKind


@dataclass(frozen=True, slots=True)
class Link:
    """Hold one decided link from a paper to the one it belongs to."""

    child: str
    parent: str
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Kinship:
    """Hold the links of all papers."""

    links: tuple[Link, ...]

    def parents(self, paper: str, *kinds: LinkKind) -> Iterator[str]:
        """Yield the papers that one belongs to."""
        return (link.parent for link in self.links if link.child == paper and (not kinds or link.kind in kinds))

    def children(self, paper: str, *kinds: LinkKind) -> Iterator[str]:
        """Yield the papers that belong to one."""
        return (link.child for link in self.links if link.parent == paper and (not kinds or link.kind in kinds))

    def governing(self, paper: str) -> list[str]:
        """Return the papers whose terms fill what one leaves open, the nearest first."""
        return self._reached(paper, LinkKind.GOVERNED_BY, LinkKind.INCORPORATES)

    def ancestors(self, paper: str) -> list[str]:
        """Return every paper above one."""
        return self._reached(paper)

    def amended_by(self, paper: str) -> list[str]:
        """Return the papers that one changes: an amendment may touch several order forms."""
        return list(dict.fromkeys(self.parents(paper, LinkKind.AMENDS)))

    def governed(self, paper: str) -> list[str]:
        """Return every paper below one whose terms may follow from it."""
        found, waiting = [], [paper]
        while waiting:
            for child in self.children(waiting.pop(0), LinkKind.GOVERNED_BY, LinkKind.INCORPORATES):
                if child not in found:
                    found.append(child)
                    waiting.append(child)
        return found

    def _reached(self, paper: str, *kinds: LinkKind) -> list[str]:
        found, waiting = [], [paper]
        while waiting:
            for parent in self.parents(waiting.pop(0), *kinds):
                if parent not in found and parent != paper:
                    found.append(parent)
                    waiting.append(parent)
        return found

    def refuse_circle(self, link: Link) -> None:
        """Refuse a link that would make a paper its own ancestor. Raises `Permanent`."""
        if link.child == link.parent or link.child in self.ancestors(link.parent):
            raise Permanent(
                "The link would go in a circle",
                why=f"{link.parent} already belongs to {link.child}",
                fix="reject one of the links: `aftersign contracts families list`",
            )


def kinship(links: Sequence[Link]) -> Kinship:
    """Return the graph of some links, each once."""
    return Kinship(tuple(dict.fromkeys(links)))
