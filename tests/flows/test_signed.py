"""One signature, one complete handoff: through a real receiver, a real Prefect server and worker."""

from __future__ import annotations

import os
import signal
import time
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from email import policy
from email.parser import BytesParser
from pathlib import Path

import httpx
import pytest

from cli.runs import resolve
from config.settings import settings
from store import audit
from store.database import Database
from tests.flows.conftest import Machine

pytestmark = pytest.mark.prefect
SHARED = Path(os.environ.get("AFTERSIGN_SHARED", Path(__file__).parents[3] / "shared"))


def states(handoff: dict) -> dict[str, str]:
    return {name: step["state"] for name, step in {**handoff["preparation"], **handoff["actions"]}.items()}


class TestASignature:
    def test_leads_to_one_complete_handoff(self, machine: Machine) -> None:
        document = machine.document()
        assert machine.sign(document)["status"] == "accepted"
        found = machine.wait(document, "complete")
        assert set(states(found).values()) == {"done"}
        assert found["owner"] != found["backup"]
        assert {alert["stage"] for alert in found["alerts"]} == {180, 120, 90, 60, 30}
        assert found["gaps"] == []
        assert all(term["citation"]["quote"] for term in found["terms"])
        assert max(machine.objects(found["id"]).values()) == 1
        assert machine.wait_run(found["run_id"])["state_type"] == "COMPLETED"

    def test_sends_the_brief_and_the_welcome_mail_once(self, machine: Machine) -> None:
        document = machine.document()
        machine.sign(document)
        found = machine.wait(document, "complete")
        mine = [mail for mail in machine.mailbox.mails if found["id"] and _about(mail, found["id"])]
        subjects = sorted(str(mail["Subject"]).split(":")[0].split(",")[0] for mail in mine)
        assert subjects == ["Brief", "Welcome to Lumora"]
        assert len({mail["Message-ID"] for mail in mine}) == 2

    def test_keeps_names_and_terms_out_of_prefect(self, machine: Machine) -> None:
        document = machine.document()
        machine.sign(document)
        run = machine.run(machine.wait(document, "complete")["run_id"])
        assert set(run["parameters"]) == {"event_id"}
        assert "Harbourline" not in str(run["parameters"])


def _about(mail, handoff: str) -> bool:  # type: ignore[no-untyped-def]
    text = BytesParser(policy=policy.default).parsebytes(mail.as_bytes()).get_body(("plain",)).get_content()
    return urlsafe_b64encode(f'"{handoff}"'.encode()).decode().rstrip("=") in text


class TestADuplicate:
    def test_of_any_kind_makes_nothing_twice(self, machine: Machine) -> None:
        document = machine.document()
        with ThreadPoolExecutor(8) as pool:
            kinds = ["document_state_changed", "document_completed_pdf_ready"] * 10
            answers = list(pool.map(lambda kind: machine.sign(document, kind)["status"], kinds))
        assert sorted(answers) == ["accepted", *["duplicate"] * 19]
        found = machine.wait(document, "complete")
        assert max(machine.objects(found["id"]).values()) == 1
        assert found["event"]["deliveries"] == 20

    def test_run_of_the_same_handoff_repeats_nothing(self, machine: Machine) -> None:
        document = machine.document()
        machine.sign(document)
        found = machine.wait(document, "complete")
        before, mails = machine.objects(found["id"]), len(machine.mailbox.mails)
        run = machine.start("hand-off/aftersign", {"handoff_id": found["id"]})
        assert machine.wait_run(run)["state_type"] == "COMPLETED"
        assert machine.objects(found["id"]) == before
        assert len(machine.mailbox.mails) == mails


class TestRetry:
    def test_of_a_completed_run_repeats_nothing(self, machine: Machine) -> None:
        document = machine.document()
        machine.sign(document)
        found = machine.wait(document, "complete")
        machine.wait_run(found["run_id"])
        before, mails = machine.objects(found["id"]), len(machine.mailbox.mails)
        machine.retry(found["run_id"])
        assert machine.wait_run(found["run_id"], count=2)["state_type"] == "COMPLETED"
        assert machine.objects(found["id"]) == before
        assert len(machine.mailbox.mails) == mails

    def test_finishes_what_one_vendor_kept_from_finishing(self, machine: Machine) -> None:
        document = machine.document()
        machine.mailbox.accepting = False
        try:
            machine.sign(document)
            found = machine.wait(document, "incomplete")
        finally:
            machine.mailbox.accepting = True
        assert states(found) | {"brief": "", "welcome": ""} == dict.fromkeys(states(found), "done") | {
            "brief": "",
            "welcome": "",
        }
        assert found["actions"]["brief"]["state"] == "waiting"
        run = machine.wait_run(found["run_id"])
        assert run["state_type"] == "FAILED"
        assert "451" in run["state"]["message"]
        assert "press Retry" in run["state"]["message"]
        before = machine.objects(found["id"])
        machine.retry(found["run_id"])
        done = machine.wait(document, "complete")
        after = machine.objects(done["id"])
        assert before.items() <= after.items()
        assert max(after.values()) == 1
        assert done["actions"]["crm"]["attempts"] == found["actions"]["crm"]["attempts"]

    def test_finishes_a_handoff_whose_deal_was_missing(self, machine: Machine) -> None:
        document = machine.document(deal=False, sample="UCouGuPgFP3FpkP29xmcVu")
        machine.sign(document)
        found = machine.wait(document, "incomplete")
        assert found["actions"]["crm"]["state"] == "dead"
        assert "No deal" in found["actions"]["crm"]["error"]["what"]
        assert found["actions"]["crm"]["error"]["fix"]
        assert found["brief"]["version"] == 1
        assert found["gaps"]
        machine.wait_run(found["run_id"])
        machine.add_deal(document)
        machine.retry(found["run_id"])
        assert machine.wait(document, "complete")["actions"]["crm"]["state"] == "done"


class TestAProvider:
    def test_that_denies_the_completion_has_no_effect(self, machine: Machine) -> None:
        document = machine.document()
        body, signature = machine.fake.webhook(document)
        machine.fake.details[document]["status"] = "document.sent"
        answer = httpx.post(f"{machine.url}/webhooks/pandadoc?signature={signature}", content=body, trust_env=False)
        inbox_id = answer.json()["events"][0]["id"]
        row = _inbox(machine, inbox_id, "rejected")
        assert "document.sent" in row["reason"]
        assert machine.handoff_of(document) is None
        machine.fake.details[document]["status"] = "document.completed"
        assert machine.sign(document)["status"] == "accepted"
        machine.wait(document, "complete")

    def test_that_is_still_making_the_pdf_is_waited_for(self, machine: Machine) -> None:
        document = machine.document()
        machine.fake.pending[document] = 2
        machine.sign(document)
        found = machine.wait(document, "complete")
        assert found["preparation"]["store"]["attempts"] == 3

    def test_whose_webhook_never_came_is_found_by_the_sweep(self, machine: Machine) -> None:
        now = settings().now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        document = machine.document(date_completed=now)
        machine.wait_run(machine.start("sweep/aftersign"))
        machine.wait(document, "complete")

    def test_whose_signature_is_forged_is_refused(self, machine: Machine) -> None:
        document = machine.document()
        body, _ = machine.fake.webhook(document)
        answer = httpx.post(f"{machine.url}/webhooks/pandadoc?signature={'0' * 64}", content=body, trust_env=False)
        assert answer.status_code == 401
        assert machine.handoff_of(document) is None


def _inbox(machine: Machine, inbox_id: str, state: str) -> dict:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        row = next(row for row in machine.get("/api/webhooks")["entries"] if row["id"] == inbox_id)
        if row["state"] == state:
            return row
        time.sleep(0.2)
    pytest.fail(f"{inbox_id} is {row['state']}, not {state}")


class TestAPaper:
    @pytest.mark.parametrize(
        "pdf", [b"", b"%PDF-1.7 broken", b"<html>not a pdf</html>"], ids=["empty", "corrupt", "html"]
    )
    def test_that_cannot_be_read_still_gets_its_handoff_with_gaps(self, machine: Machine, pdf: bytes) -> None:
        document = machine.document(pdf=pdf)
        machine.sign(document)
        found = machine.wait(document, "complete")
        assert found["terms"] == []
        assert any("cannot be read" in str(gap) for gap in found["gaps"])
        assert found["alerts"] == []
        assert found["document_sha256"]

    def test_from_the_real_world_goes_through_the_whole_flow(self, machine: Machine) -> None:
        folder = SHARED / "data" / "cuad" / "pdf"
        if not folder.exists():
            pytest.skip("the real contracts are not on this machine")
        pdf = next(folder.glob("Freecook_2018*.pdf")).read_bytes()
        document = machine.document(pdf=pdf)
        machine.sign(document)
        found = machine.wait(document, "complete")
        assert found["terms"]
        assert all(term["citation"]["quote"] for term in found["terms"])


class TestAnAnswer:
    def test_of_the_rep_makes_the_next_version_of_the_brief(self, machine: Machine) -> None:
        document = machine.document(deal=True, sample="ofjdh958x5RnD2Th9LtqAE")
        machine.sign(document)
        found = machine.wait(document, "complete")
        assert found["brief"]["version"] == 1
        gaps = [gap["key"] for gap in found["gaps"] if isinstance(gap, dict) and gap.get("key")]
        assert "economic_buyer" in gaps
        ask = next(row for row in machine.outbox(found["id"]) if row["key"].endswith(":brief:v1:chat:gaps"))
        url = ask["body"]["buttons"][0]["url"]
        page = httpx.get(url, trust_env=False)
        assert page.status_code == 200
        assert "budget" in page.text
        answer = httpx.post(url, data={"economic_buyer": "Ottilie Vane <ottilie@corvidlathe.example>"}, trust_env=False)
        assert answer.status_code in {200, 303}
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and machine.handoff_of(document)["brief"]["version"] < 2:
            time.sleep(0.3)
        after = machine.handoff_of(document)
        assert after["brief"]["version"] == 2
        assert "economic_buyer" not in [gap.get("key") for gap in after["gaps"] if isinstance(gap, dict)]


class TestKillingTheWorker:
    @pytest.mark.parametrize("pause", [0.4, 1.2])
    def test_in_the_middle_of_a_handoff_repeats_nothing(self, machine: Machine, pause: float) -> None:
        kill_and_check(machine, pause)


@pytest.mark.nightly
class TestKillingTheWorkerAtAnyMoment:
    @pytest.mark.parametrize("pause", [round(0.1 + 0.12 * step, 2) for step in range(24)])
    def test_repeats_nothing(self, machine: Machine, pause: float) -> None:
        kill_and_check(machine, pause)

    @pytest.mark.parametrize("pause", [round(0.2 + 0.25 * step, 2) for step in range(8)])
    def test_and_pressing_retry_at_once_repeats_nothing(self, machine: Machine, pause: float) -> None:
        kill_and_check(machine, pause, retry=True)


def kill_and_check(machine: Machine, pause: float, *, retry: bool = False) -> None:
    """Kill the worker so long after the signature, start another, and count every object."""
    document = machine.document()
    machine.sign(document)
    time.sleep(pause)
    os.kill(machine.services.running["worker"].pid, signal.SIGKILL)
    machine.services.running["worker"].wait()
    if retry and (found := machine.handoff_of(document)) and found["run_id"]:
        machine.retry(found["run_id"])
    machine.services.start("worker")
    deadline = time.monotonic() + 90
    found = machine.wait(document, "complete", "incomplete", seconds=150)
    while found["state"] == "incomplete" and not welcome_is_unknown(found) and time.monotonic() < deadline:
        time.sleep(0.5)
        found = machine.handoff_of(document) or found
    if welcome_is_unknown(found):
        settle_welcome(machine, found)
    found = machine.wait(document, "complete", seconds=150)
    assert max(machine.objects(found["id"]).values()) == 1
    mine = [mail for mail in machine.mailbox.mails if _about(mail, found["id"])]
    assert len({mail["Message-ID"] for mail in mine}) == 2
    assert len(welcomes(machine, found["id"])) == 1


def welcome_is_unknown(found: dict) -> bool:
    """Tell whether the kill hit the one thing that must never be repeated: the customer's mail."""
    steps = {**found["preparation"], **found["actions"]}
    missing = {name for name, step in steps.items() if step["state"] not in {"done", "skipped"}}
    return missing == {"welcome"} and "Nobody knows" in str((steps["welcome"]["error"] or {}).get("what"))


def settle_welcome(machine: Machine, found: dict) -> None:
    """Do what a person does then: look at the mail server, say whether it left, press Retry."""
    arrived = welcomes(machine, found["id"])
    assert len(arrived) <= 1
    assert resolve(f"{found['id']}:welcome:day-0", happened=bool(arrived), who="sofia.marin@lumora.example") == 0
    machine.start("hand-off/aftersign", {"handoff_id": found["id"]})


def welcomes(machine: Machine, handoff: str) -> list:
    """Return the customer's welcome mails of a handoff."""
    return [m for m in machine.mailbox.mails if _about(m, handoff) and str(m["Subject"]).startswith("Welcome")]


class TestThePrefectServer:
    def test_answers_nobody_without_the_password(self, machine: Machine) -> None:
        answer = httpx.post(f"{machine.prefect}/flow_runs/filter", json={}, trust_env=False)
        assert answer.status_code == 401

    def test_knows_every_deployment(self, machine: Machine) -> None:
        user, _, password = machine.auth.partition(":")
        rows = httpx.post(
            f"{machine.prefect}/deployments/filter", json={}, auth=(user, password), trust_env=False
        ).json()
        names = {row["entrypoint"] for row in rows}
        assert {"flows.contract_signed.contract_signed", "flows.hand_off.hand_off", "flows.sweep.sweep"} <= names
        assert all(row["description"] for row in rows)


class TestTheAuditTrail:
    def test_holds_after_all_that(self, machine: Machine) -> None:
        count, _, broken = audit.verify(Database(settings().database))
        assert broken is None
        assert count > 100
