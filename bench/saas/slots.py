"""The words that templates are filled with, written in the manner of one drafter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.saas.bank import Bank
from bench.saas.deal import Deal
from bench.saas.slots_service import service_slots
from bench.saas.voice import Voice
from domain.periods import Period, Unit

Slots = Mapping[str, object]
_PRONOUNS = {"you": ("your", "you"), "we": ("our", "us")}
_STATES = frozenset({"New York", "Delaware", "California", "Texas", "Massachusetts", "Illinois", "Washington"})
_ADVERBS = {"monthly": "monthly", "quarterly": "quarterly", "annually": "annually", "semiannually": "semi-annually"}
_ADJECTIVES = {**_ADVERBS, "annually": "annual", "semiannually": "semi-annual"}
_EACH = {"monthly": "month", "quarterly": "quarter", "annually": "year", "semiannually": "six-month period"}
_CURRENCIES = {"USD": ("US dollars", "U.S. Dollars", "United States dollars"), "EUR": ("euro", "Euros", "euros"),
               "GBP": ("pounds sterling", "British pounds sterling", "Pounds Sterling")}  # fmt: skip


def slots(deal: Deal, voice: Voice, bank: Bank) -> Slots:
    """Return every word that the deal's templates may use; absent values have none."""
    parts = (_people, _term, _exits, _payment, _changes)
    found = {name: value for part in parts for name, value in part(deal, voice, bank)}
    return {**found, **dict(service_slots(deal.sla, voice, bank))}


def listed(parts: list[str], word: str) -> str:
    """Join as people do: a, b or c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _people(deal: Deal, voice: Voice, bank: Bank) -> Iterator[tuple[str, object]]:
    roles = voice.roles
    yield from (("C", voice.customer()), ("P", voice.provider()), ("C_def", roles.customer), ("P_def", roles.provider))
    yield from (("customer", deal.customer.name), ("provider", deal.provider.name), ("number", deal.number))
    yield from (("customer_address", deal.customer.address), ("provider_address", deal.provider.address))
    for short, name in (("C", roles.customer), ("P", roles.provider)):
        owned, told = _PRONOUNS.get(name, (f"{roles.the}{name}'s", f"{roles.the}{name}"))
        yield from ((f"{short}s", owned), (f"{short}o", told))
    yield "law", _law(deal.law, voice)
    if deal.methods:
        names = [voice.chance.choice(bank.words.methods[method]) for method in deal.methods]
        yield from (("methods", listed(names, "or")), ("methods_list", "; ".join(names)))


def _law(law: str, voice: Voice) -> str:
    if law == "Netherlands":
        return "the Netherlands"
    return f"the State of {law}" if law in _STATES and voice.chance.random() < 0.7 else law


def _term(deal: Deal, voice: Voice, _: Bank) -> Iterator[tuple[str, object]]:
    yield from (("effective", voice.day(deal.effective)), ("term", voice.length(deal.initial)))
    if deal.signed:
        yield "signed", voice.day(deal.signed)
    if deal.expires:
        yield "expires", voice.day(deal.expires)
    if deal.renewal and deal.renewal.length:
        yield "renewal", voice.length(deal.renewal.length)
    if deal.renewal and deal.renewal.limit:
        yield from (("limit", voice.count(deal.renewal.limit)), ("limit_s", "" if deal.renewal.limit == 1 else "s"))
    if deal.notice:
        yield "notice", voice.length(deal.notice.period, business=deal.notice.business)
        yield from (("N", _side(deal.notice.party, voice)), ("N_other", _other(deal.notice.party, voice)))
        yield (
            "No",
            _other({"customer": "provider", "provider": "customer"}.get(deal.notice.party, ""), voice, "either party"),
        )
        if deal.notice.not_before:
            yield "early", voice.length(deal.notice.not_before)


def _side(party: str, voice: Voice) -> str:
    return {"customer": voice.customer(), "provider": voice.provider()}.get(party, "either party")


def _other(party: str, voice: Voice, both: str = "the other party") -> str:
    roles = {"customer": voice.roles.provider, "provider": voice.roles.customer}
    name = roles.get(party)
    return both if name is None else _PRONOUNS.get(name, ("", f"{voice.roles.the}{name}"))[1]


def _exits(deal: Deal, voice: Voice, bank: Bank) -> Iterator[tuple[str, object]]:
    if deal.convenience:
        who, period = deal.convenience
        yield from (
            ("leaver", _side(who, voice)),
            ("leaver_other", _other(who, voice)),
            ("leave", voice.length(period)),
        )
    if deal.cause:
        yield "cure", voice.length(deal.cause)
    if deal.cap and deal.cap.amount is not None:
        yield "limit_sum", voice.money(deal.cap.amount)
    if deal.cap and deal.cap.period:
        yield from (("times", voice.count(deal.cap.times)), ("times_pct", f"{deal.cap.times}00%"))
        yield from (
            ("times_word", {2: "twice", 3: "three times"}.get(deal.cap.times, "")),
            ("lookback", voice.length(deal.cap.period)),
        )
    if deal.insurance:
        bought = [
            (voice.chance.choice(bank.words.policies[kind]), voice.money(least)) for kind, least in deal.insurance
        ]
        row = voice.chance.choice(bank.phrases["policy"])
        yield "policies", listed([row.format(policy=policy, sum=least) for policy, least in bought], "and")


def _payment(deal: Deal, voice: Voice, _: Bank) -> Iterator[tuple[str, object]]:
    yield from (("currency", voice.chance.choice(_CURRENCIES[deal.currency])), ("code", deal.currency))
    yield from _rhythm("billing", deal.billing)
    yield from (("pay", voice.length(Period(deal.payment_days, Unit.DAY))), ("pay_n", str(deal.payment_days)))
    if deal.interest:
        yield "interest", voice.percent(deal.interest[0])
    if deal.minimum:
        yield "least", voice.money(deal.minimum.amount)
        yield from _rhythm("least", deal.minimum.period)
        yield from _rhythm("true", deal.minimum.true_up)


def _rhythm(name: str, rhythm: str) -> Iterator[tuple[str, str]]:
    if rhythm in _EACH:
        yield from (
            (f"{name}_adv", _ADVERBS[rhythm]),
            (f"{name}_adj", _ADJECTIVES[rhythm]),
            (f"{name}_each", _EACH[rhythm]),
        )


def _changes(deal: Deal, voice: Voice, bank: Bank) -> Iterator[tuple[str, object]]:
    rise, promotion = deal.escalation, deal.promotion
    if deal.total is not None:
        yield "total", voice.money(deal.total)
    if deal.discount_percent:
        yield "discount", voice.percent(deal.discount_percent)
    if deal.discount_amount:
        yield "rebate", voice.money(deal.discount_amount)
    if promotion:
        yield from (("promo", voice.percent(promotion.percent)), ("promo_until", voice.day(promotion.until)))
    if rise:
        sizes = (("rise", rise.percent), ("margin", rise.margin), ("floor", rise.floor), ("ceiling", rise.cap))
        yield from ((name, voice.percent(size)) for name, size in sizes if size is not None)
        if rise.index:
            yield "index", voice.chance.choice(bank.words.indexes[rise.index])
        if rise.notice:
            yield "rise_notice", voice.length(rise.notice)
