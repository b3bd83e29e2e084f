"""Amounts of money with their currency; separators that can be read two ways are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from domain.money import Money
from extraction.values.windows import Found, matches

_SIGNS = {
    "$": "USD", "us$": "USD", "us $": "USD", "usd$": "USD", "a$": "AUD", "au$": "AUD",
    "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL",
    "€": "EUR", "£": "GBP", "¥": "JPY",
}  # fmt: skip
_NAMES = {"dollar": "USD", "euro": "EUR", "pound": "GBP", "franc": "CHF", "yen": "JPY"}
_CODES = "USD|EUR|GBP|CHF|AUD|CAD|NZD|HKD|SGD|JPY|CNY|RMB|SEK|NOK|DKK|PLN|CZK|INR|BRL|ZAR|ILS|MXN|KRW"
_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_FINE = r"0[.,]\d{3,6}(?!\d)|\d{1,3}[.,]\d{4,6}(?!\d)"  # parts of a cent, as prices of one call or document have
_AMOUNT = _FINE + r"|\d{1,3}(?:[.,'\u2019 ]\d{3}(?!\d))*(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,2}(?!\d))?"
_MONEY = re.compile(
    rf"(?<![\w$])(?:(?:(?P<before>{_CODES})\s?(?:\$|€|£)?|(?P<sign>{_SIGN}))\s?"
    rf"(?P<amount1>{_AMOUNT})(?:\.?[\u2013\u2014-]{{1,2}})?"
    rf"(?:\s?(?P<scale1>million|billion))?"
    rf"|(?P<amount2>{_AMOUNT})(?:\s?(?P<scale2>million|billion))?\s?"
    rf"(?:(?P<after>{_CODES})\b(?!\s?[$€£]?\d)|(?P<euro>€)(?!\s?\d)"
    r"|(?:US\s|U\.S\.\s)?(?P<name>dollar|euro|franc|yen)s?\b))",
    re.IGNORECASE,
)
_CURRENCY = re.compile(rf"[$€£¥]|(?:{_CODES.lower()}|dollars?|euros?|francs?|yen)(?![a-z])")
_SCALES = {"million": 10**6, "billion": 10**9}


def parse_money(text: str) -> Money | None:
    """Return the amount if the text is one amount and nothing else."""
    match = _MONEY.fullmatch(text.strip())
    return _read(match) if match else None


def money_in(text: str) -> Iterator[Found[Money]]:
    """Yield every amount of the text in reading order."""
    for match in matches(_MONEY, text, _CURRENCY, before=40, after=40):
        value = _read(match)
        if value is not None:
            yield Found(value, match.start(), match.end())


def _read(match: re.Match[str]) -> Money | None:
    amount = parse_amount(match["amount1"] or match["amount2"])
    scale = (match["scale1"] or match["scale2"] or "").lower()
    if amount is None:
        return None
    return Money(amount * _SCALES.get(scale, 1), _currency(match))


def _currency(match: re.Match[str]) -> str:
    code = match["before"] or match["after"]
    if code:
        return "CNY" if code.upper() == "RMB" else code.upper()
    return _SIGNS[(match["sign"] or match["euro"]).lower()] if not match["name"] else (_NAMES[match["name"].lower()])


def parse_amount(text: str) -> Decimal | None:
    """Read 48,000.00, 96.000,00, 10'000 and 1 200; `None` for 10.000, which is two numbers."""
    bare = re.sub(r"['\u2019 ]", "", text)
    if re.fullmatch(_FINE, bare):
        return Decimal(bare.replace(",", "."))
    decimals = re.search(r"[.,](\d{1,2})$", bare)
    whole = bare[: decimals.start()] if decimals else bare
    marks = set(re.findall(r"[.,]", whole))
    if len(marks) > 1 or (decimals and decimals[0][0] in marks):
        return None
    if marks == {"."} and not decimals and whole.count(".") == 1:
        return None
    return Decimal(re.sub(r"[.,]", "", whole) + (f".{decimals[1]}" if decimals else ""))
