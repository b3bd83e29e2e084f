"""Rows of three handoffs as the flows leave them: complete, waiting for a person, just begun."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from domain.handoff import Step
from store import audit
from store import tables as t
from store.vault import Vault

NOW = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)
DONE, DEAD, FRESH = (
    "harbourline-order-form-3f9c21",
    "meridian-freight-order-form-a81b04",
    "vela-optics-7d20ee",
)
URL = "http://127.0.0.1:8080"
PDF = b"%PDF-1.7 signed"
LEA = "lea.brandt@lumora.example"


def seed(connection: Connection, vault: Vault) -> None:
    """Insert everything."""
    sha, certificate = vault.put(PDF), vault.put(b"%PDF-1.7 certificate")
    _documents(connection, sha, certificate)
    for number, (identity, customer) in enumerate(
        ((DONE, "Harbourline Logistics Ltd"), (DEAD, "Meridian Freight GmbH"), (FRESH, "Vela Optics"))
    ):
        _inbox(connection, identity, number)
        if identity != FRESH:
            _contract(connection, identity, customer, sha, certificate)
        _handoff(connection, identity, customer, number)
        _steps(connection, identity)
    for identity, customer in ((DONE, "Harbourline Logistics Ltd"), (DEAD, "Meridian Freight GmbH")):
        _paper(connection, identity, sha)
        _brief(connection, identity, customer)
        _people(connection, identity)
    _strays(connection)
    _outbox(connection)
    audit.record(connection, NOW, "aftersign", "handoff.complete", DONE, missing=[])


def _documents(connection: Connection, sha: str, certificate: str) -> None:
    rows = [
        {"sha256": sha, "name": 'Harbourline "Ørder" form; 2026.pdf', "media_type": "application/pdf"},
        {"sha256": certificate, "name": "certificate.json", "media_type": "application/json"},
    ]
    connection.execute(
        insert(t.documents), [{**row, "size": 20, "stored_at": NOW, "problem_detail": ""} for row in rows]
    )
    connection.execute(insert(t.families).values(id="family", customer="x", customer_key="x", created_at=NOW))


def _inbox(connection: Connection, identity: str, number: int) -> None:
    connection.execute(
        insert(t.inbox).values(
            id=f"inbox-{number}",
            source="pandadoc",
            event_id=f"evt-{number}",
            kind="document_state_changed",
            business_key=f"pandadoc::{identity}",
            document=f"doc-{number}",
            state="done",
            body=b"{}",
            headers={},
            received_at=NOW - timedelta(hours=number),
            deliveries=number + 1,
            handoff_id=identity,
            run_id="run-0",
        )
    )


def _contract(connection: Connection, identity: str, customer: str, sha: str, certificate: str) -> None:
    connection.execute(
        insert(t.contracts).values(
            id=f"c-{identity}"[:36],
            family_id="family",
            source="pandadoc",
            source_document=identity,
            title=f"Order Form: {customer}",
            customer=customer,
            document_sha256=sha,
            certificate_sha256=certificate,
            signed_at=NOW - timedelta(seconds=90),
            reference={},
            created_at=NOW,
            signers=[{"name": "Ewan Blake", "email": "ewan@harbourline.example", "title": "CFO"}],
            owner_email="sofia.marin@lumora.example",
            backup_email="rafael.ortiz@lumora.example",
            ownership_reason="rule 'EMEA enterprise'; least loaded of one",
        )
    )


def _handoff(connection: Connection, identity: str, customer: str, number: int) -> None:
    complete = identity == DONE
    connection.execute(
        insert(t.handoffs).values(
            id=identity,
            inbox_id=f"inbox-{number}",
            source="pandadoc",
            document=f"doc-{number}",
            signed={},
            contract_id=None if identity == FRESH else f"c-{identity}"[:36],
            customer="" if identity == FRESH else customer,
            deal_id=f"D-100{number}",
            deal_type="new",
            csm_email="" if identity == FRESH else LEA,
            csm_reason="EMEA, least loaded",
            state={DONE: "complete", DEAD: "incomplete", FRESH: "running"}[identity],
            signed_at=NOW - timedelta(seconds=90),
            accepted_at=NOW - timedelta(hours=number, seconds=60),
            completed_at=NOW if complete else None,
            run_id="3b2f6a0e-1111-4222-8333-444455556666",
            runs=1,
        )
    )


def _steps(connection: Connection, identity: str) -> None:
    for index, step in enumerate(Step):
        state = "done" if identity != FRESH or index == 0 else "running" if index == 1 else "pending"
        error, url, detail = None, "", ""
        if identity == DEAD and step is Step.PROJECT:
            state = "dead"
            error = {
                "what": "There is no onboarding template 'enterprise-plus'",
                "why": "the playbook names it, but config/onboarding/enterprise-plus.yaml does not exist",
                "fix": "create that file or name one of: enterprise, standard",
            }
        if identity == DEAD and step is Step.WELCOME:
            state, detail = "skipped", "the playbook sends no welcome mails for this deal"
        if state == "done" and step is Step.CRM:
            url, detail = f"{URL}/outbox/crm/D-1000", "set to closed-won"
        connection.execute(
            insert(t.steps).values(
                handoff_id=identity,
                step=step,
                state=state,
                error=error,
                url=url,
                detail=detail,
                attempts=0 if state == "pending" else 1,
                started_at=None if state == "pending" else NOW - timedelta(seconds=40 - index),
                finished_at=NOW - timedelta(seconds=30 - index) if state in {"done", "skipped"} else None,
            )
        )


def _paper(connection: Connection, identity: str, sha: str) -> None:
    contract = f"c-{identity}"[:36]

    def cite(page: int, quote: str) -> dict[str, Any]:
        return {"sha256": sha, "page": page, "start": 10, "end": 10 + len(quote), "quote": quote}

    terms = (
        ("effective_date", "2026-12-01", "This Order Form is effective as of 1 December 2026"),
        ("initial_term", "P24M", "an initial term of twenty-four (24) months"),
        ("total_value", "144000.00 EUR", "Total contract value: EUR 144,000.00"),
        (
            "notice_period",
            "P90D",
            "unless either party gives written notice at least ninety (90) days before the end",
        ),
        ("renewal_type", "auto", "shall renew automatically for successive periods"),
    )
    for field, value, quote in terms:
        connection.execute(
            insert(t.terms).values(
                contract_id=contract,
                field=field,
                value=value,
                rule=f"{field}.v1",
                citation=cite(2, quote),
                verified=True,
            )
        )
    connection.execute(
        insert(t.lines).values(
            contract_id=contract,
            product="Lumora Platform, Enterprise",
            quantity="120",
            unit_price="50.00 EUR",
            total="72000.00 EUR",
            citation=cite(1, "Lumora Platform, Enterprise 120 50.00 72,000.00"),
        )
    )
    connection.execute(
        insert(t.parties).values(
            contract_id=contract,
            name="Harbourline Logistics Ltd",
            role="customer",
            citation=cite(1, "Harbourline"),
        )
    )
    connection.execute(
        insert(t.gaps).values(contract_id=contract, field="escalation_cap", why="no sentence names a price increase")
    )
    for stage in (120, 90, 60, 30):
        connection.execute(
            insert(t.alerts).values(
                id=f"{stage}-{identity}"[:36],
                contract_id=contract,
                deadline_version="v1",
                stage=stage,
                state="planned",
                recipient="sofia.marin@lumora.example",
                due_on=date(2028, 9, 1) - timedelta(days=stage),
                act_by=date(2028, 8, 18),
                explanation=["The term ends on 30 November 2028.", "Notice takes 90 days."],
            )
        )


def brief_body(customer: str, version: int) -> dict[str, Any]:
    """Return a brief's body as the tasks write it, with prices and an internal note in it."""

    def line(key: str, label: str, value: str, source: str = "CRM deal D-1000") -> dict[str, Any]:
        return {"key": key, "label": label, "value": value, "source": source, "updated": "2026-11-02"}

    return {
        "customer": customer,
        "version": version,
        "completeness": 0.8,
        "answered": 6,
        "sections": [
            {
                "question": "Who are they?",
                "answers": [
                    line("industry", "Industry", "Freight forwarding"),
                    line("region", "Region", "EMEA"),
                ],
            },
            {
                "question": "What did they buy?",
                "answers": [
                    line(
                        "product",
                        "Product",
                        "120 × Lumora Platform, Enterprise at EUR 50.00",
                        "contract, page 1",
                    ),
                    line("total_value", "Total value", "EUR 144,000.00", "contract, page 2"),
                ],
            },
            {
                "question": "Who do we talk to?",
                "answers": [line("day_to_day", "Day-to-day contact", "Ada Finch, Ops lead <ada@harbourline.example>")],
            },
            {
                "question": "How complex is it?",
                "answers": [
                    line("integrations", "Integrations", "SAP TM, Salesforce"),
                    line("risks", "Risks and sensitivities", "Their CFO dislikes us"),
                ],
            },
            {
                "question": "What does success mean to them?",
                "answers": [line("primary_goal", "Primary goal", "Cut booking time by half")],
            },
            {"question": "What was promised?", "answers": []},
        ],
        "gaps": [
            {
                "question": "What does success mean to them?",
                "key": "success_metric",
                "label": "How they measure it",
                "ask": "Which number will tell them it worked?",
            },
            {
                "question": "Who do we talk to?",
                "key": "economic_buyer",
                "label": "Economic buyer",
                "ask": "Who holds the budget? (name and e-mail)",
            },
        ],
        "differences": [{"field": "amount", "paper": "EUR 144,000.00", "deal": "EUR 140,000.00"}],
        "changes": [{"label": "Integrations", "before": "SAP TM", "after": "SAP TM, Salesforce"}]
        if version > 1
        else [],
    }


def _brief(connection: Connection, identity: str, customer: str) -> None:
    for version in (1, 2):
        connection.execute(
            insert(t.briefs).values(
                handoff_id=identity,
                version=version,
                content_hash=str(version),
                body=brief_body(customer, version),
                changes=[],
                markdown="",
                html="",
                text="",
                completeness=0.8,
                created_at=NOW,
            )
        )


def _people(connection: Connection, identity: str) -> None:
    connection.execute(
        insert(t.first_touches).values(
            handoff_id=identity,
            csm_email=LEA,
            instruction="Call Ada Finch about cutting booking time by half",
            due_at=NOW + timedelta(hours=20),
            created_at=NOW,
            state="open",
        )
    )
    connection.execute(
        insert(t.sequences).values(
            handoff_id=identity,
            template="standard",
            recipient="ada@harbourline.example",
            contact_name="Ada Finch",
            state="active",
            created_at=NOW,
        )
    )
    for day, state in ((0, "sent"), (3, "planned"), (7, "planned")):
        connection.execute(
            insert(t.welcome_mails).values(
                handoff_id=identity,
                key=f"day-{day}",
                due_at=NOW + timedelta(days=day),
                state=state,
                sent_at=NOW if state == "sent" else None,
            )
        )
    for role, name in (("crm", "close-won"), ("mail", "brief:v1:mail"), ("chat", "first-touch:dm")):
        connection.execute(
            insert(t.effects).values(
                key=f"{identity}:{name}",
                handoff_id=identity,
                role=role,
                state="applied",
                reference="1",
                request_hash="h",
                attempts=1,
                intended_at=NOW,
                applied_at=NOW,
                url=f"{URL}/outbox/1",
            )
        )


def _strays(connection: Connection) -> None:
    rows = (
        ("stray", "received", "doc-9", "document_state_changed"),
        ("odd", "unknown", "", "template_exploded"),
    )
    for identity, state, document, kind in rows:
        connection.execute(
            insert(t.inbox).values(
                id=identity,
                source="pandadoc",
                event_id=f"evt-{identity}",
                kind=kind,
                document=document,
                state=state,
                body=b"{}",
                headers={},
                received_at=NOW - timedelta(hours=5),
            )
        )
    for kind, verdict, count in (("document_state_changed", "accepted", 4), ("signature", "forged", 17)):
        connection.execute(
            insert(t.counters).values(source="pandadoc", kind=kind, verdict=verdict, count=count, last_at=NOW)
        )


def _outbox(connection: Connection) -> None:
    message = {
        "to": LEA,
        "text": "First contact with Harbourline Logistics Ltd is due Tuesday 24 November, 11:10",
        "title": "New customer: Harbourline Logistics Ltd",
        "fields": [
            ["Do first", "Call Ada Finch"],
            ["Due", "Tuesday 24 November, 11:10"],
            ["Value", "EUR 144,000.00"],
            ["Type", "new"],
        ],
        "sections": ["Goal: *cut booking time by half*"],
        "context": f"Buttons not working? {URL}/t/touch/token",
        "buttons": [
            {
                "action": "contacted",
                "label": "Mark first contact done",
                "value": DONE,
                "url": "",
                "primary": True,
            },
            {
                "action": "open",
                "label": "Open brief",
                "value": "",
                "url": f"{URL}/t/brief/token",
                "primary": False,
            },
            {"action": "reassign", "label": "Reassign", "value": DONE, "url": "", "primary": False},
            {"action": "snooze", "label": "Snooze", "value": DONE, "url": "", "primary": False},
            {"action": "evil", "label": "Evil", "value": "", "url": "javascript:alert(1)", "primary": False},
        ],
    }
    mail = {
        "to": ["ada@harbourline.example"],
        "cc": [],
        "sender": "",
        "reply_to": LEA,
        "subject": "Welcome to Lumora, Harbourline",
        "text": f"Hello Ada,\n\nplease fill in\n{URL}/t/intake/token\n\n<script>alert(1)</script>",
        "html": '<p style="color:red">Hello Ada</p><script>alert(1)</script>',
        "attachments": [],
    }
    deal = {
        "id": "D-1000",
        "name": "Harbourline platform",
        "stage": "closed_won",
        "amount": "140000.00 EUR",
        "account": {"legal_name": "Harbourline Logistics Ltd"},
        "owner": {"name": "Amara Okafor"},
        "closed_on": "2026-11-23",
    }
    task = {
        "deal_id": "D-1000",
        "owner": LEA,
        "subject": "First contact: Harbourline",
        "body": "Call",
        "due": NOW.isoformat(),
    }
    project = {
        "name": "Onboarding Harbourline",
        "template": "standard",
        "owner": LEA,
        "start": "2026-11-24",
        "links": {},
    }
    rows = (
        ("chat", "message", f"{DONE}:first-touch:dm", message),
        ("mail", "mail", f"{DONE}:welcome:day-0", mail),
        ("crm", "deal", "D-1000", deal),
        ("crm", "task", f"{DONE}:first-touch:crm-task", task),
        ("work", "project", f"{DONE}:project", project),
    )
    for role, kind, key, body in rows:
        connection.execute(
            insert(t.outbox).values(role=role, kind=kind, key=key, body=body, created_at=NOW, updated_at=NOW)
        )
