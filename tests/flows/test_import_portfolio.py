"""Workers share a folder by shards; each file is a task of its own, and running again goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import settings
from domain.portfolio import batch_id
from store import families, portfolio
from store.database import Database
from tests.flows.conftest import Machine
from tests.tasks import papers

pytestmark = pytest.mark.prefect


def run(machine: Machine, folder: Path, shard: int, of: int) -> dict[str, object]:
    parameters = {"folder": str(folder), "shard": shard, "of": of}
    return machine.wait_run(machine.start("import-portfolio/aftersign", parameters))  # type: ignore[arg-type]


class TestAShardedImport:
    def test_imports_each_file_once_and_proposes_families_at_the_end(self, machine: Machine, tmp_path: Path) -> None:
        folder = papers.portfolio(tmp_path / "papers")
        ended = [run(machine, folder, shard, 2) for shard in (0, 1)]
        assert [row["state_type"] for row in ended] == ["COMPLETED", "COMPLETED"]
        assert run(machine, folder, 0, 1)["state_name"] == "Completed"
        database = Database(settings().database)
        with database.read() as connection:
            rows = portfolio.states(connection, batch_id(str(folder)))
            links = [(row["child"], row["parent"]) for row in families.listed(connection)]
        database.close()
        assert [(row["state"], row["attempts"]) for row in rows.values()] == [("done", 1)] * 5
        assert machine.wait_run(machine.start("send-alerts/aftersign"))["state_type"] == "COMPLETED"
        assert sorted(links) == [("amendment 2", "msa"), ("order", "msa")]

    def test_of_a_folder_the_worker_does_not_see_fails_with_its_name(self, machine: Machine, tmp_path: Path) -> None:
        folder = tmp_path / "nowhere"
        ended = run(machine, folder, 0, 1)
        assert ended["state_type"] == "FAILED"
        assert "There is no folder" in str(ended["state"])

    def test_refuses_a_shard_that_is_none(self, machine: Machine, tmp_path: Path) -> None:
        ended = run(machine, papers.portfolio(tmp_path / "papers"), 2, 2)
        assert ended["state_type"] == "FAILED"
        assert "There is no shard 2 of 2" in str(ended["state"])
