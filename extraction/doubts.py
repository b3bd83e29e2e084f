"""Say in words which pages a person has to look at, and why."""

from __future__ import annotations

from collections.abc import Iterable

from domain.documents import Doubt, PageDoubt

_WORDS = {
    Doubt.UNREADABLE: "pages that no reader could read",
    Doubt.DAMAGED: "pages that the damaged file holds only in part",
    Doubt.NEEDS_OCR: "pages that are images and need OCR",
    Doubt.UNMAPPED: "pages whose letters stand for nothing known",
    Doubt.READERS_DISAGREE: "pages whose two readers disagree",
    Doubt.UNCHECKED: "pages that the second reader had no time for",
    Doubt.RECOGNISED: "pages read by text recognition",
}


def described(doubts: Iterable[PageDoubt]) -> str:
    """Name every doubted page once for each reason, in the order of how much may be missing."""
    numbers: dict[Doubt, set[int]] = {}
    for doubt in doubts:
        numbers.setdefault(doubt.kind, set()).add(doubt.page)
    return "; ".join(
        f"{what}: {', '.join(map(str, sorted(numbers[kind])))}" for kind, what in _WORDS.items() if kind in numbers
    )
