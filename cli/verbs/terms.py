"""Verbs about contracts in force: amendments, renewals, owners, obligations, calendars."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.verbs.options import Amendment, Contract, DueId, DutyId, Json, Who, Why

amendments_app = typer.Typer(no_args_is_help=True, help="Approve what amendments change.")
renewals_app = typer.Typer(no_args_is_help=True, help="See what renews when; answer, decide, and prove.")
ownership_app = typer.Typer(no_args_is_help=True, help="See who looks after what, and hand it over.")
obligations_app = typer.Typer(no_args_is_help=True, help="See who owes what when, and close it with evidence.")
calendar_app = typer.Typer(no_args_is_help=True, help="Subscribe to deadlines in a calendar.")
GROUPS = (
    ("amendments", amendments_app),
    ("renewals", renewals_app),
    ("ownership", ownership_app),
    ("obligations", obligations_app),
    ("calendar", calendar_app),
)


@amendments_app.command("list")
def amendments_list(json: Json = False) -> None:
    """List amendments that wait for approval."""
    from cli.amendments import list_amendments

    raise typer.Exit(list_amendments(as_json=json))


@amendments_app.command("show")
def amendments_show(amendment: Amendment, json: Json = False) -> None:
    """Show what an amendment changes, and which deadlines, alerts and prices move."""
    from cli.amendments import show

    raise typer.Exit(show(amendment, as_json=json))


@amendments_app.command("approve")
def amendments_approve(
    amendment: Amendment,
    shown: Annotated[str, typer.Option(help="The hash of what you were shown")],
    who: Who,
    because: Why = "",
) -> None:
    """Apply an amendment as it was shown; alerts follow."""
    from cli.amendments import approve

    raise typer.Exit(approve(amendment, shown, who, because))


@amendments_app.command("reject")
def amendments_reject(amendment: Amendment, who: Who, because: Why) -> None:
    """Say that an amendment does not hold."""
    from cli.amendments import reject

    raise typer.Exit(reject(amendment, who, because))


@amendments_app.command("withdraw")
def amendments_withdraw(amendment: Amendment, who: Who, because: Why) -> None:
    """Take an amendment back; the terms before it hold again."""
    from cli.amendments import withdraw

    raise typer.Exit(withdraw(amendment, who, because))


@amendments_app.command("repaper")
def amendments_repaper(
    paper: Annotated[str, typer.Argument(help="Id of the signed paper")],
    targets: Annotated[list[str], typer.Argument(help="Ids of the contracts it changes")],
    who: Annotated[str, typer.Option(help="Your address, for the audit trail")] = "",
    because: Why = "",
    shown: Annotated[str, typer.Option(help="The hash of the plan you were shown; without it only the plan")] = "",
    force: Annotated[bool, typer.Option("--force", help="Change even implausibly many.")] = False,
    json: Json = False,
) -> None:
    """Let one signed paper change many contracts: shows the plan, then applies exactly that."""
    from cli.amendments import repaper

    raise typer.Exit(repaper(paper, targets, who, because, shown, force=force, as_json=json))


@renewals_app.command("list")
def renewals_list(json: Json = False) -> None:
    """List every contract with a deadline, the one to act on first."""
    from cli.renewals import list_renewals

    raise typer.Exit(list_renewals(as_json=json))


@renewals_app.command("acknowledge")
def renewals_acknowledge(contract: Contract, who: Who) -> None:
    """Say that you take care of it; reminders no longer go up to your manager."""
    from cli.renewals import answer

    raise typer.Exit(answer(contract, who))


@renewals_app.command("decide")
def renewals_decide(
    contract: Contract,
    verdict: Annotated[str, typer.Argument(help="renew, renegotiate, terminate or lapse")],
    who: Who,
    because: Why = "",
) -> None:
    """Decide about the term; where notice is needed its letter is written."""
    from cli.renewals import settle

    raise typer.Exit(settle(contract, verdict, who, because))


@renewals_app.command("execute")
def renewals_execute(
    contract: Contract,
    who: Who,
    served_on: Annotated[str, typer.Option(help="The day the notice was served")] = "",
    proof: Annotated[Path | None, typer.Option(help="The proof of service")] = None,
) -> None:
    """Say that the decision was carried out; only this ends the reminders."""
    from cli.renewals import execute

    raise typer.Exit(execute(contract, who, served_on, proof))


@ownership_app.command("audit")
def ownership_audit(json: Json = False) -> None:
    """List contracts without an owner or a backup who can be reached."""
    from cli.ownership import audit

    raise typer.Exit(audit(as_json=json))


@ownership_app.command("reassign")
def ownership_reassign(
    leaver: Annotated[str, typer.Argument(help="Whose contracts move")],
    who: Who,
    to: Annotated[str, typer.Option(help="Who gets them; without it the rules choose")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would move.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Move even implausibly many.")] = False,
    json: Json = False,
) -> None:
    """Move everything that one person owns or backs up; alerts follow."""
    from cli.ownership import reassign

    raise typer.Exit(reassign(leaver, to, who, dry_run=dry_run, force=force, as_json=json))


@obligations_app.command("list")
def obligations_list(json: Json = False) -> None:
    """List what is due, ours and theirs, and duties without a day."""
    from cli.obligations import list_obligations

    raise typer.Exit(list_obligations(as_json=json))


@obligations_app.command("fulfil")
def obligations_fulfil(
    due: Annotated[str, typer.Argument(help="Id of one due day, as `obligations list` shows it")],
    who: Who,
    on: Annotated[str, typer.Option(help="The day on which it was done; today if left out")] = "",
    evidence: Annotated[Path | None, typer.Option(help="The file that shows it")] = None,
    note: Annotated[str, typer.Option(help="Where the evidence can be found")] = "",
) -> None:
    """Close a due duty with its evidence."""
    from cli.obligations import fulfil

    raise typer.Exit(fulfil(due, who, on, evidence, note))


@obligations_app.command("date")
def obligations_date(
    obligation: DutyId,
    starts_on: Annotated[str, typer.Argument(help="The day, or the first day of a rule")],
    who: Who,
    rrule: Annotated[str, typer.Option(help="RFC 5545, such as FREQ=MONTHLY;INTERVAL=3")] = "",
) -> None:
    """Say when a duty falls due, once or again and again."""
    from cli.obligations import set_day

    raise typer.Exit(set_day(obligation, starts_on, rrule, who))


@obligations_app.command("happened")
def obligations_happened(
    obligation: DutyId, on: Annotated[str, typer.Argument(help="The day of the event, 2026-10-01")], who: Who
) -> None:
    """Start a duty because the event took place that it waits for."""
    from cli.obligations import happened

    raise typer.Exit(happened(obligation, on, who))


@obligations_app.command("reviewer")
def obligations_reviewer(
    obligation: DutyId, reviewer: Annotated[str, typer.Argument(help="Their address; empty for nobody")], who: Who
) -> None:
    """Name who looks at the evidence before a duty counts as done."""
    from cli.obligations import set_reviewer

    raise typer.Exit(set_reviewer(obligation, reviewer, who))


@obligations_app.command("accept")
def obligations_accept(due: DueId, who: Who) -> None:
    """Accept the evidence of a due day."""
    from cli.obligations import review

    raise typer.Exit(review(due, who, "", accepted=True))


@obligations_app.command("refuse")
def obligations_refuse(due: DueId, who: Who, because: Why) -> None:
    """Refuse the evidence of a due day; it is open again."""
    from cli.obligations import review

    raise typer.Exit(review(due, who, because, accepted=False))


@obligations_app.command("waive")
def obligations_waive(obligation: DutyId, who: Who, because: Why) -> None:
    """Give a duty up, with the reason."""
    from cli.obligations import waive

    raise typer.Exit(waive(obligation, who, because))


@calendar_app.command("create")
def calendar_create(
    who: Who, view: Annotated[str, typer.Option(help="mine (owned or backed up) or all")] = "mine"
) -> None:
    """Make a feed and print its address."""
    from cli.calendar import create

    raise typer.Exit(create(who, view))


@calendar_app.command("revoke")
def calendar_revoke(who: Who) -> None:
    """Close every feed of a person."""
    from cli.calendar import revoke

    raise typer.Exit(revoke(who))
