"""Settings from the environment: lists, secret files, and errors that name the variable."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import PREFIX, Settings, load_settings
from config.settings_table import settings_table, written
from domain.errors import ConfigurationError
from tests.conftest import ROOT

SECRETS = {
    "AFTERSIGN_DATABASE_URL": "postgresql://u:canary-1@db/x",
    "AFTERSIGN_WEB__SECRET": "canary-2",
    "AFTERSIGN_WEB__API_TOKEN": "canary-3",
    "AFTERSIGN_PANDADOC__API_KEY": "canary-4",
    "AFTERSIGN_PANDADOC__WEBHOOK_KEYS": "canary-5,canary-6",
    "AFTERSIGN_CONSOLE__WEBHOOK_KEYS": "canary-7",
    "AFTERSIGN_SLACK__BOT_TOKEN": "canary-8",
    "AFTERSIGN_SLACK__SIGNING_SECRET": "canary-9",
    "AFTERSIGN_SMTP__PASSWORD": "canary-a",
    "AFTERSIGN_PREFECT__AUTH": "admin:canary-b",
    "AFTERSIGN_PREFECT__DATABASE_URL": "postgresql://u:canary-c@db/p",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    return load_settings()


class TestSettings:
    def test_need_no_account_and_no_variable(self) -> None:
        chosen = load_settings()
        assert chosen.roles.esign == ["console"]
        assert chosen.database == f"sqlite:///{Path('.aftersign').resolve() / 'aftersign.db'}"
        assert chosen.public_url == "http://127.0.0.1:8080"
        assert chosen.prefect_api == "http://127.0.0.1:4200/api"

    def test_read_lists_written_with_commas(self, monkeypatch: pytest.MonkeyPatch) -> None:
        chosen = read(
            monkeypatch,
            ROLES__ESIGN="pandadoc, console",
            PANDADOC__WEBHOOK_KEYS="new key,old key,",
            RETRIES__DELAYS="1,2.5",
        )
        assert chosen.roles.esign == ["pandadoc", "console"]
        assert [key.get_secret_value() for key in chosen.pandadoc.webhook_keys] == ["new key", "old key"]
        assert chosen.retries.delays == [1.0, 2.5]

    def test_read_an_empty_list_as_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert read(monkeypatch, PANDADOC__WEBHOOK_KEYS="").pandadoc.webhook_keys == []

    def test_shift_the_clock_by_a_constant(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shifted = read(monkeypatch, CLOCK_OFFSET_SECONDS="86400").now() - Settings(clock_offset_seconds=0).now()
        assert abs(shifted - timedelta(days=1)) < timedelta(seconds=5)

    def test_cut_the_slash_off_the_public_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert read(monkeypatch, WEB__PUBLIC_URL="https://handoff.example/").public_url == "https://handoff.example"


class TestASecret:
    def test_never_shows_in_a_repr(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in SECRETS.items():
            monkeypatch.setenv(name, value)
        chosen = load_settings()
        shown = f"{chosen!r} {chosen} {chosen.model_dump()} {chosen.model_dump_json()}"
        assert "canary" not in shown
        assert chosen.database.endswith("canary-1@db/x")

    def test_may_come_from_a_file(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        path = tmp_path / "key"
        path.write_text("from the file\n")
        monkeypatch.setenv("AFTERSIGN_PANDADOC__API_KEY", "")
        monkeypatch.delenv("AFTERSIGN_PANDADOC__API_KEY")
        chosen = read(monkeypatch, PANDADOC__API_KEY_FILE=str(path))
        assert chosen.pandadoc.api_key.get_secret_value() == "from the file"
        assert "AFTERSIGN_PANDADOC__API_KEY_FILE" not in os.environ

    def test_in_a_file_yields_to_the_variable_itself(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        path = tmp_path / "key"
        path.write_text("from the file")
        chosen = read(monkeypatch, PANDADOC__API_KEY_FILE=str(path), PANDADOC__API_KEY="from the variable")
        assert chosen.pandadoc.api_key.get_secret_value() == "from the variable"

    def test_in_a_missing_file_names_the_variable(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="AFTERSIGN_SMTP__PASSWORD_FILE.*No such file"):
            read(monkeypatch, SMTP__PASSWORD_FILE=str(tmp_path / "nothing"))


class TestAWrongValue:
    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("ROLES__ESIGN", "nonesuch", "unknown vendor nonesuch; allowed: console, pandadoc, docusign, dropboxsign"),
            ("ROLES__CRM", "nonesuch", "'console'.*'none'"),
            ("ROLES__CHAT", "nonesuch", "'console', 'slack'.*'none'"),
            ("ROLES__WORK", "nonesuch", "'console'.*'none'"),
            ("ROLES__MAIL", "nonesuch", "'console'.*'smtp'"),
            ("SMTP__SECURITY", "ssl", "'starttls', 'tls' or 'none'"),
            ("WEB__PORT", "eighty", "integer"),
            ("PREFECT__CONCURRENCY", "0", "greater than or equal to 1"),
            ("RETRIES__DELAYS", "1,soon", "number"),
        ],
    )
    def test_names_the_variable_and_what_is_allowed(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
    ) -> None:
        with pytest.raises(ConfigurationError, match=rf"{PREFIX}{name} is not usable.*{said}"):
            read(monkeypatch, **{name: value})

    def test_of_a_whole_group_tells_how_to_name_a_part(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(ConfigurationError, match="AFTERSIGN_ROLES__ESIGN"):
            read(monkeypatch, ROLES="console")

    @pytest.mark.parametrize(("name", "near"), [("WEBB__PORT", "AFTERSIGN_WEB__"), ("ZZZ__X", "configuration.md")])
    def test_in_a_part_that_does_not_exist_is_told(self, monkeypatch: pytest.MonkeyPatch, name: str, near: str) -> None:
        with pytest.raises(ConfigurationError, match=f"{PREFIX}{name} does not exist.*{near}"):
            read(monkeypatch, **{name: "1"})


class TestACredential:
    @pytest.mark.parametrize(
        ("name", "part", "field"),
        [
            ("HUBSPOT__ACCESS_TOKEN", "hubspot", "access_token"),
            ("HUBSPOT__API_KEY", "hubspot", "access_token"),
            ("ASANA__API_KEY", "asana", "access_token"),
            ("JIRA__API_TOKEN", "jira", "api_key"),
        ],
    )
    def test_is_read_under_every_name_its_vendor_gives_it(
        self, monkeypatch: pytest.MonkeyPatch, name: str, part: str, field: str
    ) -> None:
        assert getattr(getattr(read(monkeypatch, **{name: "s3cret"}), part), field).get_secret_value() == "s3cret"


class TestTheDocumentation:
    def test_lists_every_setting_as_the_model_has_it(self) -> None:
        document = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
        assert written(document) == document, "run `aftersign config settings --write docs/configuration.md`"

    def test_explains_every_setting(self) -> None:
        assert [row for row in settings_table().splitlines() if row.rstrip().endswith(("| None |", "|  |"))] == []
