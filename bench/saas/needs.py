"""What a paper must say so that its deal can be read from it."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bench.saas.bank import Bank
from bench.saas.deal import Deal, Escalation, Sla


def needs(deal: Deal) -> list[str]:
    """Return the keys of everything the paper must say, in no particular order."""
    return [*_frame(deal), *_end(deal), *_payment(deal), *_prices(deal), *_service(deal.sla)]


def join(keys: list[str], bank: Bank, chance: random.Random) -> list[str]:
    """Let one sentence say several things where the bank has one, some of the time."""
    left = list(keys)
    made: list[str] = []
    for group in bank.joined():
        if set(group) <= set(left) and chance.random() < bank.joins:
            left = [key for key in left if key not in group]
            made.append("+".join(group))
    return made + left


def _frame(deal: Deal) -> Iterator[str]:
    yield from ("parties", "effective", "term", "law")
    yield from (
        key for key, said in (("number", deal.number), ("signed", deal.signed), ("expires", deal.expires)) if said
    )
    if deal.methods:
        yield "methods"
    if deal.cap:
        yield "cap.sum" if deal.cap.amount is not None else "cap.times" if deal.cap.times > 1 else "cap.fees"
    if deal.insurance:
        yield "insurance"


def _end(deal: Deal) -> Iterator[str]:
    if deal.renewal:
        yield f"renewal.{deal.renewal.kind}"
        if deal.renewal.limit:
            yield "limit"
    if deal.notice:
        yield f"notice.{'window' if deal.notice.not_before else deal.notice.rule or 'plain'}"
    if deal.convenience:
        yield "convenience"
    if deal.cause:
        yield "cause"


def _payment(deal: Deal) -> Iterator[str]:
    yield from ("currency", "billing", "payment")
    if deal.interest:
        yield f"interest.{deal.interest[1]}"
    if deal.minimum:
        yield "minimum.term" if deal.minimum.period == "term" else "minimum"
        if deal.minimum.true_up:
            yield "true_up"


def _prices(deal: Deal) -> Iterator[str]:
    yield "items"
    said = (
        ("total", deal.total),
        ("discount.percent", deal.discount_percent),
        ("discount.amount", deal.discount_amount),
        ("promotion", deal.promotion),
    )
    yield from (key for key, value in said if value)
    if deal.escalation:
        yield f"rise.{_kind(deal.escalation)}"
        if deal.escalation.notice:
            yield "rise.notice"


def _kind(rise: Escalation) -> str:
    if not rise.index:
        return "fixed" if rise.percent else "limit"
    if rise.floor:
        return "collar"
    return "margin" if rise.margin else "cap" if rise.cap else "index"


def _service(sla: Sla | None) -> Iterator[str]:
    if sla is None:
        return
    yield "uptime"
    if sla.steps:
        yield "credit.single" if len(sla.steps) == 1 else "credit.steps"
    if sla.credit_cap:
        yield "credit.cap"
    if sla.claim:
        yield f"claim.{sla.channel or 'silent'}"
    if sla.chronic:
        yield "chronic.row" if sla.chronic[2] else "chronic.of"
    if sla.exclusions:
        yield "exclusions"
