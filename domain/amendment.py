"""An amendment: which terms of its parent it changes, what moves with them, and what was approved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from domain.deadlines import Deadlines
from domain.ledger import LinePatch, Patch, Patches
from domain.terms import REPEATABLE, Line, Reading, Term, TermField

# What a paper says of itself and not of the contract that it changes.
_ABOUT_ITSELF = frozenset(
    {
        TermField.TITLE,
        TermField.DOCUMENT_TYPE,
        TermField.CONTRACT_NUMBER,
        TermField.AGREEMENT_DATE,
        TermField.EFFECTIVE_DATE,
        TermField.SPECIAL,
    }
)
# What an amendment lists anew as a whole: one new step of a ladder replaces the ladder.
_AS_A_WHOLE = frozenset({TermField.SERVICE_CREDIT, TermField.NOTICE_METHOD})


class AmendmentState(StrEnum):
    """Name how far an amendment has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Moved:
    """Hold one thing that an amendment moves; empty text means that it is not there."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Impact:
    """Hold what approving an amendment would move, and what nobody could turn into a term."""

    moved: tuple[Moved, ...]
    unread: tuple[str, ...] = ()


def changes_of(amendment: Reading, target: Reading, paper: str, valid_from: date) -> Patches:
    """Return the changes that an amendment makes to a contract's terms as they stand.

    What it says like the contract changes nothing; what it quotes only in order to replace it is
    left out. Terms about the amendment itself are none of the contract's.
    """
    said = [term for term in amendment.terms if term.field not in _ABOUT_ITSELF and not _only_quoted(term, amendment)]
    terms = (
        patch
        for field in dict.fromkeys(term.field for term in said)
        for patch in _of_field(field, [term for term in said if term.field is field], target, paper, valid_from)
    )
    lines = (
        LinePatch(line, valid_from, paper)
        for line in amendment.lines
        if not any(_same(line, one) for one in target.lines)
    )
    return Patches(tuple(terms), tuple(lines))


def _of_field(field: TermField, said: Sequence[Term], target: Reading, paper: str, valid_from: date) -> Iterator[Patch]:
    standing = {term.value for term in target.all(field)}
    new = [term for term in said if term.value not in standing]
    if field not in REPEATABLE:
        old = next(iter(standing), "")
        yield from (Patch(field, old, term.value, term.citation, valid_from, paper) for term in new[:1])
        return
    if field in _AS_A_WHOLE and new:
        gone = standing - {term.value for term in said}
        yield from (Patch(field, old, None, new[0].citation, valid_from, paper) for old in sorted(gone))
    yield from (Patch(field, "", term.value, term.citation, valid_from, paper) for term in new)


def _only_quoted(term: Term, amendment: Reading) -> bool:
    """Tell whether a value stands only in words that the amendment takes out."""
    quote = " ".join(term.citation.quote.split())
    holding = [
        change
        for change in amendment.changes
        if change.citation.page == term.citation.page
        and change.citation.start <= term.citation.start
        and term.citation.end <= change.citation.end
    ]
    return any(quote in change.old and quote not in change.new for change in holding)


def _same(one: Line, other: Line) -> bool:
    def said(line: Line) -> tuple[object, ...]:
        return (line.product.casefold(), line.quantity, line.unit_price, line.unit, line.starts, line.ends, line.tiers)

    return said(one) == said(other)


def impact(
    patches: Patches, before: Deadlines | None, after: Deadlines | None, prices: Sequence[Line], unread: Sequence[str]
) -> Impact:
    """Compare a contract's deadlines, alerts and prices before and after; `prices` are the lines in force."""
    moved = [
        *(Moved(_words(patch.field), patch.old, patch.value or "") for patch in patches.terms),
        *_prices(patches, prices),
        *_days(before, after),
    ]
    return Impact(tuple(moved), tuple(unread))


def _prices(patches: Patches, lines: Sequence[Line]) -> Iterator[Moved]:
    known = {line.product.casefold(): line for line in lines}
    for patch in patches.lines:
        old = known.get(patch.line.product.casefold())
        yield Moved(f"price of {patch.line.product}", _priced(old) if old else "", _priced(patch.line))


def _priced(line: Line) -> str:
    quantity = f"{line.quantity:f} x " if line.quantity is not None else ""
    price = line.unit_price or line.total
    return f"{quantity}{price.display() if price else 'no single price'}{f' per {line.unit}' if line.unit else ''}"


def _days(before: Deadlines | None, after: Deadlines | None) -> Iterator[Moved]:
    for name in ("term_end", "notice_deadline", "send_by", "decide_by"):
        old, new = (str(getattr(one, name) or "") if one else "" for one in (before, after))
        if old != new:
            yield Moved(name.replace("_", " "), old, new)
    old, new = (_ladder(one) for one in (before, after))
    if old != new:
        yield Moved("alerts", old, new)


def _ladder(found: Deadlines | None) -> str:
    return ", ".join(f"{alert.on}" for alert in found.alerts) if found else ""


def _words(field: TermField) -> str:
    return field.value.replace("_", " ")


def shown_hash(paper: str, target: str, patches: Patches, found: Impact) -> str:
    """Return the fingerprint of what a person is shown, to which an approval is bound."""
    content: Mapping[str, object] = {
        "paper": paper,
        "target": target,
        "terms": [asdict(patch) for patch in patches.terms],
        "lines": [asdict(patch) for patch in patches.lines],
        "impact": asdict(found),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
