"""Verbs about papers: read, import, decide what they say and which belong together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.verbs.options import Contract, Json, Proposal, TermName, Who

review_app = typer.Typer(no_args_is_help=True, help="Decide about terms that wait for a person.")
contracts_app = typer.Typer(no_args_is_help=True, help="Import signed contracts and say which belong together.")
families_app = typer.Typer(no_args_is_help=True, help="Decide which contracts belong together.")
top = typer.Typer()
contracts_app.add_typer(families_app, name="families")
GROUPS = (
    ("review", review_app),
    ("contracts", contracts_app),
)


@top.command()
def extract(
    file: Annotated[Path, typer.Argument(help="A PDF, .docx or text file")],
    json: Json = False,
    text: Annotated[bool, typer.Option(help="Read the file as plain text, whatever its name.")] = False,
    page_images: Annotated[Path | None, typer.Option(help="Draw pages with the quotes boxed into this folder.")] = None,
) -> None:
    """Read one file and show its terms with their citations; nothing is stored."""
    from cli.extract import run_extract

    raise typer.Exit(run_extract(file, as_json=json, as_text=text, page_images=page_images))


@top.command()
def deadlines(
    file: Annotated[Path, typer.Argument(help="JSON or YAML with `term`, `notice`, `calendar`, `timezone`")],
    today: Annotated[str, typer.Option(help="A day, or an instant with its offset; now if left out.")] = "",
    json: Json = False,
) -> None:
    """Compute when a contract ends, when notice must leave, and when to be told; nothing is stored."""
    from cli.deadlines import run_deadlines

    raise typer.Exit(run_deadlines(file, today, as_json=json))


@contracts_app.command("terms")
def contracts_terms(
    contract: Contract,
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
def review_accept(contract_id: Contract, term: TermName, who: Who) -> None:
    """Confirm what was read."""
    from cli.review import accept

    raise typer.Exit(accept(contract_id, term, who))


@review_app.command("reject")
def review_reject(
    contract_id: Contract, term: TermName, who: Who, because: Annotated[str, typer.Option(help="Why")] = ""
) -> None:
    """Say that what was read does not hold."""
    from cli.review import reject

    raise typer.Exit(reject(contract_id, term, who, because))


@review_app.command("correct")
def review_correct(
    contract_id: Contract,
    term: TermName,
    value: Annotated[str, typer.Argument(help="2026-11-23, P12M, 100.00 EUR, auto, …")],
    page: Annotated[int, typer.Option(help="Page that the quote stands on")],
    quote: Annotated[str, typer.Option(help="The words that say it, as the page's text has them")],
    who: Who,
    because: Annotated[str, typer.Option(help="Why the value is right though it does not follow from the quote")] = "",
) -> None:
    """Set a term's value with the words that prove it; deadlines and alerts follow."""
    from cli.review import correct

    raise typer.Exit(correct(contract_id, term, value, page, quote, who, because))


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
def families_accept(number: Proposal, who: Who) -> None:
    """Confirm a proposed link."""
    from cli.families import decide

    raise typer.Exit(decide(number, accept=True, who=who))


@families_app.command("reject")
def families_reject(number: Proposal, who: Who, because: Annotated[str, typer.Option(help="Why")] = "") -> None:
    """Say that two contracts do not belong together in that way."""
    from cli.families import decide

    raise typer.Exit(decide(number, accept=False, who=who, because=because))
