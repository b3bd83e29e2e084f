"""Volume steps: from how many units up to how many each price holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from domain.money import Money
from domain.terms import Tier
from extraction.lines.masks import MONEY, NUMBER
from extraction.lines.units import CELL

_N = rf"(?<![\w.,])(?:{NUMBER})(?!\d|[.,]\d|\s?%)"
_THING = r"(?:\s+(?:[A-Za-z][\w/-]*\s+){0,2}?[A-Za-z][\w/-]*)?"
_OVER = r"(?<!not )(?:over|above|more\s+than|greater\s+than|exceed(?:s|ing)?|beyond|in\s+excess\s+of|>)"
_TO = (
    r"(?:up\s+to(?:\s+and\s+including|\s+a\s+maximum\s+of)?|to|through|until|thru|but\s+(?:no|not)\s+more\s+than|and\s+(?:no"
    r"|not)\s+more\s+than|but\s+at\s+most|not\s+exceeding)"
)
_ON = (
    rf"(?:\+|(?:\s+{CELL})?"
    r"(?:(?:\s+(?:[A-Za-z][\w/-]*\s+){0,3}?)?(?:and|or|&)\s+(?:above|more|over|up|higher|greater"
    r"|upwards?|beyond|any\s+further)\b)|(?:\s+[A-Za-z][\w/-]*){0,2}?\s+(?:onwards?|upwards?|on(?=\s*[,:]))\b)"
)
STEP = re.compile(
    rf"(?P<above>{_OVER}\s*{_N}){_THING}?\s*,?\s*(?:and\s+|but\s+)?(?:{_TO}|-|<=)\s*(?P<above_to>{_N})"
    rf"|(?:between\s+|from\s+|at\s+least\s+|>=\s*)?(?P<first>{_N})(?:\s+[A-Za-z][\w/-]*){{0,3}}?(?:\s*-\s*"
    rf"|\s+(?:{_TO}|and)\s+)(?P<last>{_N})"
    rf"|(?P<two>{_N})\s+(?:{CELL}\s+)?(?P<columns>{_N})"
    rf"|(?P<over>{_OVER}\s*{_N})"
    rf"|(?:from\s+|at\s+least\s+|>=\s*)?(?P<open>{_N}){_ON}"
    rf"|(?:from|starting\s+(?:at|from|with)|at\s+least|>=)\s+(?P<since>{_N})"
    rf"|(?P<dash>{_N})\s+(?:{CELL}\s+)?(?:-(?=\s*(?:{CELL}\s*)?{MONEY})|unlimited\b|(?:no"
    r"|without)\s+(?:upper\s+)?limit\b|and\s+unlimited|plus\b)"
    rf"|(?:the\s+)?(?:next|following|subsequent|further|another|additional)\s+(?P<next>{_N})"
    r"|(?:the\s+)?(?:first|initial|(?:do|does)\s+not\s+exceed|not\s+exceeding|up\s+to(?:\s+and\s+including)?|<=|at\s+most|not\s+more\s+than"
    rf"|no\s+more\s+than|maximum\s+of)\s*(?P<upto>{_N})"
    rf"|(?:below|under|less\s+than|fewer\s+than|<)\s*(?P<below>{_N})"
    r"|(?P<rest>\b(?:thereafter|(?:all|any|each|every)\s+(?:further|additional|remaining|other|subsequent"
    r"|excess)|(?:all|any|each|every)\s+[a-z]+\s+(?:above|beyond|after)\s+(?:that|this)|above\s+that"
    r"|beyond\s+that|the\s+remainder|the\s+rest|everything\s+above|any\s+above)\b)",
    re.IGNORECASE,
)


def stepped(shape: str, amounts: tuple[Money, ...]) -> tuple[Tier, ...]:
    """Pair every step with its price, where both take turns; nothing where steps leave a hole."""
    marks = sorted([*_steps(shape), *_prices(shape, amounts)], key=lambda mark: mark[0])
    kinds = [isinstance(mark[1], Money) for mark in marks]
    if len(marks) < 4 or len(marks) % 2 or any(kinds[i] == kinds[i + 1] for i in range(len(kinds) - 1)):
        return ()
    tiers: list[Tier] = []
    for one, other in zip(marks[::2], marks[1::2], strict=True):
        step, price = (one[1], other[1]) if isinstance(other[1], Money) else (other[1], one[1])
        tier = _tier(step, price, tiers[-1] if tiers else None)
        if tier is None:
            return ()
        if tiers and tiers[-1].last is None:
            tiers[-1] = replace(tiers[-1], last=tier.first - 1)
        tiers.append(tier)
    return tuple(tiers)


def _prices(shape: str, amounts: tuple[Money, ...]) -> Iterator[tuple[int, Money]]:
    for match, amount in zip(re.finditer(MONEY, shape), amounts, strict=False):
        yield match.start(), amount


def _steps(shape: str) -> Iterator[tuple[int, re.Match[str]]]:
    for match in STEP.finditer(shape):
        yield match.start(), match


def _tier(step: object, price: object, before: Tier | None) -> Tier | None:
    if not isinstance(step, re.Match) or not isinstance(price, Money):
        return None
    start = Decimal(1) if before is None or before.last is None else before.last + 1
    first, last = _ends(step, start)
    follows = before is None or (first == start if before.last is not None else first > before.first)
    return Tier(first, last, price) if follows and (last is None or last >= first) else None


def _ends(step: re.Match[str], start: Decimal) -> tuple[Decimal, Decimal | None]:
    """Return the first and the last unit of a step, which may count from the step before it."""
    read = {
        name: Decimal(re.sub(r"\D", "", words)) for name, words in step.groupdict().items() if words and name != "rest"
    }
    match read:
        case {"first": first, "last": last} | {"two": first, "columns": last}:
            ends: tuple[Decimal, Decimal | None] = (start if first <= 1 else first), last
        case {"above": over}:
            ends = over + 1, read["above_to"]
        case {"over": over}:
            ends = over + 1, None
        case {"open": first} | {"since": first} | {"dash": first}:
            ends = first, None
        case _:
            ends = start, _last(read, start)
    return ends


def _last(read: dict[str, Decimal], start: Decimal) -> Decimal | None:
    """Return the last unit of a step that only says where it ends, or for how many units it goes on."""
    if "next" in read:
        return start + read["next"] - 1
    return read["below"] - 1 if "below" in read else read.get("upto")
