"""Verbs about money: invoices, reconciliation, findings, service levels."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.verbs.options import Contract, Json, Who, Why

invoices_app = typer.Typer(no_args_is_help=True, help="Look at invoices where they are.")
outages_app = typer.Typer(no_args_is_help=True, help="Look at outages where they are recorded.")
findings_app = typer.Typer(no_args_is_help=True, help="See what is wrong on invoices, and say what becomes of it.")
slas_app = typer.Typer(no_args_is_help=True, help="See which service levels were missed, and follow the claims.")
top = typer.Typer()
GROUPS = (
    ("findings", findings_app),
    ("slas", slas_app),
    ("invoices", invoices_app),
    ("outages", outages_app),
)


@invoices_app.command("list")
def invoices_list(
    source: Annotated[str, typer.Argument(help="files, stripe, xero or quickbooks")],
    cursor: Annotated[str, typer.Option(help="Read only what changed since this cursor.")] = "",
    json: Json = False,
) -> None:
    """Read invoices from a billing source, without storing them; the last cursor is printed with --json."""
    from cli.vendors import list_invoices

    raise typer.Exit(list_invoices(source, cursor, as_json=json))


@outages_app.command("list")
def outages_list(
    source: Annotated[str, typer.Argument(help="files, statuspage, prometheus or datadog")],
    service: Annotated[str, typer.Argument(help="The service's name")],
    since: Annotated[datetime, typer.Option(help="Begin of the window, UTC")],
    until: Annotated[datetime, typer.Option(help="End of the window, UTC; not included")],
    json: Json = False,
) -> None:
    """Read when a service was not there."""
    from cli.vendors import list_outages

    raise typer.Exit(list_outages(source, service, since.replace(tzinfo=UTC), until.replace(tzinfo=UTC), as_json=json))


_Finding = Annotated[str, typer.Argument(help="The beginning of its fingerprint, as `findings list` shows it")]


@findings_app.command("list")
def findings_list(
    closed: Annotated[bool, typer.Option("--closed", help="Those that are settled too.")] = False,
    contract: Annotated[str, typer.Option(help="Only this contract, by its id.")] = "",
    xlsx: Annotated[Path | None, typer.Option(help="Write them as an Excel work list.")] = None,
    json: Json = False,
) -> None:
    """List what is wrong, the nearest day of dispute first."""
    from cli.findings import list_findings

    raise typer.Exit(list_findings(closed=closed, contract=contract, xlsx=xlsx, as_json=json))


@findings_app.command("show")
def findings_show(finding: _Finding, json: Json = False) -> None:
    """Show one finding: the arithmetic, the clause, and every step so far."""
    from cli.findings import show

    raise typer.Exit(show(finding, as_json=json))


@findings_app.command("move")
def findings_move(
    finding: _Finding,
    status: Annotated[str, typer.Argument(help="triaged, confirmed, claimed, to_bill, acknowledged, ...")],
    who: Who,
    because: Annotated[str, typer.Option(help="Why; needed to reject, to write off and to reopen.")] = "",
    approver: Annotated[str, typer.Option(help="Who else approves that money is written off.")] = "",
) -> None:
    """Say what becomes of a finding; that money is back only the nightly run says."""
    from cli.findings import move

    raise typer.Exit(move(finding, status, who, because, approver))


@findings_app.command("apply")
def findings_apply(
    file: Path,
    who: Who,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what was changed.")] = False,
) -> None:
    """Take over the statuses that people wrote into an Excel work list; all of them or none."""
    from cli.findings import apply
    from cli.reconcile import run_statuses

    raise typer.Exit(run_statuses(file) if dry_run else apply(file, who))


@findings_app.command("dispute")
def findings_dispute(
    invoice: Annotated[str, typer.Argument(help="Number of the invoice")],
    save: Annotated[Path | None, typer.Option(help="Write the text into this file.")] = None,
) -> None:
    """Write the letter about one invoice: each difference with its arithmetic and clause."""
    from cli.findings import dispute

    raise typer.Exit(dispute(invoice, save))


@invoices_app.command("match")
def invoices_match(
    invoice: Annotated[str, typer.Argument(help="Number of the invoice")], contract: Contract, who: Who
) -> None:
    """Say which contract an invoice belongs to; the next ones of that sender and reference follow."""
    from cli.findings import match

    raise typer.Exit(match(invoice, contract, who))


@top.command()
def reconcile(
    contracts: Annotated[Path, typer.Option(help="A YAML or JSON file, or a folder of them (docs/formats.md)")],
    invoices: Annotated[Path, typer.Option(help="A file or folder: CSV, Excel, Parquet, UBL, CII, Factur-X")],
    as_of: Annotated[str, typer.Option(help="The day it is; today if left out.")] = "",
    json: Json = False,
    xlsx: Annotated[Path | None, typer.Option(help="Write an Excel work list.")] = None,
    policy: Annotated[Path | None, typer.Option(help="Rules such as config/reconciliation.yaml.")] = None,
) -> None:
    """Hold invoices against contracts, both in files; nothing is stored."""
    from cli.reconcile import Wish, run_reconcile

    raise typer.Exit(run_reconcile(Wish(contracts, invoices, as_of, json, xlsx, policy)))


_Miss = Annotated[str, typer.Argument(help="Id of the miss, as `slas list` shows it")]
_On = Annotated[str, typer.Option(help="The day; today if left out.")]


@slas_app.command("list")
def slas_list(
    every: Annotated[bool, typer.Option("--all", help="Those that are settled too.")] = False, json: Json = False
) -> None:
    """List missed service levels, what must be claimed first before the rest."""
    from cli.slas import list_slas

    raise typer.Exit(list_slas(as_json=json, every=every))


@slas_app.command("show")
def slas_show(
    name: Annotated[str, typer.Argument(help="Id of a miss, or of a contract for its year")], json: Json = False
) -> None:
    """Show a miss with its arithmetic and claim, or the last twelve months of a contract."""
    from cli.slas import show

    raise typer.Exit(show(name, as_json=json))


@slas_app.command("claimed")
def slas_claimed(
    miss: _Miss, who: Who, on: _On = "", reference: Annotated[str, typer.Option(help="Their number of the claim.")] = ""
) -> None:
    """Say that a claim was sent; its credit is expected on the next invoice."""
    from cli.slas import claimed

    raise typer.Exit(claimed(miss, who, on, reference))


@slas_app.command("accepted")
def slas_accepted(miss: _Miss, who: Who, because: Annotated[str, typer.Option(help="What they wrote.")] = "") -> None:
    """Say that a claim was accepted."""
    from cli.slas import answered

    raise typer.Exit(answered(miss, who, because, accepted=True))


@slas_app.command("rejected")
def slas_rejected(miss: _Miss, who: Who, because: Why) -> None:
    """Say that a claim was rejected, and why."""
    from cli.slas import answered

    raise typer.Exit(answered(miss, who, because, accepted=False))


@slas_app.command("credited")
def slas_credited(
    miss: _Miss,
    who: Who,
    on: _On = "",
    invoice: Annotated[str, typer.Option(help="Number of the invoice or credit note.")] = "",
) -> None:
    """Say that the credit came."""
    from cli.slas import credited

    raise typer.Exit(credited(miss, who, on, invoice))
