"""The `aftersign` command: every verb imports what it needs when it is called."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli import output

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What happens after a contract is signed: one signature, one complete, provable handoff.",
)
review_app = typer.Typer(no_args_is_help=True, help="Decide about terms that wait for a person.")
connect_app = typer.Typer(no_args_is_help=True, help="Set up the other side of a connection.")
invoices_app = typer.Typer(no_args_is_help=True, help="Look at invoices where they are.")
outages_app = typer.Typer(no_args_is_help=True, help="Look at outages where they are recorded.")
config_app = typer.Typer(no_args_is_help=True, help="Check the configuration.")
handoff_app = typer.Typer(no_args_is_help=True, help="See, run and prove handoffs.")
webhook_app = typer.Typer(no_args_is_help=True, help="See and replay received webhooks.")
runs_app = typer.Typer(no_args_is_help=True, help="See and retry failed runs.")
audit_app = typer.Typer(no_args_is_help=True, help="Check the audit trail.")
effects_app = typer.Typer(no_args_is_help=True, help="Settle effects whose outcome is unknown.")
crm_app = typer.Typer(no_args_is_help=True, help="Feed the console CRM.")
contracts_app = typer.Typer(no_args_is_help=True, help="Import signed contracts and say which belong together.")
renewals_app = typer.Typer(no_args_is_help=True, help="See what renews when; answer, decide, and prove.")
ownership_app = typer.Typer(no_args_is_help=True, help="See who looks after what, and hand it over.")
obligations_app = typer.Typer(no_args_is_help=True, help="See who owes what when, and close it with evidence.")
calendar_app = typer.Typer(no_args_is_help=True, help="Subscribe to deadlines in a calendar.")
amendments_app = typer.Typer(no_args_is_help=True, help="Approve what amendments change.")
families_app = typer.Typer(no_args_is_help=True, help="Decide which contracts belong together.")
contracts_app.add_typer(families_app, name="families")
for name, group in (
    ("config", config_app),
    ("review", review_app),
    ("connect", connect_app),
    ("invoices", invoices_app),
    ("outages", outages_app),
    ("handoff", handoff_app),
    ("webhook", webhook_app),
    ("runs", runs_app),
    ("audit", audit_app),
    ("effects", effects_app),
    ("crm", crm_app),
    ("contracts", contracts_app),
    ("amendments", amendments_app),
    ("calendar", calendar_app),
    ("obligations", obligations_app),
    ("ownership", ownership_app),
    ("renewals", renewals_app),
):
    app.add_typer(group, name=name)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", envvar="ONCE", help="Run through, check everything, stop.")] = False,
    port: Annotated[int, typer.Option(help="Web port; the next free one is taken.")] = 8080,
    prefect_port: Annotated[int, typer.Option(help="Prefect port; the next free one is taken.")] = 4200,
) -> None:
    """Run the whole story on sample contracts. Nothing leaves this machine."""
    from cli.demo import run_demo

    raise typer.Exit(run_demo(once=once, port=port, prefect_port=prefect_port))


@app.command()
def up() -> None:
    """Run everything for one machine from the environment, until Ctrl-C."""
    from cli.up import run_up

    raise typer.Exit(run_up())


@app.command()
def init() -> None:
    """Write the default configuration and bring the database up to date."""
    from cli.setup import run_init

    raise typer.Exit(run_init())


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="A PDF, .docx or text file")],
    json: Json = False,
    text: Annotated[bool, typer.Option(help="Read the file as plain text, whatever its name.")] = False,
    page_images: Annotated[Path | None, typer.Option(help="Draw pages with the quotes boxed into this folder.")] = None,
) -> None:
    """Read one file and show its terms with their citations; nothing is stored."""
    from cli.extract import run_extract

    raise typer.Exit(run_extract(file, as_json=json, as_text=text, page_images=page_images))


@app.command()
def deadlines(
    file: Annotated[Path, typer.Argument(help="JSON or YAML with `term`, `notice`, `calendar`, `timezone`")],
    today: Annotated[str, typer.Option(help="A day, or an instant with its offset; now if left out.")] = "",
    json: Json = False,
) -> None:
    """Compute when a contract ends, when notice must leave, and when to be told; nothing is stored."""
    from cli.deadlines import run_deadlines

    raise typer.Exit(run_deadlines(file, today, as_json=json))


_Contract = Annotated[str, typer.Argument(help="Id of the contract, as `review list` shows it")]
_Term = Annotated[str, typer.Argument(help="Name of the term, such as effective_date")]
_Proposal = Annotated[int, typer.Argument(help="Number of the link, as `contracts families list` shows it")]
_Who = Annotated[str, typer.Option(help="Your address, for the audit trail")]


_Amendment = Annotated[str, typer.Argument(help="Id of the amendment, as `amendments list` shows it")]
_Why = Annotated[str, typer.Option(help="Why")]


@amendments_app.command("list")
def amendments_list(json: Json = False) -> None:
    """List amendments that wait for approval."""
    from cli.amendments import list_amendments

    raise typer.Exit(list_amendments(as_json=json))


@amendments_app.command("show")
def amendments_show(amendment: _Amendment, json: Json = False) -> None:
    """Show what an amendment changes, and which deadlines, alerts and prices move."""
    from cli.amendments import show

    raise typer.Exit(show(amendment, as_json=json))


@amendments_app.command("approve")
def amendments_approve(
    amendment: _Amendment,
    shown: Annotated[str, typer.Option(help="The hash of what you were shown")],
    who: _Who,
    because: _Why = "",
) -> None:
    """Apply an amendment as it was shown; alerts follow."""
    from cli.amendments import approve

    raise typer.Exit(approve(amendment, shown, who, because))


@amendments_app.command("reject")
def amendments_reject(amendment: _Amendment, who: _Who, because: _Why) -> None:
    """Say that an amendment does not hold."""
    from cli.amendments import reject

    raise typer.Exit(reject(amendment, who, because))


@amendments_app.command("withdraw")
def amendments_withdraw(amendment: _Amendment, who: _Who, because: _Why) -> None:
    """Take an amendment back; the terms before it hold again."""
    from cli.amendments import withdraw

    raise typer.Exit(withdraw(amendment, who, because))


@amendments_app.command("repaper")
def amendments_repaper(
    paper: Annotated[str, typer.Argument(help="Id of the signed paper")],
    targets: Annotated[list[str], typer.Argument(help="Ids of the contracts it changes")],
    who: Annotated[str, typer.Option(help="Your address, for the audit trail")] = "",
    because: _Why = "",
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
def renewals_acknowledge(contract: _Contract, who: _Who) -> None:
    """Say that you take care of it; reminders no longer go up to your manager."""
    from cli.renewals import answer

    raise typer.Exit(answer(contract, who))


@renewals_app.command("decide")
def renewals_decide(
    contract: _Contract,
    verdict: Annotated[str, typer.Argument(help="renew, renegotiate, terminate or lapse")],
    who: _Who,
    because: _Why = "",
) -> None:
    """Decide about the term; where notice is needed its letter is written."""
    from cli.renewals import settle

    raise typer.Exit(settle(contract, verdict, who, because))


@renewals_app.command("execute")
def renewals_execute(
    contract: _Contract,
    who: _Who,
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
    who: _Who,
    to: Annotated[str, typer.Option(help="Who gets them; without it the rules choose")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would move.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Move even implausibly many.")] = False,
    json: Json = False,
) -> None:
    """Move everything that one person owns or backs up; alerts follow."""
    from cli.ownership import reassign

    raise typer.Exit(reassign(leaver, to, who, dry_run=dry_run, force=force, as_json=json))


_Obligation = Annotated[str, typer.Argument(help="Id of the duty, as `obligations list` shows it")]


@obligations_app.command("list")
def obligations_list(json: Json = False) -> None:
    """List what is due, ours and theirs, and duties without a day."""
    from cli.obligations import list_obligations

    raise typer.Exit(list_obligations(as_json=json))


@obligations_app.command("fulfil")
def obligations_fulfil(
    due: Annotated[str, typer.Argument(help="Id of one due day, as `obligations list` shows it")],
    who: _Who,
    on: Annotated[str, typer.Option(help="The day on which it was done; today if left out")] = "",
    evidence: Annotated[Path | None, typer.Option(help="The file that shows it")] = None,
    note: Annotated[str, typer.Option(help="Where the evidence can be found")] = "",
) -> None:
    """Close a due duty with its evidence."""
    from cli.obligations import fulfil

    raise typer.Exit(fulfil(due, who, on, evidence, note))


@obligations_app.command("date")
def obligations_date(
    obligation: _Obligation,
    starts_on: Annotated[str, typer.Argument(help="The day, or the first day of a rule")],
    who: _Who,
    rrule: Annotated[str, typer.Option(help="RFC 5545, such as FREQ=MONTHLY;INTERVAL=3")] = "",
) -> None:
    """Say when a duty falls due, once or again and again."""
    from cli.obligations import set_day

    raise typer.Exit(set_day(obligation, starts_on, rrule, who))


@obligations_app.command("waive")
def obligations_waive(obligation: _Obligation, who: _Who, because: _Why) -> None:
    """Give a duty up, with the reason."""
    from cli.obligations import waive

    raise typer.Exit(waive(obligation, who, because))


@calendar_app.command("create")
def calendar_create(
    who: _Who, view: Annotated[str, typer.Option(help="mine (owned or backed up) or all")] = "mine"
) -> None:
    """Make a feed and print its address."""
    from cli.calendar import create

    raise typer.Exit(create(who, view))


@calendar_app.command("revoke")
def calendar_revoke(who: _Who) -> None:
    """Close every feed of a person."""
    from cli.calendar import revoke

    raise typer.Exit(revoke(who))


@contracts_app.command("terms")
def contracts_terms(
    contract: _Contract,
    as_of: Annotated[str, typer.Option(help="A day; today if left out")] = "",
    known_at: Annotated[str, typer.Option(help="What was known at this moment")] = "",
    json: Json = False,
) -> None:
    """Show what a contract says on a day, with amendments and the papers that govern it."""
    from cli.terms import show_terms

    raise typer.Exit(show_terms(contract, as_of, known_at, as_json=json))


@review_app.command("list")
def review_list(json: Json = False) -> None:
    """List terms that wait for a person, the most urgent first."""
    from cli.review import list_waiting

    raise typer.Exit(list_waiting(as_json=json))


@review_app.command("accept")
def review_accept(contract_id: _Contract, term: _Term, who: _Who) -> None:
    """Confirm what was read."""
    from cli.review import accept

    raise typer.Exit(accept(contract_id, term, who))


@review_app.command("reject")
def review_reject(
    contract_id: _Contract, term: _Term, who: _Who, because: Annotated[str, typer.Option(help="Why")] = ""
) -> None:
    """Say that what was read does not hold."""
    from cli.review import reject

    raise typer.Exit(reject(contract_id, term, who, because))


@review_app.command("correct")
def review_correct(
    contract_id: _Contract,
    term: _Term,
    value: Annotated[str, typer.Argument(help="2026-11-23, P12M, 100.00 EUR, auto, …")],
    page: Annotated[int, typer.Option(help="Page that the quote stands on")],
    quote: Annotated[str, typer.Option(help="The words that say it, as the page's text has them")],
    who: _Who,
    because: Annotated[str, typer.Option(help="Why the value is right though it does not follow from the quote")] = "",
) -> None:
    """Set a term's value with the words that prove it; deadlines and alerts follow."""
    from cli.review import correct

    raise typer.Exit(correct(contract_id, term, value, page, quote, who, because))


@connect_app.command("slack")
def connect_slack(
    socket_mode: Annotated[
        bool, typer.Option(help="Take button presses by Socket Mode, without a public address.")
    ] = False,
) -> None:
    """Print the Slack app manifest for this installation."""
    from cli.vendors import connect_slack

    raise typer.Exit(connect_slack(socket_mode=socket_mode))


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


@app.command()
def doctor(json: Json = False) -> None:
    """Say for each part whether it is configured and answers, and what to do if not."""
    from cli.doctor import run_doctor

    raise typer.Exit(run_doctor(as_json=json))


@config_app.command("settings")
def config_settings(
    write: Annotated[Path | None, typer.Option(help="Bring the table in this document up to date.")] = None,
) -> None:
    """Print every setting with its default and meaning."""
    from config.settings_table import settings_table, written

    if write is None:
        typer.echo(settings_table())
        return
    write.write_text(written(write.read_text(encoding="utf-8")), encoding="utf-8")


@config_app.command("check")
def config_check(json: Json = False) -> None:
    """Check settings and YAML; errors name file, line and allowed values."""
    from cli.setup import run_config_check

    raise typer.Exit(run_config_check(as_json=json))


@handoff_app.command("list")
def handoff_list(
    state: Annotated[str, typer.Option(help="running, complete or incomplete")] = "", json: Json = False
) -> None:
    """List handoffs, newest first."""
    from cli.reports import list_handoffs

    raise typer.Exit(list_handoffs(state, as_json=json))


@handoff_app.command("show")
def handoff_show(handoff_id: str, json: Json = False) -> None:
    """Show one handoff with its steps, terms and gaps."""
    from cli.reports import show_handoff

    raise typer.Exit(show_handoff(handoff_id, as_json=json))


@handoff_app.command("run")
def handoff_run(handoff_id: str, json: Json = False) -> None:
    """Run what is missing of one handoff; what is done stays done."""
    from cli.runs import run_handoff

    raise typer.Exit(run_handoff(handoff_id, as_json=json))


@handoff_app.command("prove")
def handoff_prove(
    since: Annotated[str, typer.Option(help="First day, YYYY-MM-DD.")] = "",
    xlsx: Annotated[Path | None, typer.Option(help="Write an Excel file.")] = None,
    json: Json = False,
) -> None:
    """Prove that every signature got its handoff; exit 3 when one did not."""
    from cli.reports import prove

    raise typer.Exit(prove(since, xlsx, as_json=json))


@webhook_app.command("list")
def webhook_list(json: Json = False) -> None:
    """List the latest deliveries and the counters."""
    from cli.reports import list_webhooks

    raise typer.Exit(list_webhooks(as_json=json))


@webhook_app.command("replay")
def webhook_replay(inbox_id: str, json: Json = False) -> None:
    """Start a received event again; what it already led to is not repeated."""
    from cli.runs import replay

    raise typer.Exit(replay(inbox_id, as_json=json))


@runs_app.command("failed")
def runs_failed(json: Json = False) -> None:
    """List failed and crashed runs with their reason."""
    from cli.runs import failed

    raise typer.Exit(failed(as_json=json))


@runs_app.command("retry")
def runs_retry(
    run_ids: Annotated[list[str] | None, typer.Argument(help="Run ids; none with --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every failed run.")] = False,
    json: Json = False,
) -> None:
    """Do what the Retry button does, for one or many runs."""
    from cli.runs import retry

    raise typer.Exit(retry(run_ids or [], every=every, as_json=json))


@audit_app.command("verify")
def audit_verify(json: Json = False) -> None:
    """Check every link of the audit chain; exit 1 when one is broken."""
    from cli.reports import verify_audit

    raise typer.Exit(verify_audit(as_json=json))


@effects_app.command("resolve")
def effects_resolve(
    key: str,
    happened: Annotated[bool, typer.Option("--happened/--not-happened", help="What you found at the vendor.")],
    who: Annotated[str, typer.Option(help="Your address, for the audit trail.")],
) -> None:
    """Say whether an effect with unknown outcome happened."""
    from cli.runs import resolve

    raise typer.Exit(resolve(key, happened=happened, who=who))


@contracts_app.command("import")
def contracts_import(
    folder: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything, store nothing, show the plan.")] = False,
    force: Annotated[bool, typer.Option(help="Go on though most files cannot be read.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes that read at once; 0 for one a core.")] = 0,
    report: Annotated[Path | None, typer.Option(help="Write an Excel file.")] = None,
    json: Json = False,
) -> None:
    """Import a folder of signed contracts: stored, read, owned, alerts planned; no customer gets mail.

    Running it again goes on where it stopped.
    """
    from cli.imports import Wish, run_import

    raise typer.Exit(run_import(Wish(folder, dry_run, json, force, workers, report)))


@families_app.command("list")
def families_list(json: Json = False) -> None:
    """List proposed links between contracts that wait for a person."""
    from cli.families import list_proposals

    raise typer.Exit(list_proposals(as_json=json))


@families_app.command("accept")
def families_accept(number: _Proposal, who: _Who) -> None:
    """Confirm a proposed link."""
    from cli.families import decide

    raise typer.Exit(decide(number, accept=True, who=who))


@families_app.command("reject")
def families_reject(number: _Proposal, who: _Who, because: Annotated[str, typer.Option(help="Why")] = "") -> None:
    """Say that two contracts do not belong together in that way."""
    from cli.families import decide

    raise typer.Exit(decide(number, accept=False, who=who, because=because))


@crm_app.command("import")
def crm_import(file: Path) -> None:
    """Import deals into the console CRM from YAML (the shape of samples/crm.yaml)."""
    from cli.setup import run_crm_import

    raise typer.Exit(run_crm_import(file))


def main() -> None:
    """Run the command; an error a person can fix is shown as what, why and fix."""
    from domain.errors import AftersignError

    try:
        app()
    except AftersignError as error:
        output.problem(error)
        sys.exit(1)


if __name__ == "__main__":
    main()
