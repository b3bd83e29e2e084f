"""Hold invoice files against contract files, without server or database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from cli import output
from cli.reconcile_report import as_data, show, texts
from cli.reconcile_sides import Sides
from config.reconciliation import read_policy
from connectors.files.billing import FileBilling
from connectors.files.columns import InvoiceColumns
from connectors.files.contracts import read_contracts
from domain.errors import AftersignError, Permanent
from domain.findings.audit import Audit, audit
from domain.findings.contract import BilledContract, Policy
from domain.invoices import InvoicePage, InvoiceProblem
from tasks.worklist import Item, read_worklist, write_worklist

_USAGE = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold what was asked for; without `as_of` it is today, without `policy` nothing is tolerated."""

    contracts: Path
    invoices: Path
    as_of: str = ""
    as_json: bool = False
    xlsx: Path | None = None
    policy: Path | None = None


class WrongUsage(Permanent):
    """Say that the command was called with something that is not there or cannot be meant."""


def run_reconcile(wish: Wish) -> int:
    """Print what differs; exit 0 with or without findings, 1 where input had problems, 2 for wrong usage."""
    try:
        today, policy = _day(wish.as_of), read_policy(_there(wish.policy)) if wish.policy else Policy()
        files, page = read_contracts(_there(wish.contracts)), _invoices(_there(wish.invoices))
        sides = Sides(files.contracts)
        audited = audit(files.contracts, [sides.turned(one) for one in page.invoices], today=today, policy=policy)
        known = {one.id: one for one in files.contracts}
        problems = [*files.problems, *page.problems, *audited.problems]
        if wish.xlsx:
            write_worklist(wish.xlsx, items(audited, known), today=today)
    except AftersignError as error:
        output.problem(error)
        return _USAGE if isinstance(error, WrongUsage) else 1
    if wish.as_json:
        read = {"contracts": len(files.contracts), "invoices": len(page.invoices)}
        output.data({"as_of": today, "read": read, **as_data(audited, known, problems)})
    else:
        show(audited, known)
    _complain(problems)
    return 1 if problems else 0


def run_statuses(file: Path) -> int:
    """Print what people changed in a work list; exit 1 where it cannot be read."""
    try:
        edited = [one for one in read_worklist(_there(file)) if one.changed]
    except AftersignError as error:
        output.problem(error)
        return _USAGE if isinstance(error, WrongUsage) else 1
    if not edited:
        output.say("No status and no note was changed.")
        return 0
    rows = [(str(one.row), one.fingerprint, f"{one.was} → {one.status}", one.note) for one in edited]
    texts("Changed", ("row", "fingerprint", "status", "note"), rows)
    return 0


def items(audited: Audit, contracts: dict[str, BilledContract]) -> list[Item]:
    """Return the findings as lines of a work list."""
    found = ((one, contracts.get(one.contract)) for one in audited.findings)
    return [Item(one, its.number if its else "", its.other.name if its else "") for one, its in found]


def _invoices(path: Path) -> InvoicePage:
    folder = path if path.is_dir() else path.parent
    billing = FileBilling(folder, InvoiceColumns(usual=True), lambda: datetime.now(UTC))
    page = billing.everything() if path.is_dir() else billing.of_file(path.name)
    if page.invoices or page.problems:
        return page
    problem = InvoiceProblem(path.name, "there is no invoice in it", "name a file or folder of invoices")
    return InvoicePage((), page.cursor, (problem,))


def _there(path: Path) -> Path:
    if path.exists():
        return path
    raise WrongUsage(f"{path} is not there", why="there is nothing to read", fix="name a file or a folder")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError as error:
        raise WrongUsage(f"{text!r} is no day", why=str(error), fix="write it as 2026-12-31") from error


def _complain(problems: list[InvoiceProblem]) -> None:
    """Say every problem, a line each, where it disturbs no pipe."""
    for one in problems:
        output.hint(f"✗ {one.where}: {one.what}" + (f" → {one.fix}" if one.fix else ""))
