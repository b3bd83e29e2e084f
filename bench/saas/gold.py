"""What a perfect reader finds in a deal's paper, in the canonical forms of `TermField`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from bench.saas.deal import Deal, Sla, Step
from domain.money import Money
from domain.periods import Period, add
from domain.terms import TermField

T = TermField


def plain(number: Decimal) -> str:
    """Write a number without trailing zeros: 3, 3.5, 99.95."""
    return f"{number.normalize():f}"


def gold_terms(deal: Deal) -> dict[TermField, set[str]]:
    """Return the true values of every graded field; an empty set means that any value is made up."""
    found = {**_dates(deal), **_ways_out(deal), **_money(deal), **_price_changes(deal), **_service(deal.sla)}
    return {name: {value for value in values if value} for name, values in found.items()}


def allowed_terms(deal: Deal) -> dict[TermField, set[str]]:
    """Return values that are right where they are told, and not missed where they are not."""
    month_to_month = deal.renewal is not None and deal.renewal.kind == "month_to_month"
    return {
        T.AGREEMENT_DATE: {deal.effective.isoformat()},  # "entered into as of" the effective date is no mistake
        T.EXPIRATION_DATE: {last_day(deal).isoformat()},
        T.RENEWAL_TERM: {"P1M"} if month_to_month else set(),
        T.DISCOUNT: {f"{plain(deal.promotion.percent)} %"} if deal.promotion else set(),
        T.MINIMUM_PERIOD: {deal.minimum.true_up} if deal.minimum else set(),
    }


def last_day(deal: Deal) -> date:
    """Return the last day of the initial term."""
    return add(deal.effective, deal.initial) - timedelta(days=1)


def _dates(deal: Deal) -> dict[TermField, set[str]]:
    renewal, notice = deal.renewal, deal.notice
    return {
        T.CONTRACT_NUMBER: {deal.number},
        T.AGREEMENT_DATE: {deal.signed.isoformat() if deal.signed else ""},
        T.EFFECTIVE_DATE: {deal.effective.isoformat()},
        T.EXPIRATION_DATE: {deal.expires.isoformat() if deal.expires else ""},
        T.TERM_TYPE: {"fixed"},
        T.INITIAL_TERM: {str(deal.initial)},
        T.RENEWAL_TYPE: {renewal.kind if renewal else ""},
        T.RENEWAL_TERM: {_period(renewal.length) if renewal else ""},
        T.RENEWAL_LIMIT: {str(renewal.limit or "") if renewal else ""},
        T.NOTICE_PERIOD: {_period(notice.period) if notice else ""},
        T.NOTICE_UNIT: {_unit(notice.period, business=notice.business) if notice else ""},
        T.NOTICE_PARTY: {notice.party if notice else ""},
        T.NOTICE_RULE: {notice.rule if notice else ""},
        T.NOTICE_NOT_BEFORE: {_period(notice.not_before) if notice else ""},
        T.NOTICE_METHOD: set(deal.methods),
    }


def _ways_out(deal: Deal) -> dict[TermField, set[str]]:
    leave = deal.convenience
    return {
        T.TERMINATION_FOR_CONVENIENCE: {f"{leave[0]} {leave[1]}" if leave else ""},
        T.TERMINATION_FOR_CAUSE: {_period(deal.cause)},
        T.GOVERNING_LAW: {deal.law},
        T.LIABILITY_CAP: {_cap(deal)},
        T.INSURANCE: {f"{kind} {Money(least, deal.currency)}" for kind, least in deal.insurance},
    }


def _money(deal: Deal) -> dict[TermField, set[str]]:
    interest, minimum = deal.interest, deal.minimum
    found = {
        T.CURRENCY: {deal.currency},
        T.BILLING_FREQUENCY: {deal.billing},
        T.PAYMENT_DAYS: {str(deal.payment_days)},
        T.LATE_INTEREST: {f"{plain(interest[0])} {interest[1]}" if interest else ""},
        T.MINIMUM_COMMITMENT: {_sum(minimum.amount, deal) if minimum else ""},
        T.MINIMUM_PERIOD: {minimum.period if minimum else ""},
        T.TRUE_UP: {minimum.true_up if minimum else ""},
    }
    # Without a stated total a sum of the lines may be right or not; nobody is graded on it.
    return found if deal.total is None else {**found, T.TOTAL_VALUE: {_sum(deal.total, deal)}}


def _price_changes(deal: Deal) -> dict[TermField, set[str]]:
    rise, promotion = deal.escalation, deal.promotion
    return {
        T.DISCOUNT: {
            f"{plain(deal.discount_percent)} %" if deal.discount_percent else "",
            _sum(deal.discount_amount, deal) if deal.discount_amount else "",
        },
        T.PROMOTION: {f"{plain(promotion.percent)} %" if promotion else ""},
        T.ESCALATION_PERCENT: {_number(rise.percent) if rise else ""},
        T.ESCALATION_INDEX: {rise.index if rise else ""},
        T.ESCALATION_MARGIN: {_number(rise.margin) if rise else ""},
        T.ESCALATION_FLOOR: {_number(rise.floor) if rise else ""},
        T.ESCALATION_CAP: {_number(rise.cap) if rise else ""},
        T.ESCALATION_NOTICE: {_period(rise.notice) if rise else ""},
    }


def _service(sla: Sla | None) -> dict[TermField, set[str]]:
    names = (
        T.UPTIME,
        T.UPTIME_WINDOW,
        T.SERVICE_CREDIT,
        T.CREDIT_CAP,
        T.CLAIM_PERIOD,
        T.CLAIM_CHANNEL,
        T.CHRONIC_BREACH,
    )
    if sla is None:
        return {name: set() for name in names}
    chronic = f"{sla.chronic[0]} in P{sla.chronic[1]}M" if sla.chronic else ""
    values: tuple[set[str], ...] = (
        {plain(sla.uptime)},
        {sla.window},
        set(_steps(sla.steps)),
        {_number(sla.credit_cap)},
        {_period(sla.claim)},
        {sla.channel},
        {chronic},
    )
    return dict(zip(names, values, strict=True))


def _steps(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        first = "" if step.first is None else plain(step.first)
        yield f"{first}..{plain(step.below)}: {plain(step.percent)}"


def _cap(deal: Deal) -> str:
    cap = deal.cap
    if cap is None:
        return ""
    if cap.amount is not None:
        return _sum(cap.amount, deal)
    times = f"{cap.times}x " if cap.times > 1 else ""
    return f"{times}fees {cap.period}"


def _sum(amount: Decimal, deal: Deal) -> str:
    return str(Money(amount, deal.currency))


def _period(period: Period | None) -> str:
    return "" if period is None else str(period)


def _number(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


def _unit(period: Period, *, business: bool) -> str:
    return "business_day" if business else {"D": "calendar_day", "W": "week", "M": "month", "Y": "year"}[period.unit]
