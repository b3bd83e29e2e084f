"""Print for people (tables, next steps) or for programs (JSON)."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from domain.errors import AftersignError


def data(value: object) -> None:
    """Print JSON to standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print a table to standard output."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        shown.add_column(column.replace("_", " "))
    for row in rows:
        shown.add_row(*(_cell(row.get(column)) for column in columns))
    Console(soft_wrap=False).print(shown)


def say(text: str) -> None:
    """Print one line to standard output."""
    sys.stdout.write(text + "\n")


def hint(text: str) -> None:
    """Print what to do next to standard error, where it disturbs no pipe."""
    sys.stderr.write(text + "\n")


def problem(error: AftersignError) -> None:
    """Print what happened, why, and how to fix it."""
    sys.stderr.write(f"✗ {error.what}\n")
    if error.why:
        sys.stderr.write(f"  why  {error.why}\n")
    if error.fix:
        sys.stderr.write(f"  fix  {error.fix}\n")


def _cell(value: object) -> str:
    if value is None or value == "":
        return "–"
    from rich.markup import escape

    return escape(str(value))
