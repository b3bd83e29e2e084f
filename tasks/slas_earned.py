"""Credits that a provider has earned back: the windows after a miss were good enough, as the contract wants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from sqlalchemy import RowMapping

from domain.calendars import today_in
from domain.sla.claims import CLAIMED, UNSENT
from domain.sla.credits import EarnBack
from domain.sla.measured import Verdict, compared
from domain.sla.window import Window
from store import sla_measurements, slas
from tasks.context import Context
from tasks.slas_claims import lose, withdraw
from tasks.slas_measured import closed
from tasks.slas_promised import Watched


def earned_back(ctx: Context, one: Watched, window: Window) -> str:
    """Return why the credit of a window is lost, empty where it is not or not yet."""
    rule = one.promise.earn_back
    if rule is None:
        return ""
    following = list(_following(ctx, one, rule, window))
    if not rule.decided([verdict for _, verdict in following]):
        return ""
    last = following[rule.windows - 1][0]
    return f"earned back: the {rule.windows} windows until {last.last} all reached {rule.target} %"


def give_back(ctx: Context, promises: Iterable[Watched]) -> list[RowMapping]:
    """Take back claims that nobody has sent, close those that were, and return what moved."""
    return [row for one in promises if one.promise.earn_back for row in _lost(ctx, one)]


def _lost(ctx: Context, one: Watched) -> Iterator[RowMapping]:
    with ctx.database.read() as connection:
        rows = [
            row
            for row in slas.listed(connection, (*UNSENT, *CLAIMED), one.contract_id)
            if row["service"] == one.service
        ]
    known = {(window.first, window.last): window for window in _closed(ctx, one)}
    for row in rows:
        window = known.get((row["window_first"], row["window_last"]))
        if window is not None and (why := earned_back(ctx, one, window)):
            yield withdraw(ctx, row, why) if row["state"] in UNSENT else lose(ctx, row, why)


def _following(ctx: Context, one: Watched, rule: EarnBack, window: Window) -> Iterator[tuple[Window, Verdict]]:
    """Yield the windows after one, by the source that counts; the first that was not measured ends them."""
    with ctx.database.read() as connection:
        rows = sla_measurements.measured(connection, one.contract_id, one.service)
    stored = {(row["window_first"], row["window_last"]): row for row in rows if row["counts"]}
    exact = one.promise.exact_is_met
    for later in (other for other in _closed(ctx, one) if other.first > window.last):
        row = stored.get((later.first, later.last))
        if row is None:
            return
        bounds = Fraction(row["lowest"]), Fraction(row["highest"])
        yield later, compared(*bounds, rule.target, exact_is_met=exact)


def _closed(ctx: Context, one: Watched) -> tuple[Window, ...]:
    return closed(one, today_in(one.entry.zone, ctx.clock()))
