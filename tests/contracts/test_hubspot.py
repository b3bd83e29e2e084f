"""HubSpot by its documented contract: deals read whole, writes that say only what must change."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hubspot.crm.associations.v4 import models as associations
from hubspot.crm.objects import models as objects

from domain.deals import Role, Stage
from domain.errors import Permanent, Transient
from domain.money import Money
from domain.periods import Period, Unit
from domain.ports import Attachment, ClosedWon, CrmTask, DealQuery, RenewalDates
from tests.contracts.conftest import Start
from tests.contracts.fake_hubspot import (
    ACCOUNT,
    CLOSE,
    COMPANY,
    DEAL,
    FIND_COMPANIES,
    HANG_NOTE,
    HANG_TASK,
    LEA,
    MAPPING,
    NOTE,
    PROPERTIES,
    READ,
    TASK,
    UPLOAD,
    FakeHubSpot,
    account,
    batch,
    described,
    part_error,
    refused,
)
from tests.contracts.server import Answer, Fault

WON = ClosedWon(DEAL, "c-1", "0" * 64, "https://handoff.example/d", date(2026, 11, 23), "differs in amount")
DUE = datetime(2026, 11, 24, 9, tzinfo=UTC)
TASK_OF_LEA = CrmTask(DEAL, "lea@lumora.example", "First contact: Vela", "Introduce <yourself>\n& listen", DUE)
PAPER = Attachment("Order form.pdf", "application/pdf", b"%PDF-1.7", "Signed: Order form")
DATES = RenewalDates(
    DEAL,
    "c-1",
    ends_on=date(2028, 9, 29),
    notice_deadline=date(2028, 7, 31),
    auto_renews=True,
    value=Money(Decimal("96000.50"), "EUR"),
)


@pytest.fixture
def fake(contract: Start) -> FakeHubSpot:
    return FakeHubSpot(contract("hubspot"))


class TestADeal:
    def test_is_read_with_everybody_and_everything_around_it(self, fake: FakeHubSpot) -> None:
        deal = fake.crm().find_deal(DealQuery(deal_id=DEAL))
        assert deal is not None
        assert (deal.name, deal.stage, deal.type) == ("Vela: Insight", Stage.OPEN, "newbusiness")
        assert deal.url == f"https://app.hubspot.com/contacts/62515/record/0-3/{DEAL}"
        assert deal.amount == Money(Decimal("96000.5"), "EUR")
        assert (deal.rep_name, deal.rep_email) == ("Rafael Ortiz", "rafael@lumora.example")
        assert [(c.name, c.title, c.roles) for c in deal.contacts] == [
            ("Dee Poe", "CFO", (Role.CHAMPION, Role.ECONOMIC_BUYER)),
            ("Max", "", ()),
        ]
        assert [(line.product, line.quantity, line.unit_price) for line in deal.lines] == [
            ("Insight", Decimal(25), Money(Decimal("320.01"), "EUR")),
            ("Onboarding", Decimal(1), Money(Decimal(1500), "EUR")),
        ]
        assert [promise.text for promise in deal.promises] == ["Onboarding in June", "A named engineer"]

    def test_knows_each_facts_own_age(self, fake: FakeHubSpot) -> None:
        deal = fake.crm().find_deal(DealQuery(deal_id=DEAL))
        assert deal is not None
        fact = deal.facts["primary_goal"]
        assert (fact.value, fact.source, fact.updated) == ("See churn early", "HubSpot goal", date(2026, 11, 2))

    def test_belongs_to_its_primary_company(self, fake: FakeHubSpot) -> None:
        deal = fake.crm().find_deal(DealQuery(deal_id=DEAL))
        assert deal is not None
        found = deal.account
        assert (found.id, found.legal_name, found.tier, found.size) == (COMPANY, "Vela Optics Ltd", "enterprise", "250")

    def test_without_anybody_around_it_is_read_all_the_same(self, fake: FakeHubSpot) -> None:
        fake.links.clear()
        fake.data["deals"][DEAL].update(hubspot_owner_id="99", amount="")
        deal = fake.crm().find_deal(DealQuery(deal_id=DEAL))
        assert deal is not None
        assert (deal.account.legal_name, deal.contacts, deal.lines, deal.rep_email) == ("", (), (), "")
        assert deal.amount is None

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (DealQuery(document="doc-1"), True),
            (DealQuery(customer="VELA Optics"), True),
            (DealQuery(customer="Nobody"), False),
            (DealQuery(customer="Partner GmbH"), True),
            (DealQuery(deal_id="9999", customer="Vela Optics"), False),
            (DealQuery(deal_id="../deals"), False),
            (DealQuery(deal_id="٩"), False),
            (DealQuery(document="doc-9"), False),
            (DealQuery(customer="&&&"), False),
            (DealQuery(), False),
        ],
    )
    def test_is_found_only_without_doubt(self, fake: FakeHubSpot, query: DealQuery, found: bool) -> None:
        assert (fake.crm().find_deal(query) is not None) == found

    def test_is_not_guessed_among_two(self, fake: FakeHubSpot) -> None:
        fake.data["deals"]["9002"] = dict(fake.data["deals"][DEAL])
        fake.links["9002"] = fake.links[DEAL]
        assert fake.crm().find_deal(DealQuery(customer="Vela Optics")) is None
        assert fake.crm().find_deal(DealQuery(document="doc-1")) is None

    def test_is_not_guessed_among_two_companies_of_one_name(self, fake: FakeHubSpot) -> None:
        fake.data["companies"]["7009"] = {"name": "Vela Optics GmbH"}
        assert fake.crm().find_deal(DealQuery(customer="Vela Optics")) is None

    @pytest.mark.parametrize(("closed", "found"), [("2026-11-10T12:00:00Z", True), ("2025-11-10T12:00:00Z", False)])
    def test_that_was_won_long_ago_is_not_todays(self, fake: FakeHubSpot, closed: str, found: bool) -> None:
        fake.data["deals"][DEAL].update(dealstage="won", closedate=closed)
        assert (fake.crm().find_deal(DealQuery(customer="Vela Optics")) is not None) == found

    def test_has_no_amount_where_nobody_says_the_currency(self, fake: FakeHubSpot) -> None:
        deal = fake.crm(replace(MAPPING, currency="")).find_deal(DealQuery(deal_id=DEAL))
        assert deal is not None
        assert (deal.amount, deal.lines[0].unit_price) == (None, None)

    def test_takes_the_deals_own_currency_before_the_default(self, fake: FakeHubSpot) -> None:
        mapping = replace(MAPPING, currency_field="deal_currency_code", term_months_field="months")
        deal = fake.crm(mapping).find_deal(DealQuery(deal_id=DEAL))
        assert deal is not None
        assert deal.amount == Money(Decimal("96000.50"), "USD")
        assert deal.term == Period(24, Unit.MONTH)

    def test_with_words_where_a_number_belongs_names_the_property(self, fake: FakeHubSpot) -> None:
        mapping = replace(MAPPING, term_months_field="goal")
        with pytest.raises(Permanent, match="property goal does not hold a number"):
            fake.crm(mapping).find_deal(DealQuery(deal_id=DEAL))


class TestClosing:
    def test_sets_stage_and_day_and_nothing_else(self, fake: FakeHubSpot) -> None:
        fake.crm().close_won(WON, key="k")
        assert fake.writes == [("deals", {"dealstage": "won", "closedate": "2026-11-23T12:00:00.000Z"})]

    def test_leaves_the_differences_where_the_team_wants_them(self, fake: FakeHubSpot) -> None:
        fake.crm(replace(MAPPING, closed_note_field="closing_note")).close_won(WON, key="k")
        assert fake.writes[0][1]["closing_note"] == "differs in amount"

    def test_of_a_won_deal_writes_nothing(self, fake: FakeHubSpot) -> None:
        crm = fake.crm()
        crm.close_won(WON, key="k")
        crm.close_won(replace(WON, closed_on=date(2026, 12, 24)), key="k")
        assert len(fake.server.calls(CLOSE)) == 1
        assert fake.data["deals"][DEAL]["closedate"].startswith("2026-11-23")

    def test_of_a_lost_deal_is_a_persons_business(self, fake: FakeHubSpot) -> None:
        fake.lose()
        with pytest.raises(Permanent, match="reopen the deal"):
            fake.crm().close_won(WON, key="k")
        assert fake.writes == []

    @pytest.mark.parametrize("wanted", ["upsold", "Ausgebaut"])
    def test_takes_the_won_stage_that_the_team_names(self, fake: FakeHubSpot, wanted: str) -> None:
        fake.stages.append({**fake.stages[1], "id": "upsold", "label": "Ausgebaut", "displayOrder": 9})
        fake.crm(replace(MAPPING, won_stage=wanted)).close_won(WON, key="k")
        assert fake.writes[0][1]["dealstage"] == "upsold"

    def test_refuses_a_won_stage_that_is_none(self, fake: FakeHubSpot) -> None:
        with pytest.raises(Permanent, match="no won stage 'lost'") as caught:
            fake.crm(replace(MAPPING, won_stage="lost")).close_won(WON, key="k")
        assert "Gewonnen (won)" in caught.value.why
        assert "config/crm.yaml" in caught.value.fix

    @pytest.mark.parametrize("change", [{"dealstage": "gone"}, {"pipeline": "gone"}])
    def test_of_a_deal_nobody_can_place_waits_for_a_person(self, fake: FakeHubSpot, change: dict[str, str]) -> None:
        fake.data["deals"][DEAL].update(change)
        with pytest.raises(Permanent, match="'gone'"):
            fake.crm().close_won(WON, key="k")
        assert fake.writes == []

    def test_of_no_deal_says_so(self, fake: FakeHubSpot) -> None:
        with pytest.raises(Permanent, match="no deal 404"):
            fake.crm().close_won(replace(WON, deal_id="404"), key="k")

    def test_with_a_mandatory_property_names_it(self, fake: FakeHubSpot) -> None:
        fake.forbid()
        with pytest.raises(Permanent, match="region") as caught:
            fake.crm().close_won(WON, key="k")
        assert caught.value.fix.startswith("fill or correct region in HubSpot")

    def test_is_tried_again_where_the_answer_was_lost(self, fake: FakeHubSpot) -> None:
        fake.server.fault(CLOSE, Fault.DROPPED_AFTER)
        fake.crm().close_won(WON, key="k")
        assert fake.data["deals"][DEAL]["dealstage"] == "won"


class TestRenewalDates:
    def test_are_written_once_and_only_where_they_differ(self, fake: FakeHubSpot) -> None:
        crm = fake.crm()
        crm.write_renewal(DATES, key="k")
        fake.data["deals"][DEAL].update(renewal_value="96000.5", ends="2028-09-29T00:00:00Z")  # as HubSpot shows it
        crm.write_renewal(DATES, key="k")
        wanted = {"ends": "2028-09-29", "notice": "2028-07-31", "auto": "true", "renewal_value": "96000.50"}
        assert fake.writes == [("deals", wanted)]
        crm.write_renewal(replace(DATES, notice_deadline=date(2028, 8, 1)), key="k")
        assert fake.writes[1:] == [("deals", {"notice": "2028-08-01"})]

    def test_that_nobody_mapped_touch_nothing(self, fake: FakeHubSpot) -> None:
        fake.crm(replace(MAPPING, renewal={})).write_renewal(DATES, key="k")
        assert fake.server.valid == []

    def test_in_a_property_that_does_not_exist_name_it(self, fake: FakeHubSpot) -> None:
        with pytest.raises(Permanent, match="nope") as caught:
            fake.crm(replace(MAPPING, renewal={"ends_on": "nope"})).write_renewal(DATES, key="k")
        assert "config/crm.yaml" in caught.value.fix


class TestAnswers:
    def test_fill_what_is_empty_and_leave_what_a_person_wrote(self, fake: FakeHubSpot) -> None:
        crm = fake.crm(replace(MAPPING, answers={"primary_goal": "goal", "integrations": "notice"}))
        fake.data["deals"][DEAL]["goal"] = "See churn early"
        answers = {"primary_goal": "Something else", "integrations": "SAP, Workday", "sso": "Okta"}
        crm.write_answers(DEAL, answers, key="k")
        crm.write_answers(DEAL, {**answers, "integrations": "NetSuite"}, key="k2")
        assert fake.writes == [("deals", {"notice": "SAP, Workday"})]

    def test_that_nobody_mapped_touch_nothing(self, fake: FakeHubSpot) -> None:
        fake.crm().write_answers(DEAL, {"primary_goal": "x"}, key="k")
        assert fake.server.valid == []


class TestATask:
    def test_belongs_to_the_person_and_the_deal(self, fake: FakeHubSpot) -> None:
        made = fake.crm().create_task(TASK_OF_LEA, key="vela-1:first-touch:crm-task")
        sent = fake.data["tasks"][made.id]
        assert (sent["hubspot_owner_id"], sent["hs_timestamp"]) == (LEA, "2026-11-24T09:00:00.000Z")
        assert sent["hs_task_body"] == "Introduce &lt;yourself&gt;<br>&amp; listen"
        assert fake.hung == {("tasks", made.id, DEAL)}
        assert fake.crm().find_task("vela-1:first-touch:crm-task") == made

    def test_that_does_not_hang_on_the_deal_yet_is_not_done(self, fake: FakeHubSpot) -> None:
        fake.server.fault(HANG_TASK, Fault.BROKEN)
        with pytest.raises(Transient):
            fake.crm().create_task(TASK_OF_LEA, key="k")
        assert fake.crm().find_task("k") is None
        fake.crm().create_task(TASK_OF_LEA, key="k")
        assert (fake.count_tasks(), len(fake.hung)) == (1, 1)

    def test_of_somebody_without_a_user_belongs_to_nobody(self, fake: FakeHubSpot) -> None:
        fake.crm().create_task(replace(TASK_OF_LEA, owner_email="gone@lumora.example"), key="k")
        assert "hubspot_owner_id" not in fake.writes[0][1]

    def test_that_somebody_else_makes_at_the_same_time_is_waited_for(self, fake: FakeHubSpot) -> None:
        clash = refused(409, "CONFLICT", "aftersign_key already has that value on another object")
        fake.server.on(TASK, lambda _: clash)
        with pytest.raises(Transient, match="somebody else"):
            fake.crm().create_task(TASK_OF_LEA, key="k")

    def test_that_failed_inside_a_batch_is_not_taken_for_made(self, fake: FakeHubSpot) -> None:
        error = part_error("VALIDATION_ERROR", "Property aftersign_key is not unique")
        fake.server.on(TASK, lambda _: Answer(207, batch([], error)))
        with pytest.raises(Permanent, match="is not unique"):
            fake.crm().create_task(TASK_OF_LEA, key="k")

    def test_without_a_result_is_asked_for_again(self, fake: FakeHubSpot) -> None:
        fake.server.on(TASK, lambda _: batch([]))
        with pytest.raises(Transient, match="did not say"):
            fake.crm().create_task(TASK_OF_LEA, key="k")


class TestAFile:
    def test_is_private_and_hangs_on_the_deal_by_a_note(self, fake: FakeHubSpot) -> None:
        made = fake.crm().attach_file(DEAL, PAPER, key="k")
        assert list(fake.files.values()) == [b"%PDF-1.7"]
        assert fake.data["notes"][made.id]["hs_attachment_ids"] == "4000"
        assert fake.data["notes"][made.id]["hs_note_body"] == "Signed: Order form"
        assert fake.crm().find_file(DEAL, "k") == made
        assert dict(fake.server.calls(UPLOAD)[0].form())["options"] == '{"access": "PRIVATE", "overwrite": true}'

    @pytest.mark.parametrize("broken", [UPLOAD, NOTE, HANG_NOTE])
    @pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.BROKEN_AFTER, Fault.TRUNCATED])
    def test_that_was_half_attached_is_finished(self, fake: FakeHubSpot, broken: str, fault: Fault) -> None:
        fake.server.fault(broken, fault)
        with suppress(Transient):
            fake.crm().attach_file(DEAL, PAPER, key="k")
        if fake.crm().find_file(DEAL, "k") is None:
            fake.crm().attach_file(DEAL, PAPER, key="k")
        assert (len(fake.files), len(fake.data["notes"]), len(fake.hung)) == (1, 1, 1)

    def test_of_the_same_name_on_another_deal_stays_another_file(self, fake: FakeHubSpot) -> None:
        fake.data["deals"]["9002"] = dict(fake.data["deals"][DEAL])
        fake.crm().attach_file(DEAL, PAPER, key="k")
        fake.crm().attach_file("9002", replace(PAPER, content=b"other"), key="l")
        assert sorted(fake.files.values()) == [b"%PDF-1.7", b"other"]
        assert fake.crm().find_file("9002", "k") is None


class TestARefusal:
    @pytest.mark.parametrize(
        ("answer", "kind", "words"),
        [
            (refused(401, "INVALID_AUTHENTICATION", "no"), Permanent, "AFTERSIGN_HUBSPOT__ACCESS_TOKEN"),
            (refused(401, "EXPIRED_AUTHENTICATION", "no"), Permanent, "AFTERSIGN_HUBSPOT__ACCESS_TOKEN"),
            (
                refused(
                    403, "MISSING_SCOPES", "no", {"message": "x", "context": {"requiredGranularScopes": ["files"]}}
                ),
                Permanent,
                "the scope files",
            ),
            (refused(423, "", "locked"), Transient, "423"),
            (Answer(429, {"status": "error", "errorType": "RATE_LIMIT", "policyName": "DAILY"}), Transient, "DAILY"),
            (refused(400, "SOMETHING_NEW", "odd"), Permanent, "odd"),
            (Answer(400, {"message": "bare"}), Permanent, "bare"),
        ],
    )
    def test_says_who_must_act(self, fake: FakeHubSpot, answer: Answer, kind: type[Exception], words: str) -> None:
        fake.server.on(CLOSE, lambda _: answer)
        with pytest.raises(kind) as caught:
            fake.crm().close_won(WON, key="k")
        assert words in str(caught.value)

    @pytest.mark.parametrize(("policy", "seconds"), [("TEN_SECONDLY_ROLLING", 10), ("DAILY", 3600)])
    def test_for_haste_is_as_long_as_the_limit(self, fake: FakeHubSpot, policy: str, seconds: int) -> None:
        fake.server.on(CLOSE, lambda _: Answer(429, {"errorType": "RATE_LIMIT", "policyName": policy}))
        with pytest.raises(Transient) as caught:
            fake.crm().close_won(WON, key="k")
        assert caught.value.retry_after == seconds

    def test_by_another_server_is_no_word_about_a_task(self, fake: FakeHubSpot) -> None:
        path = "GET /crm/objects/2026-09/tasks/{id}"
        fake.server.on(path, lambda _: Answer(404, {"message": "no such route"}))
        with pytest.raises(Permanent):
            fake.crm().find_task("k")

    @pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.BROKEN, Fault.HTML, Fault.TRUNCATED, Fault.DROPPED])
    def test_in_trouble_is_asked_for_later_and_nothing_is_believed(self, fake: FakeHubSpot, fault: Fault) -> None:
        fake.server.fault(READ, fault, times=3)
        with pytest.raises(Transient):
            fake.crm().find_deal(DealQuery(deal_id=DEAL))


class TestTheDoctor:
    def test_names_the_account_and_finds_nothing(self, fake: FakeHubSpot) -> None:
        health = fake.crm().check()
        assert (health.detail, health.missing) == ("account 62515 (sandbox)", ())

    def test_names_every_mapped_property_that_does_not_exist(self, fake: FakeHubSpot) -> None:
        mapping = replace(MAPPING, key_field="other", facts={"primary_goal": "gone"}, account={"tier": "lost"})
        missing = fake.crm(mapping).check().missing
        assert any("create the single-line text property other on tasks" in text for text in missing)
        assert any("on notes" in text for text in missing)
        assert any("deal property gone" in text for text in missing)
        assert any("company property lost" in text for text in missing)

    def test_names_a_property_that_is_not_unique_or_not_ours_to_write(self, fake: FakeHubSpot) -> None:
        rows = [described(MAPPING.key_field, unique=False), described("ends", locked=True)]
        fake.server.on(PROPERTIES, lambda _: {"results": rows})
        missing = fake.crm().check().missing
        assert any("must have unique values" in text for text in missing)
        assert any("ends of config/crm.yaml cannot be written" in text for text in missing)

    def test_names_scopes_that_are_missing(self, fake: FakeHubSpot) -> None:
        detail = {"message": "x", "context": {"requiredGranularScopes": ["crm.schemas.deals.read"]}}
        fake.server.on(PROPERTIES, lambda _: refused(403, "MISSING_SCOPES", "no", detail))
        assert any("deals: give" in t and "crm.schemas.deals.read" in t for t in fake.crm().check().missing)

    def test_warns_of_another_account_and_of_a_day_that_is_used_up(self, fake: FakeHubSpot) -> None:
        warnings = fake.crm(portal_id="1").check().warnings
        assert any("AFTERSIGN_HUBSPOT__PORTAL_ID" in text for text in warnings)
        assert any("910 of 1000" in text for text in warnings)
        fake.server.on(ACCOUNT, lambda _: account())
        assert fake.crm().check().warnings == ()


class TestEveryBody:
    """What the SDK's own models, made by HubSpot, take for a valid request."""

    MODELS: Mapping[str, Any] = {
        "/search": objects.PublicObjectSearchRequest,
        "/batch/upsert": objects.BatchInputSimplePublicObjectBatchInputUpsert,
        f"/deals/{DEAL}": objects.SimplePublicObjectInput,
    }

    def test_is_one_that_hubspots_own_models_take(self, fake: FakeHubSpot) -> None:
        crm = fake.crm()
        assert crm.find_deal(DealQuery(customer="Vela Optics")) is not None
        crm.close_won(WON, key="k")
        crm.write_renewal(DATES, key="k")
        crm.create_task(TASK_OF_LEA, key="k")
        crm.attach_file(DEAL, PAPER, key="k")
        sent = [
            (each.path, each.json()) for _, each in fake.server.valid if each.media == "application/json" and each.body
        ]
        for path, body in sent:
            self._modelled(self._model(path), body)
        assert len(sent) >= 12
        with pytest.raises((TypeError, AssertionError)):
            self._modelled(objects.SimplePublicObjectInput, {"properties": {}, "propertiez": {}})

    def _model(self, path: str) -> Any:
        if "/associations/" in path:
            return associations.BatchInputPublicFetchAssociationsBatchRequest
        found = [model for end, model in self.MODELS.items() if path.endswith(end)]
        return found[0] if found else objects.BatchReadInputSimplePublicObjectId

    def _modelled(self, model: Any, body: dict[str, Any]) -> None:
        """Build the SDK's model of a body; an unknown name or an absent required one is refused."""
        names = {wire: name for name, wire in model.attribute_map.items()}
        assert set(body) <= set(names), body
        model(**{names[wire]: value for wire, value in body.items()})
        for wire, value in body.items():
            inner = model.openapi_types[names[wire]].removeprefix("list[").removesuffix("]")
            kind = getattr(objects, inner, None) or getattr(associations, inner, None)
            for one in value if kind else ():
                self._modelled(kind, one)


class TestACompanysName:
    @pytest.mark.parametrize("name", ['Vela" OR name:*', "Vela*", "Vela\nOptics", "Vela " + "x" * 4000])
    def test_never_widens_the_search(self, fake: FakeHubSpot, name: str) -> None:
        fake.crm().find_deal(DealQuery(customer=name))
        asked = [each.json()["filterGroups"][0]["filters"][0]["value"] for each in fake.server.calls(FIND_COMPANIES)]
        assert set(asked) <= {"Vela*"}
