"""A house with people, real papers and a browser that looks as one of them."""

from __future__ import annotations

from dataclasses import replace

from fastapi.testclient import TestClient
from sqlalchemy import insert

from connectors import registry
from domain.access import Rule
from store import contracts
from store import tables as t
from store.inbox import InboxWriter
from store.outbox import StoredOutbox
from tests.tasks.office import Office
from tests.web.conftest import BROWSER, FakeStarter
from tests.web.seed import URL
from web.app import create_app
from web.context import WebContext
from web.viewer import AS


def looking(office: Office, who: str) -> TestClient:
    """Return the browser of a colleague."""
    web = web_of(office)
    return TestClient(create_app(web), base_url=URL, headers=BROWSER, cookies={AS: who})


def web_of(office: Office) -> WebContext:
    """Return what a web process of that office holds."""
    ctx, outbox = office.ctx, StoredOutbox(office.database, lambda: office.now)
    built = registry.build(office.settings, outbox)
    return WebContext(
        office.settings, office.business, office.database, ctx.vault, outbox, built, InboxWriter(office.database),
        FakeStarter(), lambda: office.now,
    )  # fmt: skip


def given_to(office: Office, contract: str, owner: str, backup: str) -> None:
    with office.database.write() as connection:
        contracts.change(connection, contract, owner_email=owner, backup_email=backup)


def given_rule(office: Office, rule: Rule) -> None:
    """Add a rule of access for everybody who looks from now on."""
    access = office.business.access
    office.business = replace(office.business, access=replace(access, rules=(*access.rules, rule)))


def handed_over(office: Office, identity: str, contract: str, customer: str) -> None:
    """Record the handoff of a contract, with a welcome sequence that is under way."""
    with office.database.write() as connection:
        connection.execute(insert(t.inbox).values(
            id=identity, source="pandadoc", event_id=identity, kind="x", state="done", body=b"", headers={},
            received_at=office.now, document=identity, handoff_id=identity,
        ))  # fmt: skip
        connection.execute(insert(t.handoffs).values(
            id=identity, inbox_id=identity, source="pandadoc", document=identity, signed={}, contract_id=contract,
            customer=customer, deal_id="", deal_type="new", csm_email="", csm_reason="", state="running",
            signed_at=office.now, accepted_at=office.now, runs=1,
        ))  # fmt: skip
        connection.execute(insert(t.sequences).values(
            handoff_id=identity, template="standard", recipient="ada@customer.example", contact_name="Ada Finch",
            state="active", created_at=office.now,
        ))  # fmt: skip
        mails = [
            {"handoff_id": identity, "key": key, "due_at": office.now, "state": "planned"} for key in ("day-0", "day-3")
        ]
        connection.execute(insert(t.welcome_mails), mails)
