"""The `aftersign` command: every verb imports what it needs when it is called."""

from __future__ import annotations

import sys

import typer

from cli import output
from cli.verbs import money, papers, running, terms

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What happens after a contract is signed: one signature, one complete, provable handoff.",
)
for verbs in (running, papers, money):
    app.add_typer(verbs.top)
for name, group in (*running.GROUPS, *papers.GROUPS, *terms.GROUPS, *money.GROUPS):
    app.add_typer(group, name=name)


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
