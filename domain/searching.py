"""What somebody types into a search box, as words that an index knows; there is no such thing as a syntax error.

Words must all be found, a "phrase" as it stands, -word must not, and word* is how a word begins.
Capitals, accents and a plural's s make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_TERMS = 10
_WORD = re.compile(r"\w+")
_TERM = re.compile(r'([-\u2212\u2013]?)(?:["\u201c\u201e]([^"\u201c\u201d]*)["\u201c\u201d]?|(\S+))')


@dataclass(frozen=True, slots=True)
class Term:
    """Hold the words that must stand side by side; `prefix` lets the last one go on."""

    words: tuple[str, ...]
    prefix: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """Hold a word as the index knows it and where it stands in the text."""

    word: str
    start: int
    end: int


def parse(text: str) -> tuple[Term, ...]:
    """Return what is asked for, at most ten terms; signs that are no words are dropped."""
    found = (_term(sign, phrase, word) for sign, phrase, word in _TERM.findall(text[:500]))
    return tuple(dict.fromkeys(term for term in found if term.words))[:MOST_TERMS]


def wanted(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return the terms that must be found; nothing is searched for where there are none."""
    return tuple(term for term in terms if not term.excluded)


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text in order."""
    return (Token(normal(match[0]), match.start(), match.end()) for match in _WORD.finditer(text))


def words(text: str) -> list[str]:
    """Return the words of a text as the index knows them."""
    return [normal(word) for word in _WORD.findall(text)]


def trigrams(text: str) -> list[str]:
    """Return the groups of three letters of a name, its words apart, each once."""
    padded = [f"__{bare(word)}_" for word in _WORD.findall(text)]
    return list(dict.fromkeys(word[at : at + 3] for word in padded for at in range(len(word) - 2)))


def likeness(one: str, other: str) -> float:
    """Tell how much of the shorter name's letters the other has, from 0 to 1."""
    left, right = set(trigrams(one)), set(trigrams(other))
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def spans(text: str, terms: tuple[Term, ...]) -> list[tuple[int, int]]:
    """Return where the terms stand in a text, in order and without overlap."""
    found = list(tokens(text))
    hits = sorted({hit for term in wanted(terms) for hit in _places(found, term)})
    kept: list[tuple[int, int]] = []
    for start, end in hits:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _places(found: list[Token], term: Term) -> Iterator[tuple[int, int]]:
    length = len(term.words)
    first = term.words[0]
    for at in range(len(found) - length + 1):
        if (length > 1 or term.prefix or found[at].word == first) and _stands(found, at, term):
            yield found[at].start, found[at + length - 1].end


def _stands(found: list[Token], at: int, term: Term) -> bool:
    *before, last = term.words
    end = found[at + len(before)].word
    if any(found[at + place].word != word for place, word in enumerate(before)):
        return False
    return end.startswith(last) if term.prefix else end == last


def _term(sign: str, phrase: str, word: str) -> Term:
    found = _WORD.findall(phrase or word)
    prefix = not phrase and word.endswith("*")
    known = [normal(one) for one in found]
    if prefix and found:
        known[-1] = bare(found[-1])
    return Term(tuple(known), prefix, bool(sign))


@lru_cache(maxsize=100_000)
def normal(word: str) -> str:
    """Return a word without capitals, accents and the s of a plural (Harman, "How effective is suffixing?", 1991)."""
    known = bare(word)
    if len(known) < 4 or not known.endswith("s") or known.endswith(("us", "ss")):
        return known
    if known.endswith("ies") and not known.endswith(("eies", "aies")):
        return f"{known[:-3]}y"
    return known[:-1]


@lru_cache(maxsize=100_000)
def bare(word: str) -> str:
    """Return a word without capitals and accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)) or word
