"""Measure the pages over 10,000 contracts of 6,000 words: `python -m bench.web`.

Every page is asked for through the whole application, by somebody who sees everything and by
somebody who sees a region without prices. The target holds for each: p95 of 300 ms.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import text

from bench.machine import fresh_home, percentile
from bench.web.filling import NOW, fill
from bench.web.handoffs import fill_handoffs
from bench.web.servers import postgres
from bench.web.traffic import fill_traffic
from bench.web.vocabulary import COMMON, PHRASE, RARE
from config.business import load_business
from config.settings import Settings
from connectors import registry
from store.database import Database
from store.inbox import InboxWriter
from store.migrate import migrate
from store.outbox import StoredOutbox
from store.vault import Vault
from web.app import create_app
from web.context import WebContext
from web.viewer import AS

TARGET = 0.3
_CONFIG = Path(__file__).parents[2] / "config"
_SEES_ALL, _SEES_A_REGION = "dana.whitfield@lumora.example", "lea.brandt@lumora.example"
_ID = f"{4:036d}"
ADDRESSES: Mapping[str, str] = {
    "list": "/contracts",
    "list, three filters": "/contracts?state=active&renewal=auto&year=2027",
    "list, by value, page 100": "/contracts?sort=-value&offset=5000",
    f"search rare: {RARE}": f"/contracts?q={RARE}",
    f"search common: {COMMON}": f"/contracts?q={COMMON}",
    "search two common words": f"/contracts?q={COMMON}+party",
    f"search phrase: {PHRASE}": f"/contracts?q={PHRASE}",
    "search terms": '/contracts?q="60+days+notice"',
    "search a misspelt name": "/contracts?q=Meridain+Freihgt",
    "contract": f"/contracts/{_ID}",
    "my work": "/",
    "renewals": "/renewals",
    "obligations": "/obligations",
    "discrepancies": "/findings",
    "review": "/review",
    "portfolio": "/portfolio",
    "handoffs": "/handoffs",
    "handoffs by CSM, one month": "/handoffs?by=csm&month=202612",
    "welcome": "/welcome",
    "one handoff": "/handoffs/h-000004",
    "outbox": "/outbox",
    "webhooks": "/webhooks",
    "dead letters": "/dead-letters",
}


def main() -> int:
    """Fill, measure and print; return 1 where a page misses the target."""
    parser = argparse.ArgumentParser(prog="python -m bench.web", description=__doc__)
    parser.add_argument("--contracts", type=int, default=10_000)
    parser.add_argument("--traffic", type=int, default=150_000, help="objects of the outbox, and as many events")
    parser.add_argument("--words", type=int, default=6_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--keep", type=Path, help="a folder whose databases are filled once and used again")
    parser.add_argument("--pages", default="", help="only the pages whose name has these words")
    chosen = parser.parse_args()
    slow = 0
    with fresh_home() as home:
        if chosen.only != "postgresql":
            slow += _measured("SQLite", f"sqlite:///{(chosen.keep or home) / 'bench.db'}", home, chosen)
        if chosen.only != "sqlite":
            with postgres(chosen.keep) as url:
                slow += _measured("PostgreSQL", url, home, chosen) if url else 0
    return 1 if slow else 0


def _measured(name: str, url: str, home: Path, chosen: argparse.Namespace) -> int:
    database = Database(url)
    migrate(database)
    print(f"{name}: {chosen.contracts:,} contracts of {chosen.words:,} words", flush=True)
    _filled(database, chosen)
    slow = 0
    with _application(database, home) as app:
        for who, title in ((_SEES_ALL, "sees everything"), (_SEES_A_REGION, "sees a region, no prices")):
            browser = TestClient(
                app, base_url="http://127.0.0.1:8080", cookies={AS: who}, raise_server_exceptions=False
            )
            pages = [page for page in ADDRESSES.items() if chosen.pages in page[0]]
            slow += sum(_asked(browser, title, page, chosen.times) for page in pages)
    print(f"  memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at its peak")
    database.close()
    return slow


def _filled(database: Database, chosen: argparse.Namespace) -> None:
    with database.read() as connection:
        there = connection.scalar(text("SELECT count(*) FROM contracts")) or 0
    if there >= chosen.contracts:
        fill_handoffs(database, chosen.contracts, NOW)
        fill_traffic(database, chosen.traffic, chosen.contracts, NOW)
        return
    begin = time.perf_counter()
    owners = [person.email for person in load_business(_CONFIG).people.values() if person.active]
    fill(database, chosen.contracts, chosen.words, owners)
    fill_handoffs(database, chosen.contracts, NOW)
    fill_traffic(database, chosen.traffic, chosen.contracts, NOW)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What the databases do by themselves within minutes.
        connection.execute(text("ANALYZE" if database.dialect == "sqlite" else "VACUUM ANALYZE"))
    print(f"  filled in {time.perf_counter() - begin:.0f} s; {_size(database)}", flush=True)


def _size(database: Database) -> str:
    with database.read() as connection:
        if database.dialect == "sqlite":
            query = "SELECT sum(pgsize), sum(CASE WHEN name LIKE 'search%' THEN pgsize END) FROM dbstat"
            try:
                whole, index = connection.execute(text(query)).one()
            except Exception as error:  # noqa: BLE001 - a library built without dbstat still has a file
                return f"{Path(database.engine.url.database or '').stat().st_size / 2**20:.0f} MiB ({type(error).__name__})"
        else:
            query = ("SELECT pg_database_size(current_database()), pg_total_relation_size('search_pages') + "
                     "pg_total_relation_size('search_about') + pg_total_relation_size('search_contracts')")  # fmt: skip
            whole, index = connection.execute(text(query)).one()
    return f"database {whole / 2**20:.0f} MiB, of it search {index / 2**20:.0f} MiB"


@contextmanager
def _application(database: Database, home: Path) -> Iterator[object]:
    settings, outbox = Settings(home=home, config_dir=_CONFIG), StoredOutbox(database, lambda: NOW)
    built = registry.build(settings, outbox)
    context = WebContext(
        settings, load_business(_CONFIG), database, Vault(home / "vault"), outbox, built, InboxWriter(database),
        _Nobody(), lambda: NOW,
    )  # fmt: skip
    yield create_app(context)


class _Nobody:
    """Start no runs: the pages only read."""

    async def start(self, deployment: str, parameters: dict[str, str], key: str) -> str:
        """Raise: nothing here asks for a run."""
        message = f"the bench asked for a run of {deployment} ({parameters}, {key})"
        raise RuntimeError(message)


def _asked(browser: TestClient, who: str, page: tuple[str, str], times: int) -> bool:
    title, address = page
    first = browser.get(address)
    if first.status_code != 200:
        print(f"  {who:26} {title:42} left out: it answers {first.status_code}", flush=True)
        return False
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        browser.get(address)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    p50, p95 = (percentile(walls, share) * 1000 for share in (0.5, 0.95))
    slow = p95 > TARGET * 1000
    mark = "  <-- over 300 ms" if slow else ""
    cpu = percentile(cpus, 0.5) * 1000
    print(f"  {who:26} {title:42} p50 {p50:6.0f} ms  p95 {p95:6.0f} ms  CPU {cpu:6.0f} ms{mark}", flush=True)
    return slow


if __name__ == "__main__":
    os.nice(5)
    raise SystemExit(main())
