"""All that is planted: every contract clean, then with each fault that it can have, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from bench.world.billed_twice import nearly_twice, renumbered, twice
from bench.world.contracts import deals
from bench.world.deal import Deal, Named
from bench.world.drifting import drifting
from bench.world.papers import clean
from bench.world.rising import above_the_cap, below_every_rise, rises_taken
from bench.world.truth import Case, Plant
from bench.world.wrong_days import (
    after_the_term,
    days_again,
    longer_periods,
    never_billed,
    shorter_periods,
)
from bench.world.wrong_dues import (
    credit_forgotten,
    idle_units,
    minimum_early,
    minimum_twice,
    rebate_unclaimed,
    set_up_again,
    whole_minimum,
)
from bench.world.wrong_papers import (
    late_fee,
    other_company,
    other_currency,
    other_days_to_pay,
    other_product,
    other_tax,
    slip,
    stranger,
    wrong_sums,
)
from bench.world.wrong_prices import price_cases, random_price, wrong_units

PLANTS: tuple[Plant, ...] = (
    random_price, wrong_units, slip, wrong_sums, stranger, other_company, other_currency, other_days_to_pay,
    other_tax, late_fee, other_product, twice, renumbered, nearly_twice, after_the_term, days_again, never_billed,
    longer_periods, shorter_periods, set_up_again, whole_minimum, minimum_twice, minimum_early, credit_forgotten,
    rebate_unclaimed, idle_units, drifting, rises_taken, above_the_cap, below_every_rise,
)  # fmt: skip


def cases(seed: int, count: int) -> Iterator[Case]:
    """Yield the clean twin of each contract and then its faults."""
    for deal in deals(seed, count):
        yield Case("clean", "clean", deal, deal.contract, tuple(clean(deal)))
        yield from _faults(seed, _findable(deal))


def _faults(seed: int, deal: Deal) -> Iterator[Case]:
    yield from price_cases(Random(f"{seed} {deal.contract.id} prices"), deal)
    for plant in PLANTS:
        one = plant(Random(f"{seed} {deal.contract.id} {plant.__name__}"), deal)
        if one is not None:
            yield one


def _findable(deal: Deal) -> Deal:
    """Return the deal with a stronger key than name and amount, because a wrong amount matches no contract."""
    named = Named.TAX if deal.style.named is Named.NAME else deal.style.named
    return replace(deal, style=replace(deal.style, named=named))
