"""Follow every character of the normalised text back to where it stood in the raw text layer."""

from __future__ import annotations

from extraction.normalise import normalise

_SOFT_BREAKS = frozenset("\ufffe\x02")


def aligned(raw: str) -> tuple[str, list[int]]:
    """Return the normalised text and, for each of its characters, the index it came from.

    Always the same text as `normalise` makes, character by character.
    """
    pairs = [
        (made, index) for index, char in _lines(raw) for made in (char if char in _SOFT_BREAKS else normalise(char))
    ]
    kept: list[tuple[str, int]] = []
    position = 0
    while position < len(pairs):
        char, index = pairs[position]
        position += 1
        if char in _SOFT_BREAKS:
            char = "-"
            if position < len(pairs) and pairs[position][0] == "\n":
                position += 1
        kept.append((char, index))
    return "".join(char for char, _ in kept), [index for _, index in kept]


def _lines(raw: str) -> list[tuple[int, str]]:
    """Return (index, character) with every kind of line end as one line feed."""
    return [
        (index, "\n" if char in "\r\f" else char)
        for index, char in enumerate(raw)
        if not (char == "\n" and index > 0 and raw[index - 1] == "\r")
    ]
