"""What every test may use: settings for one temporary home, and a migrated database of either kind."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import text

from config.settings import PREFIX, Settings
from store.database import Database
from store.migrate import migrate

ROOT = Path(__file__).parents[1]
# Folders whose tests share something for the whole run: one demo, one Prefect server, one ledger of operations.
_TOGETHER = frozenset({"browser", "flows", "contracts"})
CONFIG = ROOT / "config"
SHARED = Path(os.environ.get("AFTERSIGN_SHARED", ROOT.parent / "shared"))
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)

MakeSettings = Callable[..., Settings]


def shared(name: str) -> Path:
    """Return a file of the shared corpus, or skip the test with the reason."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here (AFTERSIGN_SHARED names the folder of vendors' contracts and real data)")
    return path


class Clock:
    """Tell the time a test set; `advance` moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, delta: Any) -> None:
        self.now += delta


# Shared machines stall for seconds; that says nothing about our code.
hypothesis_settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("shared machine")


@pytest.fixture(autouse=True)
def _our_variables_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the variables of the machine that the flow tests start out of every other test."""
    if "machine" not in request.fixturenames:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeSettings:
    """Make settings under a temporary home; every role is played by the console unless told otherwise."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)

    def make(**values: Any) -> Settings:
        return Settings(**{"home": tmp_path / "home", "config_dir": CONFIG, **values})

    return make


@dataclass(frozen=True)
class Cluster:
    """Hold a private PostgreSQL server and make databases on it."""

    folder: Path

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        name = f"t{uuid.uuid4().hex[:16]}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _admin(self, statement: str) -> None:
        database = Database(self.url("postgres"))
        try:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(statement))
        finally:
            database.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL server of our own for the session: unix socket only, gone at the end."""
    binaries = _postgres_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL binaries are not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="aftersign-pg-"))
    data, become = folder / "data", _become(folder)

    def run(program: str, *arguments: str) -> None:
        command = [*become, str(binaries / program), "-D", str(data), *arguments]
        subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True, timeout=120)

    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=100"
    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield Cluster(folder)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster) -> str:
    """Migrate once; every test's database is a copy."""
    name = cluster.create()
    _migrated(cluster.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate once; every test's database is a copy."""
    path = tmp_path_factory.mktemp("template") / "aftersign.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a fresh, migrated database; the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "aftersign.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create(request.getfixturevalue("postgres_template"))
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a fresh, migrated database; the test runs once on each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()


def _migrated(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()


def _postgres_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _become(folder: Path) -> list[str]:
    """Return how to run as somebody else when we are root: initdb refuses to run as root."""
    if os.name == "nt" or os.geteuid() != 0:
        return []
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a process whole files, and whole folders where tests share a server or a ledger."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc, no-any-unimported, unused-ignore]
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            folder = path.split("/")[1]
            return folder if folder in _TOGETHER else path

    return Scheduling(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make contracts` ask for its report."""
    parser.addoption("--contracts-report", action="store_true", help="print what the contract tests proved")
