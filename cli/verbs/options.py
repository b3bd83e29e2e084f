"""Options and arguments that several verbs share."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Contract = Annotated[str, typer.Argument(help="Id of the contract, as `review list` shows it")]
TermName = Annotated[str, typer.Argument(help="Name of the term, such as effective_date")]
Proposal = Annotated[int, typer.Argument(help="Number of the link, as `contracts families list` shows it")]
Who = Annotated[str, typer.Option(help="Your address, for the audit trail")]
Amendment = Annotated[str, typer.Argument(help="Id of the amendment, as `amendments list` shows it")]
Why = Annotated[str, typer.Option(help="Why")]
DutyId = Annotated[str, typer.Argument(help="Id of the duty, as `obligations list` shows it")]
DueId = Annotated[str, typer.Argument(help="Id of one due day, as `obligations list` shows it")]
