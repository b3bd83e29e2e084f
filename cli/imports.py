"""Import a folder of signed contracts: plan, refuse, apply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from cli import import_report, import_shown, output
from cli.crew import FEW, Job, cores, each, warm_up
from cli.environment import apply_environment
from cli.import_work import begin_importing, begin_looking, work
from cli.setup import prepare
from config.settings import Settings, settings
from domain.errors import Permanent
from domain.families import propose
from domain.papers import Paper
from domain.portfolio import Entry, Look, refuse_implausible
from tasks.folder import Walked, walk
from tasks.looking import failure


@dataclass(frozen=True, slots=True)
class Wish:
    """Hold how an import was asked for."""

    folder: Path
    dry_run: bool = False
    as_json: bool = False
    force: bool = False
    workers: int = 0
    report: Path | None = None

    @property
    def crew(self) -> int:
        """Return how many processes read at once."""
        return self.workers or cores()


@dataclass(frozen=True, slots=True)
class Store:
    """Hold what is on file: papers, contracts by their file's sha256, and texts imported before."""

    papers: Sequence[Paper] = ()
    contracts: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def run_import(wish: Wish) -> int:
    """Import every contract of the folder, or say what would come of it; exit 3 when one needs a person."""
    walked = walk(wish.folder)
    if not walked.entries:
        raise Permanent(
            f"No contract in {wish.folder}",
            why=f"{len(walked.omitted)} other files" if walked.omitted else "it is empty",
            fix="name a folder that holds the signed contracts as .pdf, .docx or .txt",
        )
    if wish.crew > 1 and len(walked.entries) > FEW:
        warm_up("tasks.looking" if wish.dry_run else "tasks.importing")
    found = _look(wish, walked) if wish.dry_run else _apply(wish, walked)
    if wish.as_json:
        output.data(found)
    else:
        import_shown.show(found, dry_run=wish.dry_run)
    if wish.report:
        import_shown.write(found, wish.report)
    return 3 if import_shown.needs_a_person(found) else 0


def import_all(files: list[Path], *, quiet: bool) -> list[dict[str, str]]:
    """Import files one by one with a progress bar, as the demo does."""
    from rich.progress import track

    from tasks import context
    from tasks.importing import import_file

    ctx = context.current()
    return [asdict(import_file(ctx, path)) for path in track(files, "Reading contracts", disable=quiet, transient=True)]


def _look(wish: Wish, walked: Walked) -> import_report.Report:
    """Read everything and write nothing; refuse what is no folder of contracts."""
    chosen = settings()
    on_file = _on_file(chosen)
    read = _read(Job(begin_looking, (chosen,), work), walked.entries, wish)
    looks = {sha256: replace(look, on_file=sha256 in on_file.contracts) for sha256, look in read.items()}
    if not wish.force:
        refuse_implausible(list(looks.values()), sample=False)
    listed = {on_file.contracts[sha256] for sha256 in looks if sha256 in on_file.contracts}
    others = [paper for paper in on_file.papers if paper.id not in listed]
    found = propose([look.paper for look in looks.values()], others)
    return import_report.report(walked, looks, found, others, on_file.texts, today=chosen.now().date())


def _apply(wish: Wish, walked: Walked) -> import_report.Report:
    """Go on where an earlier run stopped; look at a sample first."""
    chosen = settings()
    apply_environment(chosen)
    prepare(chosen)
    from tasks import context, portfolio

    ctx = context.build(chosen)
    waiting = portfolio.open_entries(ctx, walked)
    if not wish.force:
        chosen_first = portfolio.sample(waiting)
        sample = _read(Job(begin_looking, (chosen,), work), chosen_first, wish, "Looking")
        refuse_implausible(list(sample.values()), sample=len(chosen_first) < len(waiting))
    before = _on_file(chosen)
    batch = portfolio.open_batch(ctx, walked)
    looks = _read(Job(begin_importing, (chosen, batch), work), walked.entries, wish, "Importing")
    found = portfolio.settle(ctx, batch, list(looks.values()))
    ctx.database.close()
    return import_report.report(walked, looks, found, before.papers, before.texts, today=chosen.now().date())


def _read(job: Job, entries: Sequence[Entry], wish: Wish, label: str = "Reading") -> dict[str, Look]:
    """Do every file and return the looks by sha256, in the order of the folder."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeRemainingColumn(),
    )
    looks: dict[str, Look] = {}
    with Progress(*columns, console=console, transient=True, disable=wish.as_json or not console.is_terminal) as bar:
        task = bar.add_task(label, total=len(entries), pace="")
        for entry, look in each(job, sorted(entries, key=lambda one: -one.size), workers=wish.crew):
            looks[entry.sha256] = look or failure(entry, "reading it ended the process that read it")
            speed = bar.tasks[0].speed
            bar.update(task, advance=1, pace=f"{speed:.1f} files/s" if speed else "")
    return {entry.sha256: looks[entry.sha256] for entry in entries}


def _on_file(chosen: Settings) -> Store:
    """Read what is stored, without making or changing a database."""
    from sqlalchemy import make_url

    from store import families, migrate, portfolio
    from store.database import Database

    url = make_url(chosen.database)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
        return Store()
    database = Database(chosen.database)
    try:
        with database.read() as connection:
            if migrate.revision(connection) != migrate.head():
                output.hint("The database is from another release: what is on file was not compared.")
                return Store()
            return Store(families.papers(connection), portfolio.on_file(connection), portfolio.texts(connection))
    finally:
        database.close()
