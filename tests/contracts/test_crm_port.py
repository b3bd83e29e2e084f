"""Every CRM connector keeps the same promises: one key, one object, whatever happens on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from connectors.console.crm import ConsoleCrm
from domain.deals import Stage
from domain.errors import AftersignError, Permanent, Transient
from domain.ports import Attachment, ClosedWon, Crm, CrmTask, DealQuery, RenewalDates
from store.database import Database
from store.outbox import StoredOutbox
from tests.conftest import Clock
from tests.contracts import fake_hubspot, fake_salesforce
from tests.contracts.conftest import Start
from tests.contracts.fake_hubspot import FakeHubSpot
from tests.contracts.fake_salesforce import FakeSalesforce
from tests.contracts.server import ContractServer, Fault

DUE = datetime(2026, 11, 24, 9, tzinfo=UTC)
PAPER = Attachment("Order form.pdf", "application/pdf", b"%PDF-1.7", "Signed: Order form")
KEY = "vela-1:crm:x"
LOST_ANSWERS = [Fault.BROKEN_AFTER, Fault.DROPPED_AFTER, Fault.TRUNCATED]
NOTHING_DONE = [Fault.UNAVAILABLE, Fault.BROKEN, Fault.DROPPED, Fault.HTML, Fault.HTML_ERROR]


@dataclass
class System:
    """Hold a connector, its deal, how much its CRM holds, and how the CRM is made to go wrong."""

    crm: Crm
    deal: str
    tasks: Callable[[], int]
    files: Callable[[], int]
    closings: Callable[[], int]
    lose: Callable[[], None]
    server: ContractServer | None = None
    make_task: str = ""
    make_file: str = ""
    forbid: Callable[[], None] | None = None

    @property
    def task(self) -> CrmTask:
        """Return a task on the deal."""
        return CrmTask(self.deal, "lea@lumora.example", "First contact: Vela", "Introduce yourself", DUE)

    @property
    def won(self) -> ClosedWon:
        """Return what is written when the paper is signed."""
        return ClosedWon(self.deal, "c-1", "0" * 64, "https://handoff.example/d", date(2026, 11, 23))

    def wire(self) -> ContractServer:
        """Return the vendor's side of the wire."""
        assert self.server is not None
        return self.server


@pytest.fixture
def console(sqlite_template: Path, tmp_path: Path, clock: Clock) -> Iterator[System]:
    path = tmp_path / "console.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    outbox = StoredOutbox(database, clock)
    deal = {"id": "D-1", "name": "Vela", "stage": "open", "account": {"id": "A", "legal_name": "Vela Optics Ltd"}}
    outbox.put("crm", "deal", "D-1", deal)

    def closings() -> int:
        row = outbox.get("crm", "deal", "D-1")
        return int(row is not None and row["stage"] == "closed_won")

    yield System(
        ConsoleCrm(outbox, "https://handoff.example"),
        "D-1",
        lambda: len(outbox.find("crm", "task")),
        lambda: len(outbox.find("crm", "file")),
        closings,
        lambda: outbox.put("crm", "deal", "D-1", {**deal, "stage": "closed_lost"}) and None,
    )
    database.close()


@pytest.fixture
def salesforce(contract: Start) -> System:
    fake = FakeSalesforce(contract("salesforce"))

    def forbid() -> None:
        fake.refusal = {
            "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "message": "Region is mandatory",
            "fields": ["Region__c"],
        }

    return System(
        fake.crm(),
        fake_salesforce.DEAL,
        lambda: len(fake.data["Task"]),
        lambda: len(fake.data["ContentVersion"]),
        lambda: sum("StageName" in values for _, values in fake.writes),
        lambda: fake.data["Opportunity"][0].update(IsClosed=True),
        fake.server,
        fake_salesforce.TASK,
        fake_salesforce.ATTACH,
        forbid,
    )


@pytest.fixture
def hubspot(contract: Start) -> System:
    fake = FakeHubSpot(contract("hubspot"))
    return System(
        fake.crm(),
        fake_hubspot.DEAL,
        fake.count_tasks,
        fake.count_files,
        fake.count_closings,
        fake.lose,
        fake.server,
        fake_hubspot.TASK,
        fake_hubspot.ATTACH,
        fake.forbid,
    )


@pytest.fixture(params=["console", "salesforce", "hubspot"])
def system(request: pytest.FixtureRequest) -> System:
    made: System = request.getfixturevalue(request.param)
    return made


@pytest.fixture(params=["salesforce", "hubspot"])
def vendor(request: pytest.FixtureRequest) -> System:
    """Return a system that has a wire to go wrong."""
    made: System = request.getfixturevalue(request.param)
    return made


class TestEveryCrm:
    def test_reads_the_deal_by_its_id_and_by_its_customer(self, system: System) -> None:
        by_id = system.crm.find_deal(DealQuery(deal_id=system.deal))
        by_name = system.crm.find_deal(DealQuery(customer="Vela Optics Ltd"))
        assert by_id is not None
        assert (by_id.id, by_id.stage) == (system.deal, Stage.OPEN)
        assert by_id.account.legal_name.startswith("Vela Optics")
        assert by_name == by_id
        assert system.crm.find_deal(DealQuery(customer="Somebody else")) is None

    def test_leaves_one_task_under_one_key(self, system: System) -> None:
        assert system.crm.find_task(KEY) is None
        first, again = system.crm.create_task(system.task, key=KEY), system.crm.create_task(system.task, key=KEY)
        found = system.crm.find_task(KEY)
        assert found is not None
        assert first.id == again.id == found.id
        assert system.tasks() == 1

    def test_keeps_keys_apart(self, system: System) -> None:
        system.crm.create_task(system.task, key=KEY)
        assert system.crm.find_task("vela-1:crm:y") is None
        system.crm.create_task(system.task, key="vela-1:crm:y")
        assert system.tasks() == 2

    def test_leaves_one_file_under_one_key(self, system: System) -> None:
        assert system.crm.find_file(system.deal, KEY) is None
        for _ in range(2):
            if system.crm.find_file(system.deal, KEY) is None:
                system.crm.attach_file(system.deal, PAPER, key=KEY)
        assert system.files() == 1

    def test_closes_once_and_forward_only(self, system: System) -> None:
        system.crm.close_won(system.won, key=KEY)
        system.crm.close_won(replace(system.won, closed_on=date(2026, 12, 24)), key=KEY)
        assert system.closings() == 1
        deal = system.crm.find_deal(DealQuery(deal_id=system.deal))
        assert deal is not None
        assert deal.stage is Stage.WON

    def test_never_reopens_a_lost_deal(self, system: System) -> None:
        system.lose()
        with pytest.raises(Permanent, match=r"lost|reopen"):
            system.crm.close_won(system.won, key=KEY)
        assert system.closings() == 0

    def test_takes_renewal_dates_twice(self, system: System) -> None:
        dates = RenewalDates(system.deal, "c-1", ends_on=date(2028, 9, 29), auto_renews=True)
        system.crm.write_renewal(dates, key=KEY)
        assert system.crm.write_renewal(dates, key=KEY).id == system.deal

    def test_takes_answers_twice(self, system: System) -> None:
        answers = {"primary_goal": "See churn early"}
        system.crm.write_answers(system.deal, answers, key=KEY)
        assert system.crm.write_answers(system.deal, answers, key=KEY).id == system.deal

    def test_makes_one_task_for_two_callers_at_once(self, system: System) -> None:
        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(lambda _: system.crm.create_task(system.task, key=KEY).id, range(2)))
        assert made[0] == made[1]
        assert system.tasks() == 1

    def test_tells_the_doctor_about_its_account(self, system: System) -> None:
        assert system.crm.check().detail  # type: ignore[attr-defined]


class TestEveryVendorInTrouble:
    @pytest.mark.parametrize("fault", LOST_ANSWERS)
    def test_that_made_the_task_and_lost_the_answer_ends_with_one(self, vendor: System, fault: Fault) -> None:
        vendor.wire().fault(vendor.make_task, fault)
        self.until_done(lambda: vendor.crm.find_task(KEY), lambda: vendor.crm.create_task(vendor.task, key=KEY))
        assert vendor.tasks() == 1

    @pytest.mark.parametrize("fault", LOST_ANSWERS)
    def test_that_took_the_file_and_lost_the_answer_ends_with_one(self, vendor: System, fault: Fault) -> None:
        vendor.wire().fault(vendor.make_file, fault)
        self.until_done(
            lambda: vendor.crm.find_file(vendor.deal, KEY),
            lambda: vendor.crm.attach_file(vendor.deal, PAPER, key=KEY),
        )
        assert vendor.files() == 1

    @pytest.mark.parametrize("fault", NOTHING_DONE)
    def test_that_did_nothing_says_that_waiting_helps(self, vendor: System, fault: Fault) -> None:
        vendor.wire().fault(vendor.make_task, fault)
        with pytest.raises(Transient):
            vendor.crm.create_task(vendor.task, key=KEY)
        assert vendor.tasks() == 0
        vendor.crm.create_task(vendor.task, key=KEY)
        assert vendor.tasks() == 1

    def test_that_throttles_is_asked_again(self, vendor: System) -> None:
        vendor.wire().fault(vendor.make_task, Fault.THROTTLED_SECONDS)
        vendor.crm.create_task(vendor.task, key=KEY)
        assert vendor.tasks() == 1

    def test_whose_administrator_made_a_field_mandatory_names_it(self, vendor: System) -> None:
        vendor.wire()
        assert vendor.forbid is not None
        vendor.forbid()
        with pytest.raises(Permanent) as caught:
            vendor.crm.close_won(vendor.won, key=KEY)
        assert "region" in str(caught.value).casefold()
        assert caught.value.fix
        assert vendor.closings() == 0

    @staticmethod
    def until_done(find: Callable[[], object], make: Callable[[], object]) -> None:
        """Do what the ledger of effects does: find, then make, until it is there."""
        with pytest.raises(AftersignError):
            make()
        if find() is None:
            make()
