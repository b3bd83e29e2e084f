"""Import a folder of signed contracts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from cli import output
from cli.environment import apply_environment
from cli.setup import prepare
from config.settings import settings
from domain.errors import Permanent


def run_import(folder: Path, *, dry_run: bool, as_json: bool) -> int:
    """Import every PDF of the folder; exit 3 when one needs a person."""
    files = sorted(folder.glob("*.pdf")) if folder.is_dir() else []
    if not files:
        raise Permanent(f"No PDF in {folder}", fix="name a folder that holds the signed contracts as .pdf files")
    if dry_run:
        output.data([path.name for path in files]) if as_json else output.say(f"{len(files)} files would be imported")
        return 0
    apply_environment(settings())
    prepare(settings())
    rows = import_all(files, quiet=as_json)
    if as_json:
        output.data(rows)
    else:
        output.table("Imported", ["file", "customer", "found", "alerts", "problem"], rows)
    return 3 if any(row["problem"] for row in rows) else 0


def import_all(files: list[Path], *, quiet: bool) -> list[dict[str, str]]:
    """Import files one by one with a progress bar."""
    from rich.progress import track

    from tasks import context
    from tasks.importing import import_file

    ctx = context.current()
    return [asdict(import_file(ctx, path)) for path in track(files, "Reading contracts", disable=quiet, transient=True)]
