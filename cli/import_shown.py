"""Show the report of an import: tables for people, and Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli import output
from cli.import_report import Report

_SHOWN = 20


def needs_a_person(found: Report) -> bool:
    """Tell whether a file could not be read or imported."""
    return bool(found["summary"]["unreadable"] or found["summary"]["failed"])


def show(found: Report, *, dry_run: bool) -> None:
    """Print the report; long lists are cut, JSON and Excel have them whole."""
    for name, count in found["summary"].items():
        output.say(f"{count:>7}  {name.replace('_', ' ')}")
    if dry_run:
        output.say("Nothing was stored.")
    _table(
        "Already too late",
        ["file", "what", "deadline", "days_late", "days_left", "locked_until", "cost", "clause"],
        found,
    )
    sums = [*found["committed"].values()]
    if found["committed_unknown"]:
        sums.append(f"{found['committed_unknown']} contracts whose cost is unknown")
    if sums:
        output.say(f"Committed by what was missed: {'; '.join(sums)}")
    _table("Families", ["child", "kind", "parent", "confidence", "state", "evidence"], found)
    _table("Missing parents", ["child", "kind", "evidence"], found)
    _table("Same text", ["file", "same_as"], found)
    _table("Duplicates", ["file", "why"], found)
    _table("Skipped", ["file", "why"], found)
    troubled = [row for row in found["files"] if row["problem"]]
    _table("Cannot be read or imported", ["file", "problem"], {"cannot_be_read_or_imported": troubled})


def write(found: Report, path: Path) -> None:
    """Write the report as an Excel file, one sheet a list."""
    from cli.workbook import write_sheets

    summary = [{"what": name.replace("_", " "), "count": count} for name, count in found["summary"].items()]
    sheets = {"Summary": summary, "Too late": found["already_too_late"], "Files": found["files"]}
    sheets |= {"Families": found["families"], "Missing parents": found["missing_parents"]}
    sheets |= {"Same text": found["same_text"], "Duplicates": found["duplicates"], "Skipped": found["skipped"]}
    write_sheets(path, sheets)
    output.hint(f"✓ wrote {path}")


def _table(title: str, columns: Sequence[str], found: Mapping[str, Any]) -> None:
    rows = found[title.casefold().replace(" ", "_")]
    if rows:
        output.table(title, columns, rows[:_SHOWN])
    if len(rows) > _SHOWN:
        output.say(f"… and {len(rows) - _SHOWN} more; see --json or --report")
