"""A night's run on a real Prefect server: invoices are pulled, checked and told, and a bad source is no silence."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import settings
from store import findings, invoices
from store.database import Database
from tests.flows.conftest import Machine
from tests.tasks.test_reconciling import CONTRACT, HEAD, row

pytestmark = pytest.mark.prefect


@pytest.fixture
def folders(machine: Machine) -> Iterator[Path]:
    home = settings().files.invoices.parent
    assert machine is not None
    yield home
    for path in [*home.glob("invoices/*"), *home.glob("contracts/*")]:
        path.unlink()


def run(machine: Machine, **parameters: object) -> dict[str, object]:
    return machine.wait_run(machine.start("reconcile-invoices/aftersign", parameters))  # type: ignore[arg-type]


def found() -> list[tuple[str, str]]:
    database = Database(settings().database)
    with database.read() as connection:
        rows = [(one["code"], one["at_stake"]) for one in findings.listed(connection)]
    database.close()
    return rows


class TestANightOnPrefect:
    def test_finds_tells_and_repeats_nothing(self, machine: Machine, folders: Path) -> None:
        (folders / "contracts" / "so-77.yaml").write_text(CONTRACT.replace("2027-12-31", "2026-11-30"))
        rows = [row(1), row(2), row(3, "480.00"), *(row(month) for month in range(4, 12))]
        (folders / "invoices" / "all.csv").write_text("\n".join([HEAD, *rows]) + "\n")
        time.sleep(4)  # a file is read once it is at rest
        assert run(machine, dry_run=True)["state_type"] == "COMPLETED"
        assert found() == []
        assert run(machine)["state_type"] == "COMPLETED"
        assert found() == [("AR-UNDER", "20.00")]
        assert run(machine, full=True)["state_type"] == "COMPLETED"
        assert found() == [("AR-UNDER", "20.00")]
        database = Database(settings().database)
        with database.read() as connection:
            assert invoices.count(connection) == 11
            assert findings.untold(connection) == []
        database.close()

    def test_fails_where_a_source_cannot_be_read_and_says_which(self, machine: Machine, folders: Path) -> None:
        aside = folders / "aside"
        (folders / "invoices").rename(aside)
        try:
            ended = run(machine)
        finally:
            aside.rename(folders / "invoices")
        assert ended["state_type"] == "FAILED"
        assert "AFTERSIGN_FILES__INVOICES" in str(ended["state"])
