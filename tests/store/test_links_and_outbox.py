"""Links for people without a login, and the outbox of the console connectors."""

from __future__ import annotations

import base64
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from itsdangerous import TimestampSigner
from pydantic import SecretStr
from sqlalchemy import Connection

from config.settings import Settings
from config.settings_serving import Web
from domain.errors import Permanent
from domain.tokens import Purpose
from store import links
from store.database import Database
from store.outbox import StoredOutbox
from tests.conftest import Clock, MakeSettings


@pytest.fixture
def connection(tmp_path: Path, sqlite_template: Path) -> Iterator[Connection]:
    shutil.copy(sqlite_template, tmp_path / "links.db")
    database = Database(f"sqlite:///{tmp_path / 'links.db'}")
    with database.read() as opened:
        yield opened
    database.close()


@pytest.fixture
def chosen(settings: MakeSettings) -> Settings:
    return settings(web=Web(secret=SecretStr("test secret"), public_url="https://handoff.example/"))


class TestALink:
    def test_opens_the_one_page_it_was_made_for(self, chosen: Settings, connection: Connection) -> None:
        token = links.make_token(chosen, Purpose.INTAKE, "vela-1")
        assert links.open_token(chosen, connection, Purpose.INTAKE, token) == "vela-1"
        for purpose in set(Purpose) - {Purpose.INTAKE}:
            with pytest.raises(Permanent, match="not valid"):
                links.open_token(chosen, connection, purpose, token)

    def test_starts_with_the_public_address(self, chosen: Settings) -> None:
        assert links.link(chosen, Purpose.BRIEF, "vela-1").startswith("https://handoff.example/t/brief/")

    def test_expires(self, chosen: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
        token = links.make_token(chosen, Purpose.BRIEF, "vela-1")
        later = int(time.time()) + links.MAX_AGE_DAYS * 86400
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: later - 5)
        assert links.open_token(chosen, connection, Purpose.BRIEF, token) == "vela-1"
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: later + 5)
        with pytest.raises(Permanent, match="expired"):
            links.open_token(chosen, connection, Purpose.BRIEF, token)

    def test_of_another_secret_opens_nothing(
        self, chosen: Settings, connection: Connection, settings: MakeSettings
    ) -> None:
        other = settings(web=Web(secret=SecretStr("another secret")))
        with pytest.raises(Permanent, match="not valid"):
            links.open_token(chosen, connection, Purpose.BRIEF, links.make_token(other, Purpose.BRIEF, "vela-1"))

    def test_cannot_be_moved_to_another_handoff(self, chosen: Settings, connection: Connection) -> None:
        _, rest = links.make_token(chosen, Purpose.BRIEF, "vela-1").split(".", 1)
        other = base64.urlsafe_b64encode(b'"vela-2"').rstrip(b"=").decode()
        with pytest.raises(Permanent, match="not valid"):
            links.open_token(chosen, connection, Purpose.BRIEF, f"{other}.{rest}")

    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
    @given(place=st.integers(0, 200), letter=st.characters(codec="ascii"), cut=st.booleans())
    def test_with_any_letter_changed_opens_nothing(
        self, chosen: Settings, connection: Connection, place: int, letter: str, *, cut: bool
    ) -> None:
        token = links.make_token(chosen, Purpose.BRIEF, "vela-1")
        place %= len(token)
        changed = token[:place] + ("" if cut else letter) + token[place + 1 :]
        try:
            opened = links.open_token(chosen, connection, Purpose.BRIEF, changed)
        except Permanent:
            return
        # base64 ignores the low bits of its last letter: the same signature, spelled differently
        assert changed == token or (opened == "vela-1" and place == len(token) - 1)

    def test_is_signed_with_a_secret_made_once_and_kept_private(self, settings: MakeSettings) -> None:
        chosen = settings()
        first = links.secret(chosen)
        assert len(first) >= 32
        assert links.secret(chosen) == first
        assert (chosen.home / "web-secret").stat().st_mode & 0o777 == 0o600
        assert [path.name for path in chosen.home.iterdir()] == ["web-secret"]

    def test_is_signed_with_one_secret_by_processes_that_start_together(
        self, settings: MakeSettings, tmp_path: Path
    ) -> None:
        for round_ in range(20):
            chosen = settings(home=tmp_path / f"home-{round_}")
            barrier, found = threading.Barrier(4), []

            def read(chosen: Settings = chosen, barrier: threading.Barrier = barrier, found: list[str] = found) -> None:
                barrier.wait()
                found.append(links.secret(chosen))

            threads = [threading.Thread(target=read) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(set(found)) == 1
            assert len(found[0]) >= 32


class TestTheOutbox:
    def test_keeps_one_object_under_a_key(self, database: Database, clock: Clock) -> None:
        outbox = StoredOutbox(database, clock)
        first = outbox.put("mail", "mail", "k", {"subject": "one"})
        clock.advance(timedelta(minutes=1))
        assert outbox.put("mail", "mail", "k", {"subject": "two"}) == first
        assert outbox.get("mail", "mail", "k") == {"subject": "two"}
        row = outbox.row(int(first))
        assert row is not None
        assert row["updated_at"] - row["created_at"] == timedelta(minutes=1)

    def test_tells_roles_and_kinds_apart(self, database: Database, clock: Clock) -> None:
        outbox = StoredOutbox(database, clock)
        outbox.put("work", "project", "k", {"n": 1})
        outbox.put("work", "item", "k", {"n": 2})
        assert outbox.get("work", "item", "k") == {"n": 2}
        assert outbox.get("chat", "item", "k") is None
        assert [row["role"] for row in outbox.rows("work")] == ["work", "work"]
        assert outbox.rows("chat") == []

    def test_lists_in_order_of_creation(self, database: Database, clock: Clock) -> None:
        outbox = StoredOutbox(database, clock)
        for number in (3, 1, 2):
            outbox.put("crm", "deal", f"D-{number}", {"n": number})
        outbox.put("crm", "deal", "D-3", {"n": 33})
        assert outbox.find("crm", "deal") == [("D-3", {"n": 33}), ("D-1", {"n": 1}), ("D-2", {"n": 2})]
