"""`aftersign slas` shows what was missed and takes a person's word about a claim."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cli import slas
from config.settings import settings as current_settings
from domain.errors import Permanent
from tasks import context
from tasks.slas import watch_now
from tests.conftest import MakeSettings
from tests.tasks.office import Office
from tests.tasks.slas_office import OWNER, Services


@pytest.fixture
def services(settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Miss June 2026 by an hour, in the home that the command will open."""
    office = Office.opened(settings(), tmp_path)
    with context.use(office.ctx):
        made = Services.opened(office, tmp_path / "config")
        made.probe.down(datetime(2026, 6, 3, tzinfo=UTC), 60)
        watch_now(made.on(date(2026, 7, 1)))
    monkeypatch.setenv("AFTERSIGN_HOME", str(tmp_path / "home"))
    offset = datetime(2026, 8, 5, 9, tzinfo=UTC) - datetime.now(UTC)
    monkeypatch.setenv("AFTERSIGN_CLOCK_OFFSET_SECONDS", str(offset.total_seconds()))
    current_settings.cache_clear()
    yield made
    current_settings.cache_clear()
    office.database.close()


def listed(capsys: pytest.CaptureFixture[str], *, every: bool = False) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert slas.list_slas(as_json=True, every=every) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


class TestTheCommand:
    def test_lists_what_waits_for_somebody(self, services: Services, capsys: pytest.CaptureFixture[str]) -> None:
        [row] = listed(capsys)
        assert (row["counterparty"], row["amount"], row["state"]) == (
            "Northbridge Hosting Ltd",
            "200.00 USD",
            "drafted",
        )
        assert slas.list_slas(as_json=False) == 0
        assert "aftersign slas claimed ID" in capsys.readouterr().err

    def test_shows_the_claim_with_its_arithmetic(self, services: Services, capsys: pytest.CaptureFixture[str]) -> None:
        [row] = listed(capsys)
        assert slas.show(row["id"], as_json=False) == 0
        assert "1 - 60 min / 43200 min = 99.8611 %" in capsys.readouterr().out

    def test_shows_the_year_of_a_contract(self, services: Services, capsys: pytest.CaptureFixture[str]) -> None:
        assert slas.show(services.contract, as_json=True) == 0
        found = json.loads(capsys.readouterr().out)
        assert "Sources disagree on 2026-06." in found["told"]
        assert [one["verdict"] for one in found["windows"]].count("missed") == 1
        assert slas.show(services.contract, as_json=False) == 0

    def test_follows_a_claim_to_its_credit(self, services: Services, capsys: pytest.CaptureFixture[str]) -> None:
        [row] = listed(capsys)
        assert slas.claimed(row["id"], OWNER, "2026-07-10", "TICKET-1") == 0
        assert slas.answered(row["id"], OWNER, "", accepted=True) == 0
        assert listed(capsys)[0]["state"] == "accepted"
        assert slas.credited(row["id"], OWNER, "2026-08-02", "INV-8") == 0
        assert listed(capsys) == []
        assert listed(capsys, every=True)[0]["state"] == "credited"

    def test_refuses_what_it_does_not_know(self, services: Services) -> None:
        with pytest.raises(Permanent, match="no claim and no contract"):
            slas.show("nothing", as_json=False)
        with pytest.raises(Permanent, match="is no day"):
            slas.claimed("nothing", OWNER, "tomorrow", "")
