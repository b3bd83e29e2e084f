"""A right to terminate that too many misses have opened: counted from stored verdicts, told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.calendars import today_in
from domain.errors import AftersignError
from domain.ports import ChatMessage
from domain.sla.chronic import Right, right_to_leave
from domain.sla.measured import Verdict
from store import sla_measurements
from tasks.context import Context
from tasks.effect import Effector
from tasks.escalating import staff_of
from tasks.slas_measured import closed
from tasks.slas_promised import Watched
from tasks.tell import plain, reach


def rights(ctx: Context, one: Watched) -> Iterator[Right]:
    """Yield every right to terminate that a promise's stored verdicts give and that is open today."""
    today = today_in(one.entry.zone, ctx.clock())
    with ctx.database.read() as connection:
        rows = sla_measurements.measured(connection, one.contract_id, one.service)
    verdicts = {(row["window_first"], row["window_last"]): Verdict(row["verdict"]) for row in rows if row["counts"]}
    judged = [(window, found) for window in closed(one, today) if (found := verdicts.get((window.first, window.last)))]
    for rule in one.promise.chronic:
        right = right_to_leave(rule, judged)
        if right is not None and right.is_open(today):
            yield right


def tell_rights(ctx: Context, promises: Iterable[Watched]) -> tuple[list[str], list[str]]:
    """Tell each owner once of a right that has opened; return what there is, and what could not be told."""
    found: list[str] = []
    problems: list[str] = []
    for one in promises:
        for right in rights(ctx, one):
            found.append(f"{one.name}: {right.why}")
            try:
                _tell(ctx, one, right)
            except AftersignError as error:
                problems.append(f"{one.name}: {error}")
    return found, problems


def _tell(ctx: Context, one: Watched, right: Right) -> None:
    staff, contract = staff_of(ctx), one.file.contract
    people = (contract["owner_email"] or "", contract["backup_email"] or "")
    to = next((email for email in people if staff.reachable(email)), staff.somebody())
    head = f"{one.name}: missed so often that the contract may be terminated"
    message = ChatMessage(to=to, title=head[:150], text=head, sections=(plain(right.why),))
    effects = Effector(ctx, f"sla-leave-{one.contract_id}-{right.since}")
    reach(effects, message, ctx.settings.public_url, one.service)
