"""A whole machine as `aftersign up` runs it, with a local PandaDoc and a real SMTP server."""

from __future__ import annotations

import asyncio
import copy
import os
import shutil
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from cli.environment import apply_environment, prefect_auth
from cli.services import Services, free_port
from cli.setup import import_deals, prepare
from config.settings import settings
from samples.fake_pandadoc import FakePandaDoc, with_samples
from store.database import Database
from store.outbox import StoredOutbox
from store.tables import outbox
from web.dispatch import PrefectStarter

SAMPLES = Path(__file__).parents[2] / "samples"
MAIN = "NfpPcvrAaMf2JRNJhZe4km"
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Mailbox:
    """Keep what arrives, by Message-ID; `accepting` can be switched off."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.accepting = True

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if not self.accepting:
            return "451 4.3.0 down for maintenance"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"

    def to(self, handoff: str, address: str) -> list[Any]:
        return [mail for mail in self.mails if address in str(mail["To"]) and handoff]


@dataclass
class Machine:
    """Drive the product from outside: webhooks in, JSON out, Prefect's API for Retry."""

    fake: FakePandaDoc
    mailbox: Mailbox
    services: Services
    url: str
    auth: str
    prefect: str
    documents: dict[str, str] = field(default_factory=dict)

    def document(self, *, pdf: bytes | None = None, deal: bool = True, sample: str = MAIN, **details: Any) -> str:
        """Add a signed document with a deal of its own and return its id."""
        name = f"d{uuid.uuid4().hex[:20]}"
        body = copy.deepcopy(self.fake.details[sample])
        body.update(
            id=name, name=f"Order {name[:6]}", metadata={"deal_id": f"deal-{name}"} if deal else {}, linked_objects=[]
        )
        body.update(details)
        self.fake.add(name, pdf if pdf is not None else self.fake.files[sample], body)
        if deal:
            self.add_deal(name, sample)
        return name

    def add_deal(self, document: str, sample: str = MAIN) -> None:
        database = Database(settings().database)
        console = StoredOutbox(database, settings().now)
        row = next(row for _, row in console.find("crm", "deal") if row.get("document") == sample)
        console.put(
            "crm",
            "deal",
            f"deal-{document}",
            {**row, "id": f"deal-{document}", "document": document, "stage": "contract_sent"},
        )
        database.close()

    def sign(self, document: str, event: str = "document_state_changed", event_id: str = "") -> dict[str, Any]:
        return self.fake.deliver(f"{self.url}/webhooks/pandadoc", document, event, event_id)["events"][0]

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.url}{path}", trust_env=False, timeout=20).raise_for_status().json()

    def handoff_of(self, document: str) -> dict[str, Any] | None:
        found = self.get("/api/handoffs?limit=500")
        rows = found["items"] if isinstance(found, dict) else found
        row = next((row for row in rows if row["event"]["document"] == document), None)
        return self.get(f"/api/handoffs/{row['id']}") if row else None

    def wait(self, document: str, *states: str, seconds: float = 90, runs: int = 0) -> dict[str, Any]:
        """Wait until the handoff reaches a state."""
        wanted = states or ("complete", "incomplete")
        deadline = time.monotonic() + seconds
        found: dict[str, Any] | None = None
        while time.monotonic() < deadline:
            found = self.handoff_of(document)
            if found and found["state"] in wanted and (not runs or found.get("runs", runs) >= runs):
                return found
            time.sleep(0.2)
        steps = {**found["preparation"], **found["actions"]} if found else {}
        errors = {name: (step["state"], step["error"]) for name, step in steps.items() if step["state"] != "done"}
        pytest.fail(f"{document} did not become {wanted} but {found and found['state']}: {errors}")

    def objects(self, handoff: str) -> Counter[str]:
        """Count the console's objects of a handoff by role, kind and key."""
        rows = self.outbox(handoff)
        return Counter(f"{row['role']} {row['kind']} {row['key']}" for row in rows)

    def outbox(self, handoff: str) -> list[Any]:
        """Return the console's objects of a handoff."""
        database = Database(settings().database)
        with database.read() as connection:
            rows = connection.execute(select(outbox).where(outbox.c.key.startswith(f"{handoff}:"))).mappings().all()
        database.close()
        return list(rows)

    def run(self, run_id: str) -> dict[str, Any]:
        user, _, password = self.auth.partition(":")
        return (
            httpx.get(f"{self.prefect}/flow_runs/{run_id}", auth=(user, password), trust_env=False, timeout=20)
            .raise_for_status()
            .json()
        )

    def wait_run(self, run_id: str, *, count: int = 1, seconds: float = 90) -> dict[str, Any]:
        """Wait until a run has ended its n-th attempt."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            row = self.run(run_id)
            if row["state_type"] in ENDED and row["run_count"] >= count:
                return row
            time.sleep(0.2)
        pytest.fail(f"run {run_id} did not end: {self.run(run_id)['state']}")

    def retry(self, run_id: str) -> None:
        """Press Retry as Prefect's page does."""
        self._prefect(lambda starter: starter.retry(run_id))

    def start(self, deployment: str, parameters: dict[str, str] | None = None) -> str:
        return str(self._prefect(lambda starter: starter.start(deployment, parameters or {}, uuid.uuid4().hex)))

    def _prefect(self, work: Any) -> Any:
        async def run() -> Any:
            starter = PrefectStarter(settings())
            try:
                return await work(starter)
            finally:
                await starter.close()

        return asyncio.run(run())


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """Start everything once; every test brings documents of its own."""
    home = Path(tempfile.mkdtemp(prefix="aftersign-test-"))
    before = dict(os.environ)
    fake, mailbox = with_samples(), Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=free_port("127.0.0.1", 10250))
    smtp.start()
    os.environ.update(
        {
            "AFTERSIGN_HOME": str(home),
            "AFTERSIGN_CONFIG_DIR": str(SAMPLES.parent / "config"),
            "AFTERSIGN_WEB__PORT": str(free_port("127.0.0.1", 8600)),
            "AFTERSIGN_PREFECT__PORT": str(free_port("127.0.0.1", 8700)),
            "AFTERSIGN_ROLES__ESIGN": "pandadoc,console",
            "AFTERSIGN_ROLES__MAIL": "smtp",
            "AFTERSIGN_ROLES__BILLING": "files",
            "AFTERSIGN_FILES__INVOICES": str(home / "invoices"),
            "AFTERSIGN_FILES__CONTRACTS": str(home / "contracts"),
            "AFTERSIGN_SMTP__HOST": "127.0.0.1",
            "AFTERSIGN_SMTP__PORT": str(smtp.port),
            "AFTERSIGN_SMTP__SECURITY": "none",
            "AFTERSIGN_PANDADOC__BASE_URL": fake.start(),
            "AFTERSIGN_PANDADOC__API_KEY": fake.api_key,
            "AFTERSIGN_PANDADOC__WEBHOOK_KEYS": f"an-older-key,{fake.shared_key}",
            "AFTERSIGN_RETRIES__DELAYS": "0.2,0.5,1",
        }
    )
    for name in ("invoices", "contracts"):
        (home / name).mkdir()
    settings.cache_clear()
    current = settings()
    apply_environment(current)
    settings.cache_clear()
    current = settings()
    prepare(current)
    import_deals(current, SAMPLES / "crm.yaml")
    services = Services(current)
    try:
        services.start_all()
        yield Machine(fake, mailbox, services, current.public_url, prefect_auth(current), current.prefect_api)
    finally:
        services.stop()
        smtp.stop()
        fake.stop()
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()
        shutil.rmtree(home, ignore_errors=True)
