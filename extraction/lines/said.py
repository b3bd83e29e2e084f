"""Fees that a sentence states: a price for one product, steps of volume, or steps of years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from domain.terms import Citation, Line
from extraction.lines.masks import DAY, MONEY, NUMBER, ONE, UNITS, Masked, masked, number
from extraction.lines.names import product_in
from extraction.lines.ramps import YEAR, ramp_of
from extraction.lines.steps import STEP, stepped
from extraction.lines.units import ONCE, first_unit, rhythm_of, with_rhythm
from extraction.values import dates_in, money_in

_FEE = re.compile(
    r"\b(?:fees?|pric\w+|charg\w+|pay\w*|paid|rates?|costs?|bill\w*|invoic\w+|orders?|remunerat\w+|consideration"
    r"|purchas\w+|provid\w+|suppl\w+|subscri\w+|licen[cs]e\w*|offered|sold|available|at)\b|:",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:liab\w+|insur\w+|damages|interest|late|overdue|minimum|minimal|commit\w*|guarantee\w*"
    r"|at\s+least|no(?:t)?\s+less\s+than|below|increas\w+|penalt\w+|credits?|discount\w*|rebate\w*"
    r"|reduc\w+|total\w*"
    r"|aggregate|deposit|royalt\w+|shares?|stock|salar\w+|warrants?|exceed\w*|up\s+to|cap(?:ped)?|overage"
    r"|excess|(?:additional|further|extra)\s+[\w-]+|bonus|commission|escrow|loan|purchase\s+price"
    r"|expens\w+|travel"
    r"|tax|reimburs\w+|(?<!non-)refund\w*|limit\w*|terminat\w+|previously|list\s+price|instead\s+of|between|maximum"
    r"|donat\w+|fails?|failure|delay\w*|per\s+(?:occurrence|claim|incident|trip))\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    rf"(?<![\w.,])(?P<count>{NUMBER})\)?\s+(?:(?:named|active|registered|concurrent|licensed|authori[sz]ed"
    r"|individual|end)\s+)?(?:users?|seats?|licen[cs]es?|units?|devices?|employees?|agents?|locations?"
    r"|sites?|instances?|servers?|members?|subscriptions?)\b",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\b(?:a\s+total\s+of|up\s+to|a\s+maximum\s+of|at\s+least)\s+(?=\S+\s+(?:\w+\s+)?(?:users?|seats?|licen[cs]es?)\b)"
    r"|\b(?:in\s+)?consideration\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\b(?P<name>(?:(?:annual|monthly|yearly|quarterly|recurring)\s+)?(?P<kept>(?:subscription|licen[cs]e"
    r"|platform|service|support|maintenance|hosting|access|management|retainer|implementation|set-?up"
    r"|onboarding|training|software|SaaS)(?:\s+(?:service|services))?\s+(?:fees?|charges?)))\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"(?:(?:the|its)\s+)?(?:(?:unit|list|net|agreed|annual|monthly|subscription|licen[cs]e|seat|user)\s+)?(?:price|fee|charge|rate|cost)\b"
    r"(?!\s+(?:for|of)\b)|each\s+(?:one\s+)?(?:costs?|is)\b|they\s+cost\b",
    re.IGNORECASE,
)
_NO_PRODUCT = re.compile(
    r"\b(?:minimum|guarantee|liability|insurance|deposit|royalt\w+|penalt\w+|interest|discount|credits?|total|tax)\b",
    re.IGNORECASE,
)
_LONGEST = 400
_FLAT = re.compile(r"\b(?:flat|fixed|lump[\s-]sum|one[\s-](?:time|off)|non-recurring)\b", re.IGNORECASE)


def lines_said(text: str, around: tuple[str, str], citation: Citation, idle: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of one passage; `around` are the passages before and behind it.

    They may name the product and the unit of steps.
    """
    shown = masked(text)
    if len(shown.amounts) > 1:
        yearly = _ramp(text, shown, citation, idle) if shown.days or YEAR.search(text) else []
        yield from yearly or _steps(text, around, shown, citation, idle)
    elif shown.amounts:
        yield from _flat(text, around[0], shown, citation, idle)


def _steps(text: str, around: tuple[str, str], shown: Masked, citation: Citation, idle: frozenset[str]) -> list[Line]:
    tiers = stepped(shown.shape, shown.amounts)
    intro = text[: _first(text)]
    product = product_in(intro, idle) or product_in(shown.shape, idle)
    lead = "" if product else around[0]
    product = product or product_in(lead, idle)
    if not tiers or not product:
        return []
    unit = first_unit(intro) or (shown.units[0] if shown.units else "") or first_unit(lead) or first_unit(around[1])
    return [Line(product, None, None, None, citation, unit, tiers=tiers)]


def _first(text: str) -> int:
    """Return where the first price, day or step stands."""
    places = [found.start for found in money_in(text)][:1] + [found.start for found in dates_in(text)][:1]
    step = STEP.search(text)
    year = YEAR.search(text)
    return min(places + [match.start() for match in (step, year) if match], default=len(text))


def _ramp(text: str, shown: Masked, citation: Citation, idle: frozenset[str]) -> list[Line]:
    product = product_in(text[: _first(text)], idle) or product_in(shown.shape, idle)
    return ramp_of(product, shown, citation) if product and not _NO_PRODUCT.search(product) else []


def _flat(text: str, before: str, shown: Masked, citation: Citation, idle: frozenset[str]) -> list[Line]:
    product = product_in(shown.shape, idle)
    if _REFERS.match(text) and (not product or _REFERS.fullmatch(product)):
        product = product_in(before, idle) or product
    product = product or _nameless(text)
    if (
        len(text) > _LONGEST
        or _NO_PRODUCT.search(product)
        or _OTHER.search(_ALLOWED.sub("", text.replace(product, "")))
    ):
        return []
    if not (_FEE.search(text) or re.search(rf"{MONEY} [{UNITS}{ONE}]", shown.shape)) or (
        DAY in shown.shape and not shown.units
    ):
        return []
    unit = _unit(text, shown.shape, shown.units)
    found = next(money_in(text))
    if not product or not (unit or _FLAT.search(text)):
        return []
    return [Line(product, _quantity(text, found.start), found.value, None, citation, unit)]


def _unit(text: str, shape: str, units: tuple[str, ...]) -> str:
    """Return what stands right behind the price, else `one-time`, else the rhythm of the fee before it."""
    behind = re.search(rf"{MONEY}\s*\)?,?\s*(?:net\s+|each\s+|plus\s+VAT\s+)?(?P<unit>[{UNITS}{ONE}])", shape)
    if behind:
        return _told(units, shape[: behind.start("unit")].count(UNITS)) if behind["unit"] == UNITS else "one-time"
    rhythm = re.search(
        rf"{MONEY}\s*\)?,?\s*(?:payable|billed)\s+(?:monthly|annually|yearly|quarterly)\b", shape, re.IGNORECASE
    )
    if rhythm:
        return with_rhythm(units[0] if len(units) == 1 else "", rhythm_of(rhythm[0]))
    if ONCE.search(text):
        return "one-time"
    if len(units) == 1:
        return units[0]
    return rhythm_of(shape[: shape.index(MONEY)]) if re.search(r"\bfees?|charges?|price", shape) else ""


def _told(units: tuple[str, ...], place: int) -> str:
    """Return the unit at a place; one of time alone is joined with what is counted before it."""
    before = {unit for unit in units[:place] if with_rhythm(unit, "month") != unit}
    paced = units[place] in {"month", "quarter", "year"} and len(before) == 1
    return with_rhythm(before.pop(), units[place]) if paced else units[place]


def _nameless(text: str) -> str:
    match = _BARE.search(text)
    return match["kept"][0].upper() + match["kept"][1:] if match else ""


def is_nameless(line: Line) -> bool:
    """Tell whether a line is only called by its fee, which may be the sum of lines that have names."""
    return bool(_BARE.fullmatch(line.product)) and line.product not in " ".join(line.citation.quote.split())


def _quantity(text: str, price: int) -> Decimal | None:
    counts = {number(match["count"]) for match in _QUANTITY.finditer(text) if match.start() != price}
    return counts.pop() if len(counts) == 1 else None
