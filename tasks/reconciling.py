"""Hold invoices against their contracts: what changed since last night, or everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from domain.errors import Permanent
from domain.findings.audit import Audit, audit
from domain.findings.contract import BilledContract, Policy
from domain.findings.evidence import seen
from domain.findings.finding import Finding
from domain.findings.matching import Contracts, Match, plain
from domain.findings.night import Change, Kind, Known, Night, changes
from domain.invoices import Invoice, InvoiceProblem
from domain.pricing.billing_periods import billing_periods
from store import cursors, findings, invoices
from tasks.context import Context
from tasks.money_terms import Books
from tasks.screening import MANY, Checkable, Rules, screened_audit

_LAST = "reconciled"
_FEW = 50  # lines, below which a share says nothing


@dataclass(frozen=True, slots=True)
class Scope:
    """Hold what to look at: papers issued from `since` to `until`, one contract, one vendor or customer.

    `full` looks at every contract, otherwise at those with news. A run in which more than
    `limit_percent` of the lines are suddenly wrong is refused.
    """

    since: date | None = None
    until: date | None = None
    contract: str = ""
    party: str = ""
    full: bool = False
    dry_run: bool = False
    limit_percent: int = 20

    @property
    def whole(self) -> bool:
        """Tell whether nothing is left out on purpose."""
        return not (self.since or self.until or self.contract or self.party)

    def has(self, finding: Finding) -> bool:
        """Tell whether a finding lies within the days."""
        day = finding.place.issued if finding.place else finding.first
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what a run changed, how much it looked at, and what could not be checked."""

    changes: tuple[Change, ...]
    contracts: int
    lines: int
    problems: tuple[InvoiceProblem, ...]


@dataclass(frozen=True, slots=True)
class _Before:
    """Hold what is known before a run."""

    papers: list[Invoice]
    known: dict[str, Known]
    standing: dict[str, Finding]
    remembered: Mapping[str, str]
    begin: date | None
    many: bool


def reconcile_now(ctx: Context, books: Books, policy: Policy, scope: Scope) -> Outcome:
    """Check what the scope says and record what changed; a run that finds the same again records nothing.

    Raises `Permanent`, with nothing recorded, where too much is suddenly wrong.
    """
    now = ctx.clock()
    with ctx.database.read() as connection:
        remembered = invoices.remembered(connection)
        matches = _new_matches(connection, books.contracts, remembered)
        chosen = _chosen(connection, books, scope, policy, now, matches)
        before = _before(connection, chosen, scope, remembered, matches)
    waiting: list[InvoiceProblem] = []
    rules = Rules(policy, remembered, now.date(), before.begin)
    audited = _audited(ctx, chosen, before, rules, partial(_checkable, books, waiting))
    made = tuple(_changes(books, audited, scope, before, now.date()))
    _refuse_implausible(made, audited, scope)
    if not scope.dry_run:
        _record(ctx, books, scope, audited, made, now)
    return Outcome(made, len(audited.checked), len(audited.lines), (*waiting, *audited.problems))


def _new_matches(
    connection: Connection, contracts: Sequence[BilledContract], remembered: Mapping[str, str]
) -> list[Match]:
    index = Contracts(contracts, remembered)
    found = (index.match(invoice) for invoice in invoices.load(connection, contracts=[""]))
    return [match for match in found if match is not None]


def _chosen(
    connection: Connection, books: Books, scope: Scope, policy: Policy, now: datetime, matches: Sequence[Match]
) -> list[BilledContract]:
    named = [one for one in books.contracts if _named(one, scope)]
    last = cursors.get(connection, _LAST)
    if scope.full or last is None or not scope.whole:
        return named
    news = invoices.contracts_changed_since(connection, last) | {match.contract for match in matches}
    versions = books.versions()
    known = findings.known(connection).values()
    news |= {one.contract for one in known if versions.get(one.contract, one.terms) != one.terms}
    news |= {one.contract for one in known if one.dispute_by is not None and one.dispute_by < now.date()}
    return [one for one in named if one.id in news or _falls_due(one, last.date(), now.date(), policy.grace_days)]


def _named(contract: BilledContract, scope: Scope) -> bool:
    if scope.contract and scope.contract not in {contract.id, contract.number}:
        return False
    return scope.party.casefold() in contract.other.name.casefold()


def _falls_due(contract: BilledContract, last: date, today: date, grace_days: int) -> bool:
    """Tell whether a period's day with its grace has passed since the last run, or a credit fell due."""
    agreement, grace = contract.agreement, timedelta(days=grace_days + 1)
    periods = billing_periods(agreement.schedule, agreement.first, agreement.end, through=today)
    days = [*(period.bill_on for period in periods), *(one.on for one in contract.credits)]
    return any(last - grace <= day <= today for day in days)


def _before(
    connection: Connection, chosen: Sequence[BilledContract], scope: Scope, remembered: Mapping[str, str],
    matches: Sequence[Match],
) -> _Before:  # fmt: skip
    if scope.full and invoices.count(connection) > MANY:
        known = findings.known(connection)
        return _Before([], known, findings.standing(connection), remembered, invoices.earliest(connection), many=True)
    own = None if scope.full else ["", *(one.id for one in chosen), *(match.contract for match in matches)]
    return _Before(
        invoices.load(connection, contracts=own), findings.known(connection), findings.standing(connection), remembered,
        invoices.earliest(connection), many=False,
    )  # fmt: skip


def _audited(
    ctx: Context, chosen: Sequence[BilledContract], before: _Before, rules: Rules, checkable: Checkable
) -> Audit:
    if before.many:
        with ctx.database.read() as connection:
            return screened_audit(connection, chosen, rules, checkable)
    return audit(
        chosen, checkable(before.papers), today=rules.today, policy=rules.policy, remembered=rules.remembered,
        since=rules.since,
    )  # fmt: skip


def _checkable(books: Books, waiting: list[InvoiceProblem], papers: Sequence[Invoice]) -> list[Invoice]:
    """Take out the invoices of contracts that nobody can price yet: they belong to somebody, and are not right."""
    held = {plain(one.number): one for one in books.unchecked.values() if one.number}
    own = [(invoice, held.get(plain(invoice.contract_number))) for invoice in papers]
    waiting += [
        InvoiceProblem(
            f"invoice {invoice.number}", f"contract {one.number} cannot be checked: {'; '.join(one.why)}",
            "complete it with a contract file",
        )
        for invoice, one in own
        if one is not None
    ]  # fmt: skip
    return [invoice for invoice, one in own if one is None]


def _changes(books: Books, audited: Audit, scope: Scope, before: _Before, today: date) -> Iterable[Change]:
    standing = {key: one for key, one in before.standing.items() if scope.has(one)}
    known = {key: one for key, one in before.known.items() if key in standing or key not in before.standing}
    own = {key: one for key, one in standing.items() if one.contract in audited.checked}
    # Papers without a contract are looked at in every run that leaves nothing out.
    checked = audited.checked | ({""} if scope.whole else set())
    night = Night(today, frozenset(checked), books.versions(), seen(own, audited.lines))
    found = [one for one in audited.findings if scope.has(one) and one.contract in checked]
    return changes(night, known, found)


def _refuse_implausible(made: Sequence[Change], audited: Audit, scope: Scope) -> None:
    raised = [one.finding for one in made if one.kind is Kind.RAISED and one.finding and one.finding.place]
    lines, wrong = len(audited.lines), len({one.place for one in raised})
    if lines < _FEW or wrong * 100 <= scope.limit_percent * lines:
        return
    worst = ", ".join(f"{code} {count}" for code, count in Counter(one.code for one in raised).most_common(3))
    raise Permanent(
        f"{wrong} of {lines} invoice lines would suddenly be wrong",
        why=f"more than {scope.limit_percent} % in one run is rather a changed export or wrong terms: {worst}",
        fix="look at them with dry_run; run again with a higher limit_percent if they are right",
    )


def _record(ctx: Context, books: Books, scope: Scope, audited: Audit, made: Iterable[Change], now: datetime) -> None:
    versions = books.versions()
    with ctx.database.write() as connection:
        invoices.assign(connection, audited.matches)
        for change in made:
            contract = change.finding.contract if change.finding else ""
            findings.record(connection, change, terms=versions.get(contract, ""), now=now)
        if scope.whole:
            cursors.put(ctx.database, connection, _LAST, now)
