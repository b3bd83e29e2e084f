"""Salesforce by its own contract: deals read whole, writes that say only what must change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors import http
from connectors.salesforce.auth import jwt_bearer
from connectors.salesforce.client import literal
from domain.deals import Role, Stage
from domain.errors import ConfigurationError, Permanent, Transient
from domain.money import Money
from domain.ports import Attachment, ClosedWon, CrmTask, DealQuery, RenewalDates
from tests.contracts.conftest import Start
from tests.contracts.fake_salesforce import ATTACH, CLOSE, DEAL, MAPPING, QUERY, TASK, TOKEN, FakeSalesforce, refused
from tests.contracts.server import Fault

WON = ClosedWon(DEAL, "c-1", "0" * 64, "https://handoff.example/d", date(2026, 11, 23), "differs in amount")
DUE = datetime(2026, 11, 24, 9, tzinfo=UTC)
TASK_OF_LEA = CrmTask(DEAL, "lea@lumora.example", "First contact: Vela", "Introduce yourself", DUE)
PAPER = Attachment("Order form.pdf", "application/pdf", b"%PDF-1.7", "Signed: Order form")
DATES = RenewalDates(DEAL, "c-1", ends_on=date(2028, 9, 29), notice_deadline=date(2028, 7, 31), auto_renews=True)


@pytest.fixture
def fake(contract: Start) -> FakeSalesforce:
    return FakeSalesforce(contract("salesforce"))


class TestADeal:
    def test_is_read_with_everybody_and_everything_around_it(self, fake: FakeSalesforce) -> None:
        deal = fake.crm().find_deal(DealQuery(deal_id=DEAL))
        assert deal is not None
        assert (deal.name, deal.stage, deal.type) == ("Vela: Insight", Stage.OPEN, "new")
        assert deal.amount == Money(Decimal("96000.5"), "EUR")
        assert (deal.rep_name, deal.rep_email) == ("Rafael Ortiz", "rafael.ortiz@lumora.example")
        assert (deal.account.legal_name, deal.account.tier, deal.account.industry) == (
            "Vela Optics Ltd",
            "enterprise",
            "Optics",
        )
        assert [(c.name, c.roles) for c in deal.contacts] == [("Dee Poe", (Role.ECONOMIC_BUYER, Role.CHAMPION))]
        assert [(line.product, line.quantity, line.unit_price) for line in deal.lines] == [
            ("Insight", Decimal(25), Money(Decimal("320.01"), "EUR"))
        ]
        fact = deal.facts["primary_goal"]
        assert (fact.value, fact.source, fact.updated) == ("See churn early", "Salesforce Goal__c", date(2026, 11, 20))
        assert [promise.text for promise in deal.promises] == ["Onboarding in June", "A named engineer"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (DealQuery(document="doc-1"), True),
            (DealQuery(customer="VELA Optics"), True),
            (DealQuery(customer="Nobody"), False),
            (DealQuery(deal_id="006000000000009AAA", customer="Vela Optics"), False),
            (DealQuery(deal_id="' OR Name != '"), False),
            (DealQuery(document="x' OR Name != '"), False),
            (DealQuery(customer="O'Hara \\ %"), False),
            (DealQuery(), False),
        ],
    )
    def test_is_found_only_without_doubt(self, fake: FakeSalesforce, query: DealQuery, found: bool) -> None:
        assert (fake.crm().find_deal(query) is not None) == found

    @pytest.mark.parametrize("months", ["two years", 1.5])
    def test_whose_term_is_no_number_of_months_names_the_field(self, fake: FakeSalesforce, months: object) -> None:
        fake.data["Opportunity"][0]["Months__c"] = months
        with pytest.raises(Permanent, match="term_months_field"):
            fake.crm(replace(MAPPING, term_months_field="Months__c")).find_deal(DealQuery(deal_id=DEAL))

    def test_of_a_name_with_an_apostrophe_is_found(self, fake: FakeSalesforce) -> None:
        fake.data["Account"][0]["Name"] = "O'Hara Ltd"
        assert fake.crm().find_deal(DealQuery(customer="O'Hara Limited")) is not None
        fake.data["Account"].append({**fake.data["Account"][0], "Id": "001000000000002AAA", "Name": "OHara"})
        assert fake.crm().find_deal(DealQuery(customer="O'Hara Limited")) is None

    def test_is_not_guessed_among_two(self, fake: FakeSalesforce) -> None:
        second = {**fake.data["Opportunity"][0], "Id": "006000000000002AAA"}
        fake.data["Opportunity"].append(second)
        assert fake.crm().find_deal(DealQuery(customer="Vela Optics")) is None
        assert fake.crm().find_deal(DealQuery(document="doc-1")) is None

    def test_has_no_amount_where_nobody_says_the_currency(self, fake: FakeSalesforce) -> None:
        deal = fake.crm(replace(MAPPING, currency="")).find_deal(DealQuery(deal_id=DEAL))
        assert deal is not None
        assert (deal.amount, deal.lines[0].unit_price) == (None, None)

    def test_with_a_mapped_field_that_does_not_exist_names_the_file(self, fake: FakeSalesforce) -> None:
        with pytest.raises(Permanent, match="Nope__c") as caught:
            fake.crm(replace(MAPPING, facts={"primary_goal": "Nope__c"})).find_deal(DealQuery(deal_id=DEAL))
        assert "config/crm.yaml" in caught.value.fix

    @pytest.mark.parametrize("text", ["a'b", "a\\b", "a\nb", "\\' OR 1=1", "ü"])
    def test_is_asked_for_with_a_literal_nobody_breaks_out_of(self, text: str) -> None:
        made = literal(text)
        assert (made[0], made[-1]) == ("'", "'")
        inner = made[1:-1].replace("\\\\", "").replace("\\'", "")
        assert "'" not in inner
        assert "\n" not in inner


class TestClosing:
    def test_sets_stage_and_day_and_nothing_else(self, fake: FakeSalesforce) -> None:
        fake.crm().close_won(WON, key="k")
        assert fake.writes == [("Opportunity", {"StageName": "Closed Won", "CloseDate": "2026-11-23"})]

    def test_of_a_won_deal_writes_nothing(self, fake: FakeSalesforce) -> None:
        crm = fake.crm()
        crm.close_won(WON, key="k")
        crm.close_won(replace(WON, closed_on=date(2026, 12, 24)), key="k")
        assert len(fake.server.calls(CLOSE)) == 1

    def test_of_a_lost_deal_is_a_persons_business(self, fake: FakeSalesforce) -> None:
        fake.data["Opportunity"][0].update(IsClosed=True, StageName="Closed Lost")
        with pytest.raises(Permanent, match="reopen the opportunity"):
            fake.crm().close_won(WON, key="k")
        assert fake.writes == []

    def test_takes_the_orgs_own_won_stage(self, fake: FakeSalesforce) -> None:
        fake.data["OpportunityStage"][0]["ApiName"] = "Gewonnen"
        fake.crm().close_won(WON, key="k")
        assert fake.writes[0][1]["StageName"] == "Gewonnen"

    @pytest.mark.parametrize(
        ("code", "kind", "fix"),
        [
            ("FIELD_CUSTOM_VALIDATION_EXCEPTION", Permanent, "validation rule"),
            ("REQUIRED_FIELD_MISSING", Permanent, "fill Region__c"),
            ("INSUFFICIENT_ACCESS_OR_READONLY", Permanent, "edit access"),
            ("ENTITY_IS_LOCKED", Permanent, "approval"),
            ("SOMETHING_NEW", Permanent, "documentation"),
            ("UNABLE_TO_LOCK_ROW", Transient, ""),
        ],
    )
    def test_that_an_administrators_rule_forbids_names_field_and_fix(
        self, fake: FakeSalesforce, code: str, kind: type[Exception], fix: str
    ) -> None:
        fake.refusal = {"errorCode": code, "message": "Region is mandatory", "fields": ["Region__c"]}
        with pytest.raises(kind) as caught:
            fake.crm().close_won(WON, key="k")
        if kind is Permanent:
            assert "Region is mandatory" in str(caught.value)
            assert "Region__c" in str(caught.value)
            assert fix in str(caught.value)
        assert fake.data["Opportunity"][0]["StageName"] == "Negotiation"

    def test_waits_when_the_days_requests_are_used_up(self, fake: FakeSalesforce) -> None:
        fake.server.on(CLOSE, lambda _: answer_403())
        with pytest.raises(Transient) as caught:
            fake.crm().close_won(WON, key="k")
        assert caught.value.retry_after == 900


class TestRenewalDates:
    def test_are_written_once_and_only_where_they_differ(self, fake: FakeSalesforce) -> None:
        crm = fake.crm()
        crm.write_renewal(DATES, key="k")
        crm.write_renewal(DATES, key="k")
        wanted = {"Ends__c": "2028-09-29", "Notice__c": "2028-07-31", "Auto__c": True}
        assert fake.writes == [("Opportunity", wanted)]
        crm.write_renewal(replace(DATES, notice_deadline=date(2028, 8, 1)), key="k")
        assert fake.writes[1:] == [("Opportunity", {"Notice__c": "2028-08-01"})]

    def test_that_are_equal_but_for_decimals_write_nothing(self, fake: FakeSalesforce) -> None:
        fake.data["Opportunity"][0]["Arr__c"] = 96000.5
        dates = RenewalDates(DEAL, "c-1", value=Money(Decimal("96000.50"), "EUR"))
        fake.crm(replace(MAPPING, renewal={"value": "Arr__c"})).write_renewal(dates, key="k")
        assert fake.writes == []

    def test_that_nobody_mapped_touch_nothing(self, fake: FakeSalesforce) -> None:
        fake.crm(replace(MAPPING, renewal={})).write_renewal(DATES, key="k")
        assert fake.server.valid == []


class TestAnswers:
    def test_fill_what_is_empty_and_leave_what_a_person_wrote(self, fake: FakeSalesforce) -> None:
        crm = fake.crm(replace(MAPPING, answers={"primary_goal": "Goal__c", "integrations": "Systems__c"}))
        fake.data["Opportunity"][0]["Systems__c"] = None
        answers = {"primary_goal": "Something else", "integrations": "SAP, Workday", "sso": "Okta"}
        crm.write_answers(DEAL, answers, key="k")
        crm.write_answers(DEAL, {**answers, "integrations": "NetSuite"}, key="k2")
        assert fake.writes == [("Opportunity", {"Systems__c": "SAP, Workday"})]

    def test_that_nobody_mapped_touch_nothing(self, fake: FakeSalesforce) -> None:
        fake.crm().write_answers(DEAL, {"primary_goal": "x"}, key="k")
        assert fake.server.valid == []

    def test_in_a_field_that_does_not_exist_is_told_by_the_doctor(self, fake: FakeSalesforce) -> None:
        health = fake.crm(replace(MAPPING, answers={"sso": "Sso__c"})).check()
        assert any("Sso__c" in line for line in health.missing)


class TestATask:
    def test_belongs_to_the_person_and_the_deal(self, fake: FakeSalesforce) -> None:
        made = fake.crm().create_task(TASK_OF_LEA, key="vela-1:first-touch:crm-task")
        sent = fake.data["Task"][0]
        assert (sent["OwnerId"], sent["WhatId"], sent["ActivityDate"]) == ("005000000000001AAA", DEAL, "2026-11-24")
        assert fake.crm().find_task("vela-1:first-touch:crm-task") == made

    def test_of_somebody_without_a_user_stays_with_the_integration(self, fake: FakeSalesforce) -> None:
        fake.crm().create_task(replace(TASK_OF_LEA, owner_email="gone@lumora.example"), key="k")
        assert "OwnerId" not in fake.data["Task"][0]

    def test_whose_key_is_not_unique_needs_a_person(self, fake: FakeSalesforce) -> None:
        fake.server.on(TASK, lambda _: several())
        with pytest.raises(Permanent, match="Several records") as caught:
            fake.crm().create_task(TASK_OF_LEA, key="k")
        assert "key_field" in caught.value.fix


class TestAFile:
    def test_is_attached_once_under_one_key(self, fake: FakeSalesforce) -> None:
        crm = fake.crm()
        first, again = crm.attach_file(DEAL, PAPER, key="k"), crm.attach_file(DEAL, PAPER, key="k")
        assert first == again == crm.find_file(DEAL, "k")
        assert len(fake.data["ContentVersion"]) == 1
        assert fake.data["ContentVersion"][0]["FirstPublishLocationId"] == DEAL

    def test_that_is_too_large_is_left_to_a_person(self, fake: FakeSalesforce) -> None:
        with pytest.raises(Permanent, match="too large"):
            fake.crm().attach_file(DEAL, replace(PAPER, content=b"x" * (36 * 2**20)), key="k")

    def test_that_does_not_fit_any_more_says_so(self, fake: FakeSalesforce) -> None:
        fake.server.on(ATTACH, lambda _: refused("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded"))
        with pytest.raises(Permanent, match="free file or data storage"):
            fake.crm().attach_file(DEAL, PAPER, key="k")


class TestACredential:
    def test_is_renewed_once_when_it_ran_out(self, fake: FakeSalesforce) -> None:
        fake.server.fault(QUERY, Fault.UNAUTHORIZED)
        assert fake.crm().find_deal(DealQuery(deal_id=DEAL)) is not None
        assert fake.tokens == 2

    def test_that_is_refused_names_the_settings(self, fake: FakeSalesforce) -> None:
        fake.server.on(TOKEN, lambda _: refused_grant())
        with pytest.raises(Permanent, match="invalid_client_id") as caught:
            fake.crm().find_deal(DealQuery(deal_id=DEAL))
        assert "AFTERSIGN_SALESFORCE__CLIENT_SECRET" in caught.value.fix

    def test_by_jwt_bearer_is_signed_for_the_right_audience(self, fake: FakeSalesforce) -> None:
        key = rsa.generate_private_key(65537, 2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        login = http.Endpoint("salesforce", fake.server.root, {}, http.client())
        now = datetime.now(UTC)
        given: dict[str, Any] = {"client_id": "id", "username": "bot@lumora.example", "now": now}
        audience = "https://test.salesforce.com"
        token = jwt_bearer(login, private_key=pem.decode(), audience=audience, **given)
        assert token.value == "t1"
        claims = jwt.decode(
            dict(fake.server.calls(TOKEN)[0].form())["assertion"], key.public_key(), ["RS256"], audience=audience
        )
        assert (claims["iss"], claims["sub"]) == ("id", "bot@lumora.example")
        with pytest.raises(ConfigurationError, match="AFTERSIGN_SALESFORCE__PRIVATE_KEY"):
            jwt_bearer(login, private_key="nonsense", audience=audience, **given)


class TestTheDoctor:
    def test_names_the_org_and_what_is_missing(self, fake: FakeSalesforce) -> None:
        mapping = replace(MAPPING, facts={"primary_goal": "Gone__c"})
        health = fake.crm(mapping).check()
        assert health.detail == "Lumora (Enterprise Edition)"
        assert any("Gone__c" in text for text in health.missing)
        assert any("edit access to the opportunity field Notice__c" in text for text in health.missing)
        assert "97 of 100" in health.warnings[0]

    def test_names_a_key_field_that_nobody_made(self, fake: FakeSalesforce) -> None:
        missing = fake.crm(replace(MAPPING, key_field="Other__c")).check().missing
        assert any("create the text field Other__c on Task" in text for text in missing)


class TestAnAnswer:
    @pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.BROKEN, Fault.HTML, Fault.TRUNCATED, Fault.DROPPED])
    def test_in_trouble_is_asked_for_later_and_nothing_is_believed(self, fake: FakeSalesforce, fault: Fault) -> None:
        fake.server.fault(QUERY, fault, times=3)
        with pytest.raises(Transient):
            fake.crm().find_deal(DealQuery(deal_id=DEAL))


def answer_403() -> Any:
    return replace(refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), status=403)


def several() -> Any:
    return replace(refused("x", "x"), status=300, json=["/services/data/v66.0/sobjects/Task/1"])


def refused_grant() -> Any:
    return replace(refused("x", "x"), json={"error": "invalid_client_id", "error_description": "client not found"})
