"""What the trained reader sees of a passage: its words, their stems, word pairs and surroundings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[$%]")
_STEM = 5  # letters
_HEADING = 8  # words; a shorter passage above is taken for the heading
_HEADING_REACH = 6  # passages
_FIRST = 12  # passages of the opening that are told apart by their place


def words(text: str) -> list[str]:
    """Return the words in lower case; every number is the same word."""
    found = _WORD.findall(text.lower().replace("’", "'"))
    return ["#" if word[0].isdigit() else word for word in found]


def features(passages: Sequence[Sequence[str]], place: int) -> set[str]:
    """Return what is known of one passage among all passages of a contract.

    Words and pairs stand as they are; `%` marks the first letters of longer words, `<` marks the passage before, `>` the one after, `^` the
    heading and `@` place and length.
    """
    own = passages[place]
    found = set(own)
    found.update(map(" ".join, pairwise(own)))
    found.update(["%" + word[:_STEM] for word in own if len(word) > _STEM])
    if place:
        before = passages[place - 1]
        found.update("<" + word for word in before[-40:])
        found.update("<" + " ".join(pair) for pair in pairwise(before[-8:]))
    for above in range(place - 1, max(-1, place - 1 - _HEADING_REACH), -1):
        if 0 < len(passages[above]) <= _HEADING:
            found.update("^" + word for word in passages[above])
            break
    if place + 1 < len(passages):
        found.update(">" + word for word in passages[place + 1][:25])
    found.add(f"@part {min(9, 10 * place // len(passages))}")
    found.add(f"@length {min(10, len(own).bit_length())}")
    if place < _FIRST:
        found.add(f"@opening {place}")
    return found
