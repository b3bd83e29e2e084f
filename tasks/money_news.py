"""Tell people what is new about the invoices of their contracts: one message a person, none without news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import RowMapping

from domain.errors import AftersignError, Permanent, Transient
from domain.findings.finding import Finding
from domain.money import Money
from domain.ports import ChatMessage
from store import contracts, findings
from tasks.context import Context
from tasks.effect import Effector
from tasks.tell import plain, reach

_ROWS = 10


def tell(ctx: Context) -> list[str]:
    """Send what nobody was told yet to each contract's owner, the rest to RevOps; return who got a message.

    Raises `Permanent`, or `Transient` where waiting may help, naming who could not be reached.
    """
    with ctx.database.read() as connection:
        rows = findings.untold(connection)
        owners = {row["id"]: row["owner_email"] or "" for row in contracts.billable(connection)}
    told, problems, waits = [], [], True
    for email, own in _by_person(ctx, rows, owners).items():
        try:
            _send(ctx, email, own)
            told.append(email)
        except AftersignError as error:
            problems.append(f"{email}: {error}")
            waits = waits and isinstance(error, Transient)
    if problems:
        kind = Transient if waits else Permanent
        fix = "see the runbook, row 'finding'"
        raise kind(f"{len(problems)} people were not told of findings", why="; ".join(problems[:5]), fix=fix)
    return told


def _by_person(ctx: Context, rows: Sequence[RowMapping], owners: Mapping[str, str]) -> dict[str, list[RowMapping]]:
    found: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for row in rows:
        owner = owners.get(row["contract"], "")
        person = ctx.business.people.get(owner)
        reachable = person is not None and person.active
        found[owner if reachable else ctx.business.playbook.revops].append(row)
    return dict(found)


def _send(ctx: Context, email: str, rows: Sequence[RowMapping]) -> None:
    now = ctx.clock()
    title = f"{len(rows)} news about invoices, {_stakes(rows)} at stake"
    message = ChatMessage(to=email, title=title, text=title, sections=tuple(_lines(rows)))
    newest = max(row["changed_at"] for row in rows)
    reach(Effector(ctx, f"findings-{email}-{newest:%Y%m%dT%H%M%S}"), message, ctx.settings.public_url, "findings")
    with ctx.database.write() as connection:
        findings.mark_told(connection, [row["id"] for row in rows], now)


def _stakes(rows: Sequence[RowMapping]) -> str:
    by_currency: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["at_stake"] and row["status"] != "recovered":
            by_currency[row["currency"]] += Decimal(row["at_stake"])
    return ", ".join(Money(amount, currency).display() for currency, amount in sorted(by_currency.items())) or "nothing"


def _lines(rows: Sequence[RowMapping]) -> list[str]:
    lines = [_line(findings.finding_of(row), row) for row in rows[:_ROWS]]
    return [*lines, f"and {len(rows) - _ROWS} more"] if len(rows) > _ROWS else lines


def _line(finding: Finding, row: RowMapping) -> str:
    where = f"{finding.place.number} of {finding.place.issued}" if finding.place else "no invoice"
    until = f" Dispute by {finding.dispute_by}." if finding.dispute_by else ""
    return plain(f"{finding.code} ({row['status']}), {where}, {finding.product}: {finding.explanation[:400]}.{until}")
