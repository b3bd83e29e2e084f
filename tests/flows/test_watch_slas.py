"""The nightly run over service levels is deployed, runs under Prefect, and refuses what makes no sense."""

from __future__ import annotations

import pytest

from tests.flows.conftest import Machine

pytestmark = pytest.mark.prefect


def run(machine: Machine, parameters: dict[str, object]) -> dict[str, object]:
    return machine.wait_run(machine.start("watch-slas/aftersign", parameters))  # type: ignore[arg-type]


class TestTheNightlyRun:
    @pytest.mark.parametrize("dry_run", [True, False])
    def test_ends_well_where_nothing_is_watched(self, machine: Machine, *, dry_run: bool) -> None:
        ended = run(machine, {"dry_run": dry_run})
        assert ended["state_type"] == "COMPLETED"
        assert ended["name"] == "watch service levels"
