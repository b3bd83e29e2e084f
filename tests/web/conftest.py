"""A web context on a temporary database, without Prefect and without vendors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from config.business import load_business
from config.settings import Settings
from config.settings_serving import Web
from connectors import registry
from domain.errors import Transient
from domain.tokens import Purpose
from store.database import Database, metadata
from store.inbox import InboxWriter
from store.links import make_token
from store.outbox import StoredOutbox
from store.vault import Vault
from tasks import context as tasks_context
from tests.tasks.office import Office
from tests.web.seed import NOW, URL, seed
from web.app import create_app
from web.context import WebContext

CONFIG = Path(__file__).parents[2] / "config"
BROWSER = {"accept": "text/html", "sec-fetch-site": "same-origin", "origin": URL}


@dataclass
class FakeStarter:
    """Remember which runs were asked for; `away` plays a Prefect that does not answer."""

    started: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    away: bool = False

    async def start(self, deployment: str, parameters: dict[str, str], key: str) -> str:
        """Return a run id."""
        if self.away:
            raise Transient("Prefect does not answer", why="ConnectError")
        self.started.append((deployment, parameters, key))
        return "run-1"


Make = Callable[..., WebContext]


@pytest.fixture
def make_context(tmp_path: Path) -> Iterator[Make]:
    """Build contexts; `host`, `public_url` and `token` are settings, `rows` fills the database."""
    opened: list[Database] = []

    def make(*, host: str = "127.0.0.1", public_url: str = "", token: str = "", rows: bool = True) -> WebContext:
        web = Web(host=host, public_url=public_url, api_token=SecretStr(token), secret=SecretStr("test secret"))
        settings = Settings(home=tmp_path, config_dir=CONFIG, web=web)
        database, vault = Database(settings.database), Vault(tmp_path / "vault")
        opened.append(database)
        if rows:
            metadata.create_all(database.engine)
            with database.write() as connection:
                seed(connection, vault)
        outbox = StoredOutbox(database, lambda: NOW)
        return WebContext(
            settings,
            load_business(CONFIG),
            database,
            vault,
            outbox,
            registry.build(settings, outbox),
            InboxWriter(database),
            FakeStarter(),
            lambda: NOW,
        )

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def context(make_context: Make) -> WebContext:
    """Return the seeded context of one machine."""
    return make_context()


@pytest.fixture
def browser(context: WebContext) -> TestClient:
    """Return a client that behaves like a browser on our own pages."""
    return TestClient(create_app(context), base_url=URL, headers=BROWSER)


@pytest.fixture
def token(context: WebContext) -> Callable[[Purpose, str], str]:
    """Make links."""
    return lambda purpose, handoff_id: f"/t/{purpose}/{make_token(context.settings, purpose, handoff_id)}"


@pytest.fixture
def office(settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Office]:
    """Return an office with its own store; papers are signed and people act as in real life."""
    made = Office.opened(settings(config_dir=CONFIG), tmp_path)
    with tasks_context.use(made.ctx):
        yield made
    made.database.close()
