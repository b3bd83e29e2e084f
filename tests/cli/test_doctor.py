"""The doctor says for each part whether it works, and what to do if not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.doctor import run_doctor
from cli.setup import run_init
from config.settings import settings

Ask = Callable[..., tuple[int, dict[str, list[dict[str, Any]]]]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run the doctor on an initialised home with the given variables; return exit code and rows by part."""

    def run(*, made: bool = True, **variables: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
        given = {"HOME": str(tmp_path / "home"), "CONFIG_DIR": str(tmp_path / "config"), **variables}
        for name, value in given.items():
            monkeypatch.setenv(f"AFTERSIGN_{name}", value)
        settings.cache_clear()
        if made:
            run_init()
        capsys.readouterr()
        code = run_doctor(as_json=True)
        found: dict[str, list[dict[str, Any]]] = {}
        for row in json.loads(capsys.readouterr().out):
            found.setdefault(row["part"], []).append(row)
        return code, found

    yield run  # type: ignore[misc]
    settings.cache_clear()


class TestTheDoctor:
    def test_finds_the_console_connectors_well_and_says_what_is_not_running(self, ask: Ask) -> None:
        code, rows = ask()
        assert {
            rows[part][0]["state"] for part in ("crm: console", "chat: console", "work: console", "mail: console")
        } == {"green"}
        assert rows["database"][0]["state"] == "green"
        assert (rows["prefect"][0]["state"], rows["prefect"][0]["fix"]) == ("red", "start it with `aftersign up`")
        assert code == 1

    def test_is_red_where_a_credential_is_missing_and_names_it(self, ask: Ask) -> None:
        _, rows = ask(ROLES__CHAT="slack", ROLES__CRM="salesforce", ROLES__ESIGN="pandadoc,console")
        assert "AFTERSIGN_SLACK__BOT_TOKEN" in rows["chat: slack"][0]["fix"]
        assert "AFTERSIGN_SALESFORCE__BASE_URL" in rows["crm: salesforce"][0]["fix"]
        assert rows["esign: pandadoc"][0]["state"] == "red"
        assert any("AFTERSIGN_CONSOLE__WEBHOOK_KEYS" in row["fix"] for row in rows["esign: console"])

    def test_says_that_nobody_answers_without_hiding_the_rest(self, ask: Ask) -> None:
        variables = {"ASANA__ACCESS_TOKEN": "t", "ASANA__WORKSPACE": "1", "ASANA__BASE_URL": "http://127.0.0.1:9"}
        _, rows = ask(ROLES__WORK="asana", SMTP__HOST="127.0.0.1", SMTP__PORT="9", ROLES__MAIL="smtp", **variables)
        assert rows["work: asana"][0]["state"] == "red"
        assert "did not answer" in rows["work: asana"][0]["detail"]
        assert rows["mail: smtp"][0]["state"] == "red"
        assert rows["crm: console"][0]["state"] == "green"

    def test_passes_over_roles_that_nobody_plays(self, ask: Ask) -> None:
        _, rows = ask(ROLES__CRM="none")
        assert rows["crm: none"][0]["detail"] == "not used, by configuration"

    def test_speaks_no_sql_where_the_tables_are_not_made_yet(self, ask: Ask) -> None:
        _, rows = ask(made=False, CONFIG_DIR="config")
        assert rows["database"][0]["fix"] == "run `aftersign init`"
        assert rows["crm: console"][0]["fix"] == "mend the part `database` first"
        assert "SELECT" not in rows["crm: console"][0]["detail"]

    def test_asks_the_help_desk_as_well(self, ask: Ask, tmp_path: Path) -> None:
        _, rows = ask(ROLES__TICKETS="files", FILES__TICKETS=str(tmp_path / "gone"))
        assert "AFTERSIGN_FILES__TICKETS" in rows["tickets: files"][0]["fix"]
