"""The command imports a folder on all cores; killed in the middle it loses nothing and repeats nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from cli.crew import Job, each
from cli.main import main
from config.settings import settings
from domain.documents import FileKind
from domain.portfolio import Entry
from store import audit
from store.database import Database
from store.tables import alerts, contracts, import_files
from store.tables import audit as audit_table
from tests.cli.deadly import deadly, ready
from tests.conftest import CONFIG, ROOT
from tests.tasks import papers

WHO = "sofia.marin@lumora.example"


@dataclass(frozen=True)
class Command:
    """Run `aftersign` in a process of its own, with a home of its own."""

    home: Path

    @property
    def environment(self) -> Mapping[str, str]:
        ours = {"AFTERSIGN_HOME": str(self.home), "AFTERSIGN_CONFIG_DIR": str(CONFIG)}
        return {**{k: v for k, v in os.environ.items() if not k.startswith("AFTERSIGN_")}, **ours}

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "cli.main", "contracts", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        process = self.start(*words)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def report(self, *words: str) -> tuple[int, dict[str, Any]]:
        code, out, err = self.run("import", *words, "--json")
        assert out, err
        return code, json.loads(out)

    def database(self) -> Database:
        return Database(f"sqlite:///{self.home / 'aftersign.db'}")


@dataclass(frozen=True)
class Here(Command):
    """Run the command inside this process, on one core."""

    capture: pytest.CaptureFixture[str]

    def run(self, *words: str) -> tuple[int, str, str]:
        one = ["--workers", "1"] if words[0] == "import" else []
        before = dict(os.environ)
        with pytest.MonkeyPatch.context() as patch:
            os.environ.update(self.environment)
            settings.cache_clear()
            patch.setattr(sys, "argv", ["aftersign", "contracts", *words, *one])
            with pytest.raises(SystemExit) as ended:
                main()
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()
        said = self.capture.readouterr()
        return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path / "home")


@pytest.fixture
def here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(tmp_path / "home", capsys)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return papers.portfolio(tmp_path / "papers")


class TestADryRun:
    def test_says_what_would_come_of_it_and_leaves_no_trace(self, command: Command, folder: Path) -> None:
        code, found = command.report(str(folder), "--dry-run", "--workers", "2")
        assert code == 0
        assert found["summary"]["contracts"] == 5
        assert found["summary"]["duplicates"] == 1
        assert found["same_text"] == [{"file": "tidewell/msa again.txt", "same_as": "tidewell/copy of msa.txt"}]
        assert {(row["child"], row["parent"]) for row in found["families"]} == {
            ("harrow/amendment 2.txt", "harrow/msa.txt"),
            ("harrow/order.txt", "harrow/msa.txt"),
        }
        assert {row["file"] for row in found["already_too_late"]} == {"harrow/msa.txt", "tidewell/copy of msa.txt"}
        assert all(row["clause"].startswith("at least sixty (60) days") for row in found["already_too_late"])
        assert found["committed"] == {"USD": "96000.00 USD"}
        assert not command.home.exists()

    def test_knows_what_is_on_file_already(self, here: Here, folder: Path) -> None:
        here.report(str(folder / "harrow"))
        _, found = here.report(str(folder), "--dry-run")
        state = {row["file"]: row["state"] for row in found["files"]}
        assert state["harrow/msa.txt"] == "on file"
        assert state["tidewell/msa again.txt"] == "contract"
        assert found["families"]
        assert not any(row["state"] == "ambiguous" for row in found["families"])


class TestAFolderThatIsNone:
    @pytest.mark.parametrize("words", [[], ["--dry-run"]])
    def test_is_refused_before_anything_is_stored(self, here: Here, tmp_path: Path, words: list[str]) -> None:
        bad = tmp_path / "bad"
        bad.mkdir()
        (bad / "good.txt").write_text(papers.master("Harrow Mills Ltd", "MSA-1"))
        for number in range(6):
            (bad / f"{number}.pdf").write_bytes(f"%PDF-1.7 {number}".encode())
        code, _, err = here.run("import", str(bad), *words)
        assert code == 1
        assert "6 of 7 files" in err
        assert "--force" in err
        assert not stored(here)

    def test_is_imported_all_the_same_by_force(self, here: Here, tmp_path: Path) -> None:
        bad = tmp_path / "bad"
        bad.mkdir()
        for number in range(6):
            (bad / f"{number}.pdf").write_bytes(f"%PDF-1.7 {number}".encode())
        code, found = here.report(str(bad), "--force")
        assert code == 3
        assert found["summary"]["unreadable"] == 6
        assert len(stored(here)) == 6

    def test_without_a_contract_says_what_it_holds(self, here: Here, tmp_path: Path) -> None:
        (tmp_path / "notes.md").write_text("nothing")
        code, _, err = here.run("import", str(tmp_path))
        assert code == 1
        assert "No contract in" in err


class TestTheReport:
    def test_is_an_excel_file_with_a_sheet_a_list(self, here: Here, folder: Path, tmp_path: Path) -> None:
        target = tmp_path / "report.xlsx"
        code, out, _ = here.run("import", str(folder), "--report", str(target))
        assert code == 0
        assert "Committed by what was missed" in out
        book = CalamineWorkbook.from_path(target)
        assert {"Summary", "Too late", "Files", "Families"} <= set(book.sheet_names)
        rows = book.get_sheet_by_name("Too late").to_python()
        assert "48000.00 USD" in rows[1]


class TestFamilies:
    def test_are_listed_accepted_and_rejected(self, here: Here, folder: Path) -> None:
        here.report(str(folder))
        _, out, _ = here.run("families", "list", "--json")
        first, second = (row["id"] for row in json.loads(out))
        assert here.run("families", "accept", str(first), "--who", WHO)[0] == 0
        assert here.run("families", "reject", str(second), "--who", WHO, "--because", "void")[0] == 0
        assert json.loads(here.run("families", "list", "--json")[1]) == []
        code, _, err = here.run("families", "accept", str(first), "--who", WHO)
        assert code == 1
        assert f"There is no open link {first}" in err


class TestKilledInTheMiddle:
    @pytest.mark.parametrize(
        "moments", [(20,), pytest.param((1, 2, 5, 11, 30, 40), marks=pytest.mark.nightly)], ids=["once", "often"]
    )
    def test_it_loses_nothing_and_repeats_nothing(
        self, command: Command, tmp_path: Path, moments: tuple[int, ...]
    ) -> None:
        many = tmp_path / "many"
        many.mkdir()
        for number in range(60):
            (many / f"{number}.txt").write_text(papers.master(f"Customer {number} Ltd", f"MSA-{number}"))
        for least in moments:
            self.kill_after(command, many, least)
        code, found = command.report(str(many), "--workers", "2")
        assert code == 0
        assert found["summary"]["contracts"] + found["summary"]["already_on_file"] == 60
        database = command.database()
        with database.read() as connection:
            happened = Counter(connection.execute(select(audit_table.c.action, audit_table.c.subject)).tuples())
            names = list(connection.scalars(select(contracts.c.title)))
            unowned = connection.scalars(select(contracts.c.id).where(contracts.c.owner_email.is_(None))).all()
            planned = Counter(
                connection.execute(select(alerts.c.contract_id, alerts.c.stage, alerts.c.recipient)).tuples()
            )
            states = set(connection.scalars(select(import_files.c.state)))
        assert sorted(names) == sorted(str(number) for number in range(60))
        assert set(happened.values()) == {1}
        assert Counter(action for action, _ in happened) == {
            "contract.stored": 60,
            "contract.owned": 60,
            "alerts.planned": 60,
        }
        assert len({contract for contract, _, _ in planned}) == 60
        assert set(planned.values()) == {1}
        assert not unowned
        assert states == {"done"}
        assert audit.verify(database)[2] is None
        database.close()

    def kill_after(self, command: Command, folder: Path, least: int) -> None:
        process = command.start("import", str(folder), "--workers", "2")
        try:
            deadline = time.monotonic() + 90
            while done(command) < least and process.poll() is None:
                assert time.monotonic() < deadline, "the import did not get under way"
                time.sleep(0.02)
            assert process.poll() is None, process.stderr and process.stderr.read()
            process.kill()
            process.wait(timeout=10)
            self.all_gone(process.pid)
        finally:
            if process.poll() is None:
                process.kill()

    def all_gone(self, group: int) -> None:
        """Wait until no worker of the killed command is left."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return
            time.sleep(0.1)
        os.killpg(group, signal.SIGKILL)
        pytest.fail("workers outlived the command that started them")


class TestTheCrew:
    def test_goes_on_without_the_file_that_kills_its_worker(self) -> None:
        entries = [Entry(f"{number}", f"{number}", f"{number}", FileKind.PLAIN, 1) for number in range(12)]
        job = Job(ready, (), deadly)
        found = {entry.name: look for entry, look in each(job, entries, workers=2)}
        assert found.pop("7") is None
        assert sorted(found) == sorted(entry.name for entry in entries if entry.name != "7")
        assert all(look is not None and look.name == name for name, look in found.items())


def stored(command: Command) -> list[Any]:
    if not (command.home / "aftersign.db").exists():
        return []
    database = command.database()
    with database.read() as connection:
        found = list(connection.execute(select(contracts.c.id)))
    database.close()
    return found


def done(command: Command) -> int:
    if not (command.home / "aftersign.db").exists():
        return 0
    database = command.database()
    try:
        with database.read() as connection:
            return len(connection.execute(select(import_files.c.sha256).where(import_files.c.state == "done")).all())
    except Exception:  # noqa: BLE001 - the tables are not there yet
        return 0
    finally:
        database.close()
