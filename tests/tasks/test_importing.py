"""A folder is imported once: whatever was broken off goes on, and nothing is told or stored twice."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from config.business import load_business
from config.settings import Settings
from connectors import registry
from domain.documents import FileKind
from domain.errors import Permanent
from domain.portfolio import FileState, Look
from store import audit, families, migrate, portfolio
from store.database import Database
from store.outbox import StoredOutbox
from store.tables import alerts, contracts, documents, import_batches, outbox
from store.tables import audit as audit_table
from store.vault import Vault
from tasks import context, digest, importing
from tasks.alerting import send_alerts_now
from tasks.context import Context
from tasks.folder import Walked, walk
from tasks.importing import import_entry, import_file
from tasks.portfolio import open_batch, open_entries, settle
from tests.conftest import CONFIG, NOW
from tests.tasks import papers

WHO = "sofia.marin@lumora.example"


@pytest.fixture
def ctx(settings: Callable[..., Settings]) -> Iterator[Context]:
    chosen = settings(config_dir=CONFIG)
    database = Database(chosen.database)
    migrate.migrate(database)
    built = registry.build(chosen, StoredOutbox(database, lambda: NOW))
    made = Context(chosen, load_business(CONFIG), database, Vault(chosen.home / "vault"), built, lambda: NOW)
    with context.use(made):
        yield made
    database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return papers.portfolio(tmp_path / "papers")


def imported(ctx: Context, folder: Path) -> tuple[str, list[Look]]:
    walked = walk(folder)
    batch = open_batch(ctx, walked)
    looks = [import_entry(ctx, batch, entry) for entry in walked.entries]
    settle(ctx, batch, looks)
    return batch, looks


def counted(ctx: Context) -> dict[str, int]:
    with ctx.database.read() as connection:
        tables = (contracts, alerts, documents, audit_table, outbox)
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


class TestAFolder:
    def test_gives_contracts_in_order_and_says_what_it_leaves_out(self, folder: Path) -> None:
        walked = walk(folder)
        assert [entry.name for entry in walked.entries] == [
            "harrow/amendment 2.txt",
            "harrow/msa.txt",
            "harrow/order.txt",
            "tidewell/copy of msa.txt",
            "tidewell/msa again.txt",
        ]
        assert [(one.name, one.why) for one in walked.repeated] == [
            ("tidewell/msa.txt", "the same file as tidewell/copy of msa.txt")
        ]
        assert [(one.name, one.why) for one in walked.omitted] == [("notes.md", "not one of .pdf, .docx, .txt")]

    def test_is_not_left_by_a_link(self, folder: Path, tmp_path: Path) -> None:
        outside = tmp_path / "outside.txt"
        outside.write_text(papers.master("Stranger Ltd", "S-1"))
        (folder / "link.txt").symlink_to(outside)
        (folder / "way out").symlink_to(tmp_path)
        (folder / "within.txt").symlink_to(folder / "harrow" / "msa.txt")
        os.mkfifo(folder / "pipe.txt")
        walked = walk(folder)
        assert {one.name: one.why for one in walked.omitted if one.name != "notes.md"} == {
            "link.txt": "a link that leads out of the folder",
            "way out": "a link that leads out of the folder",
            "within.txt": "a link; what it leads to is read where it stands",
            "pipe.txt": "not a file",
        }
        assert not any("Stranger" in Path(entry.path).read_text() for entry in walked.entries)

    def test_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(Permanent, match="There is no folder"):
            walk(tmp_path / "nowhere")


class TestAnImport:
    def test_stores_reads_owns_and_plans_and_sends_nothing(self, ctx: Context, folder: Path) -> None:
        _, looks = imported(ctx, folder)
        assert {look.customer for look in looks} == {papers.HARROW, papers.TIDEWELL}
        assert not any(look.problem or look.failed or look.on_file for look in looks)
        with ctx.database.read() as connection:
            rows = connection.execute(select(contracts)).mappings().all()
            kinds = set(connection.scalars(select(documents.c.media_type)))
        assert len(rows) == 5
        assert all(row["owner_email"] and row["backup_email"] for row in rows)
        assert kinds == {"text/plain"}
        assert counted(ctx)["outbox"] == 0

    def test_again_changes_nothing(self, ctx: Context, folder: Path) -> None:
        imported(ctx, folder)
        before = counted(ctx)
        _, looks = imported(ctx, folder)
        assert counted(ctx) == before
        assert all(look.on_file for look in looks)
        assert open_entries(ctx, walk(folder)) == []

    @pytest.mark.parametrize("broken", ["read_into", "own", "plan"])
    def test_that_was_broken_off_is_finished_once(
        self, ctx: Context, folder: Path, broken: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def die(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        walked = walk(folder)
        batch, entry = open_batch(ctx, walked), walked.entries[1]
        with monkeypatch.context() as patch:
            patch.setattr(importing, broken, die)
            with pytest.raises(KeyboardInterrupt):
                import_entry(ctx, batch, entry)
        _, looks = imported(ctx, folder)
        assert all(look.terms for look in looks)
        assert counted(ctx)["contracts"] == 5
        with ctx.database.read() as connection:
            row = portfolio.file_row(connection, batch, entry.sha256)
            assert row is not None
            actions = [one.action for one in audit.trail(connection, row["contract_id"])]
            planned = connection.scalar(
                select(func.count()).select_from(alerts).where(alerts.c.contract_id == row["contract_id"])
            )
        assert sorted(actions) == ["alerts.planned", "contract.owned", "contract.stored"]
        assert planned

    def test_leaves_a_contract_alone_that_came_by_signature(self, ctx: Context, folder: Path) -> None:
        path = folder / "harrow" / "msa.txt"
        identity = import_file(ctx, path, kind=FileKind.PLAIN).contract_id
        with ctx.database.write() as connection:
            connection.execute(update(contracts).where(contracts.c.id == identity).values(source="pandadoc"))
            connection.execute(update(contracts).where(contracts.c.id == identity).values(owner_email=None))
        _, looks = imported(ctx, folder)
        assert next(look for look in looks if look.name == "harrow/msa.txt").on_file
        with ctx.database.read() as connection:
            row = connection.execute(select(contracts).where(contracts.c.id == identity)).mappings().one()
            states = set(connection.scalars(select(alerts.c.state).where(alerts.c.contract_id == identity)))
        assert row["owner_email"] is None
        assert states == {"planned"}

    def test_of_a_file_that_cannot_be_read_is_a_contract_with_gaps(self, ctx: Context, tmp_path: Path) -> None:
        (tmp_path / "bad").mkdir()
        (tmp_path / "bad" / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing follows")
        _, (look,) = imported(ctx, tmp_path / "bad")
        assert look.problem.startswith("corrupt")
        assert not look.failed
        assert "effective_date" in look.needs_review
        assert open_entries(ctx, walk(tmp_path / "bad")) == []

    def test_of_a_file_that_changed_meanwhile_stores_nothing(self, ctx: Context, folder: Path) -> None:
        walked = walk(folder)
        batch, entry = open_batch(ctx, walked), walked.entries[0]
        Path(entry.path).write_text("something else")
        with pytest.raises(Permanent, match="changed while it was imported"):
            import_entry(ctx, batch, entry)
        assert counted(ctx)["contracts"] == 0


class TestFamilies:
    def test_are_stored_as_proposals_with_their_evidence(self, ctx: Context, folder: Path) -> None:
        imported(ctx, folder)
        found = listed(ctx)
        assert {(row["child"], row["kind"], row["parent"], row["state"]) for row in found} == {
            ("amendment 2", "amends", "msa", "proposed"),
            ("order", "governed_by", "msa", "proposed"),
        }
        assert {row["customer"] for row in found} == {papers.HARROW}
        assert all(row["citation"]["quote"] in row["evidence"] for row in found)

    def test_that_a_person_rejected_are_not_proposed_again(self, ctx: Context, folder: Path) -> None:
        imported(ctx, folder)
        row = next(row for row in listed(ctx) if row["kind"] == "amends")
        with ctx.database.write() as connection:
            stored = families.get(connection, row["id"])
            assert stored is not None
            families.decide(connection, stored, accept=False, who=WHO, because="another agreement", now=NOW)
        imported(ctx, folder)
        assert [one["kind"] for one in listed(ctx)] == ["governed_by"]
        with ctx.database.read() as connection:
            happened = [(one.actor, one.action) for one in audit.trail(connection, row["child_id"])]
        assert (WHO, "family.rejected") in happened

    def test_of_which_one_is_accepted_set_the_other_candidates_aside(self, ctx: Context, tmp_path: Path) -> None:
        folder = tmp_path / "two"
        folder.mkdir()
        (folder / "a.txt").write_text(papers.master(papers.HARROW, "MSA-2024-01"))
        (folder / "b.txt").write_text(papers.master(papers.HARROW, "MSA-2024-09"))
        (folder / "c.txt").write_text(papers.amendment(papers.HARROW))
        imported(ctx, folder)
        found = listed(ctx)
        assert [row["state"] for row in found] == ["ambiguous", "ambiguous"]
        with ctx.database.write() as connection:
            row = families.get(connection, found[0]["id"])
            assert row is not None
            families.decide(connection, row, accept=True, who=WHO, because="", now=NOW)
        assert listed(ctx) == []
        with ctx.database.read() as connection:
            decided = families.listed(connection, ["accepted", "superseded"])
        assert sorted(one["state"] for one in decided) == ["accepted", "superseded"]


class TestWhatIsDueAtOnce:
    def test_waits_for_one_digest_a_person_and_is_sent_once(self, ctx: Context, folder: Path) -> None:
        imported(ctx, folder)
        with ctx.database.read() as connection:
            waiting = connection.execute(select(alerts).where(alerts.c.state == "collapsed")).mappings().all()
        people = {row["recipient"] for row in waiting}
        assert len(waiting) > len(people) > 1
        assert send_alerts_now(ctx, dry_run=False, limit=200) == []
        assert counted(ctx)["outbox"] == 0
        assert digest.send_digests_now(ctx, dry_run=True)
        assert counted(ctx)["outbox"] == 0
        assert len(digest.send_digests_now(ctx, dry_run=False)) == len(waiting)
        assert counted(ctx)["outbox"] == len(people)
        assert digest.send_digests_now(ctx, dry_run=False) == []
        assert counted(ctx)["outbox"] == len(people)

    def test_waits_while_the_import_goes_on(self, ctx: Context, folder: Path) -> None:
        batch, _ = imported(ctx, folder)
        with ctx.database.write() as connection:
            connection.execute(update(import_batches).where(import_batches.c.id == batch).values(finished_at=None))
        assert digest.send_digests_now(ctx, dry_run=False) == []
        assert counted(ctx)["outbox"] == 0


class TestABatch:
    def test_knows_what_failed_and_tries_it_again(self, ctx: Context, folder: Path) -> None:
        walked = walk(folder)
        batch, entry = open_batch(ctx, walked), walked.entries[0]
        assert importing.record_failure(ctx, batch, entry, "the disk is full").failed
        assert entry in open_entries(ctx, walked)
        import_entry(ctx, batch, entry)
        assert states(ctx, batch, walked)[entry.name] == FileState.DONE

    def test_with_new_files_is_open_again(self, ctx: Context, folder: Path) -> None:
        batch, _ = imported(ctx, folder)
        (folder / "new.txt").write_text(papers.master("Third Party Ltd", "MSA-3"))
        assert [entry.name for entry in open_entries(ctx, walk(folder))] == ["new.txt"]
        assert imported(ctx, folder)[0] == batch
        assert set(states(ctx, batch, walk(folder)).values()) == {FileState.DONE}


def listed(ctx: Context) -> list[dict[str, object]]:
    with ctx.database.read() as connection:
        return list(families.listed(connection))


def states(ctx: Context, batch: str, walked: Walked) -> dict[str, str]:
    with ctx.database.read() as connection:
        rows = portfolio.states(connection, batch)
    return {entry.name: rows[entry.sha256]["state"] for entry in walked.entries}
