"""Dates and titles as contracts write them, with what stands around each mention.

Dates left open, such as `____ day of May, 2000`, are mentions too: they say where the date is to stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log2

from extraction.trained.segments import Span
from extraction.values.windows import matches

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_BLANK = r"(?:_[_ ]{0,30}|\[[^\]\n]{0,6}\]|●|\*{1,6})"
_YEAR = r"(?:(?:19|20)\d\d|(?:19|20)[\d_]{0,2}_+|(?:19|20)\[[^\]]{0,3}\]|\[[^\]\n]{0,4}\])"
_DAY = rf"(?:\d{{1,2}}\s{{0,4}}(?:s\s?t|n\s?d|r\s?d|t\s?h)?\.?|{_BLANK})"
_DATE = re.compile(
    rf"(?:(?:this\s{{1,4}})?(?:the\s{{1,4}})?(?<![\w_]){_DAY}\s{{0,8}}(?:day\s{{1,4}})?(?:of\s{{1,8}})?"
    rf"(?:{_MONTH}\.?|{_BLANK})(?:\s+day\s+of)?\s{{0,8}},?\s{{0,8}}{_YEAR})"
    rf"|(?:\b{_MONTH}\.?\s{{0,8}}(?:{_DAY})?\s{{0,4}}[,.]?\s{{0,4}}{_YEAR})"
    rf"|(?:(?<!_){_BLANK}\s{{0,4}},\s{{0,4}}{_YEAR})"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)\b|\b(?:19|20)\d\d-\d\d-\d\d\b"
    rf"|\b\d{{1,2}}\s?(?:s\s?t|n\s?d|r\s?d|t\s?h)?\s{{0,2}}(?:day\s+of\s+)?{_MONTH}\b,?",
    re.IGNORECASE,
)
_DATE_ANCHOR = re.compile(
    r"\b(?:19|20)(?:\d\d|[\d_]?_|\[)|_\s*,?\s*\[|\d[/.-]\d{1,2}[/.-]\d|\],?\s{0,4}\[|"
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)
_TOKEN = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+|[^\w\s]")
_NEAR = (
    "effective date", "whereas", "in witness", "by:", "name:", "title:", "term", "commenc", "expire", "terminat",
    "dated", "made", "amend", "between", "source:", "filed", "prospectus",
)  # fmt: skip
_BEHIND = ("effective date", "between", "by and", "parties", "whereas", "agreement date", "inc", "source")
_EDGES = " \n\t,"
_SHORTEST, _LONGEST = 4, 60


def dates(text: str) -> list[Span]:
    """Return where dates stand, open ones too."""
    found = []
    for match in matches(_DATE, text, _DATE_ANCHOR, before=70, after=24):
        raw = match[0]
        start = match.start() + len(raw) - len(raw.lstrip())
        end = match.end() - len(raw) + len(raw.rstrip(_EDGES))
        if _SHORTEST <= end - start <= _LONGEST:
            found.append((start, end))
    return found


def about_dates(text: str, spans: Sequence[Span]) -> list[set[str]]:
    """Return what is known of each date among all dates of the contract."""
    keys = [_key(text[start:end]) for start, end in spans]
    counts, first = Counter(keys), {key: place for place, key in reversed(list(enumerate(keys)))}
    bags = []
    for place, (start, end) in enumerate(spans):
        bag = set(_around(text, start, end, 140, 14, 110, 11, 4))
        ahead, behind = text[max(0, start - 400) : start].lower(), text[end : end + 300].lower()
        bag.update("near " + word for word in _NEAR if word in ahead)
        bag.update("behind " + word for word in _BEHIND if word in behind)
        bag.update(_where(text, start, place), _what(text[start:end]))
        bag.add(f"said {min(counts[keys[place]], 6)}")
        bag.update(["again"] if first[keys[place]] != place else [], ["last"] if place == len(spans) - 1 else [])
        bags.append(bag)
    return bags


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _where(text: str, start: int, place: int) -> Iterator[str]:
    yield f"mention {min(place, 5)}"
    yield f"part {10 * start // len(text)}"
    yield f"reach {int(log2(1 + start / 100))}"


def _what(date: str) -> Iterator[str]:
    if re.search(r"[_\[●*]", date):
        yield "open"
    if re.fullmatch(r"[\d/.-]+", date):
        yield "numeric"
    if date.lower().startswith("this"):
        yield "this"
    if not re.search(r"\d{4}|/\d\d|_|\[", date):
        yield "without year"


def _around(
    text: str, start: int, end: int, reach: int, most: int, reach_after: int, most_after: int, exact: int
) -> Iterator[str]:
    """Yield the tokens before and after, those next to the mention with their distance, and pairs."""
    before = [_token(one) for one in _TOKEN.findall(text[max(0, start - reach) : start])][-most:]
    after = [_token(one) for one in _TOKEN.findall(text[end : end + reach_after])][:most_after]
    for side, tokens in (("b", before[::-1]), ("a", after)):
        yield from (f"{side} {token}" for token in tokens)
        yield from (f"{side}{distance} {token}" for distance, token in enumerate(tokens[:exact]))
        yield from (f"{side}{side} {one} {two}" for one, two in pairwise(tokens))


def _token(token: str) -> str:
    return f"#{min(len(token), 4)}" if token[0].isdigit() else token.lower()


_TOP = 4000
_HEAD = re.compile(
    r"\b(?:agreements?|contracts?|amendment|addendum|plan|terms(?:\s+and\s+conditions)?|license|lease|letter|order"
    r"|policy|charter|memorandum|guaranty|joinder|schedule|exhibit|purchase|statement|settlement|undertaking)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"[A-Za-z0-9&'’/.,()\-–*]+")
_GOES_ON = re.compile(
    r"\s*(?:No\.?|#|Number)\s*\S+"
    r"|\s+(?:FOR|for|OF|of|TO|to|AND|and|REGARDING)\s+(?:(?:the|THE|a)\s+)?(?:[A-Z][\w&'-]*\s*){1,7}"
)
_SMALL = frozenset({"of", "and", "for", "the", "to", "a", "an", "in", "on", "with", "or", "by", "&", "no.", "re"})
_COMPANY = re.compile(r"\b(?:inc|llc|ltd|corp|corporation|company|limited)\b", re.IGNORECASE)
_MOST_WORDS = 12


def titles(text: str) -> list[Span]:
    """Return where the names of agreements may stand in the opening, each with several beginnings."""
    top = text[:_TOP]
    found: dict[Span, None] = {}
    for head in _HEAD.finditer(top):
        ends = [head.end()]
        further = _GOES_ON.match(top, head.end(), head.end() + 90)
        if further:
            ends.append(head.end() + len(further[0].rstrip()))
        for start in _beginnings(top, head.start(), head.end()):
            found.update(dict.fromkeys((start, end) for end in ends))
    return list(found)


def _beginnings(top: str, start: int, end: int) -> Iterator[int]:
    """Walk back over capitalised words to where a title may begin."""
    parts = [part.span() for part in _PART.finditer(top, max(0, start - 150), end)]
    for first, last in reversed(parts[-_MOST_WORDS:]):
        word = top[first:last]
        if "\n\n" in top[last:start]:
            return
        if word.lower() in _SMALL:
            continue
        if not (word[0].isupper() or word[0].isdigit() or word[0] in "(&*"):
            return
        yield first


def about_titles(text: str, spans: Sequence[Span]) -> list[set[str]]:
    """Return what is known of each possible title."""
    low = " ".join(text[:20_000].lower().split())
    return [_about_title(text, start, end, low) for start, end in spans]


def _about_title(text: str, start: int, end: int, low: str) -> set[str]:
    title = text[start:end]
    parts = title.split()
    plain = [part.lower().strip('.,()"') for part in parts]
    bag = set(_around(text, start, end, 60, 6, 80, 8, 3))
    bag.update(f"word {word}" for word in plain[:-1])
    bag.update([f"first {plain[0]}", f"last {plain[-1]}", f"ends {' '.join(plain[-2:])}"])
    bag.update([f"words {min(len(parts), 12)}", f"reach {int(log2(1 + start / 20))}"])
    bag.add(f"said {min(low.count(' '.join(title.lower().split())), 6)}")
    ahead = text[max(0, start - 30) : start]
    told = {
        "capitals": title.isupper(),
        "opens the paper": not text[:start].strip(),
        "after a line": "\n" in ahead[-3:],
        "before a line": "\n" in text[end : end + 3],
        "after a gap": "   " in ahead[-4:],
        "two lines": "\n" in title,
        "digit": any(one.isdigit() for one in title),
        "comma": "," in title,
        "company": bool(_COMPANY.search(title)),
        "quoted": ahead.endswith(('"', "“", "(")),
        "capital ahead": bool(re.search(r"(?:^|\s)[A-Z]\S*\s*\Z", ahead)),
        "this ahead": bool(re.search(r"\bthis\s*\Z", ahead, re.IGNORECASE)),
    }
    bag.update(name for name, holds in told.items() if holds)
    return bag
