"""Which kind of deal, which template, and the project laid on the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from domain.calendars import is_business_day
from domain.errors import Permanent
from domain.handoff import DealType
from domain.people import Match, Traits
from domain.playbook import (
    Obligation,
    OnboardingTemplate,
    Play,
    TemplateTask,
    choose_play,
    classify,
    escalation_level,
    first_touch_instruction,
    plan_project,
)

SIGNED = date(2026, 12, 22)  # the Tuesday before Christmas
TEMPLATE = OnboardingTemplate(
    "standard",
    "Onboarding: {customer}",
    (
        TemplateTask("kickoff", "Hold the kickoff with {customer}", "csm", 5, milestone=True),
        TemplateTask("intro", "Introduce the CSM", "csm", 1),
        TemplateTask("workspace", "Create the workspace", "onboarding", 0, notes="use the checklist"),
    ),
)


class TestADealType:
    @pytest.mark.parametrize(
        ("said", "known", "kind"),
        [
            ("new", True, DealType.NEW),
            ("renewal", False, DealType.RENEWAL),
            ("", True, DealType.EXPANSION),
            ("", False, DealType.NEW),
        ],
    )
    def test_is_what_the_crm_says_and_else_follows_from_earlier_contracts(
        self, said: str, *, known: bool, kind: DealType
    ) -> None:
        found, why = classify(said, known_customer=known)
        assert found is kind
        assert why

    def test_nobody_knows_is_named_with_the_allowed_ones(self) -> None:
        with pytest.raises(Permanent, match="'upsell'.*new, expansion, renewal"):
            classify("upsell", known_customer=False)


class TestAPlay:
    RENEWAL = Play("renewals", Match(type=("renewal",)), "renewal", "")
    REST = Play("rest", Match(), "standard", "standard")

    def test_is_the_first_that_fits(self) -> None:
        assert choose_play([self.RENEWAL, self.REST], Traits(type="renewal")) == self.RENEWAL
        assert choose_play([self.RENEWAL, self.REST], Traits(type="new")) == self.REST

    def test_that_fits_nothing_is_a_persons_job(self) -> None:
        with pytest.raises(Permanent, match=r"type 'new'.*playbook\.yaml"):
            choose_play([self.RENEWAL], Traits(type="new"))


class TestAProject:
    PEOPLE = {"csm": "lea@us.example"}  # noqa: RUF012

    def test_is_due_on_business_days_counted_from_signature(self) -> None:
        project = plan_project(TEMPLATE, customer="Vela", start=SIGNED, calendar="DE", people=self.PEOPLE)
        assert [(item.key, item.due) for item in project.items] == [
            ("workspace", date(2026, 12, 22)),
            ("intro", date(2026, 12, 23)),
            ("kickoff", date(2026, 12, 30)),  # 24, 28, 29 and 30 December after the 23rd
        ]
        assert all(is_business_day(item.due, "DE") for item in project.items)

    def test_names_customer_roles_and_milestones(self) -> None:
        project = plan_project(TEMPLATE, customer="Vela {x}", start=SIGNED, calendar="DE", people=self.PEOPLE)
        items = {item.key: item for item in project.items}
        assert project.name == "Onboarding: Vela {x}"
        assert (project.owner, project.template) == ("lea@us.example", "standard")
        assert items["kickoff"].name == "Hold the kickoff with Vela {x}"
        assert items["kickoff"].milestone
        assert (items["intro"].assignee, items["workspace"].assignee) == ("lea@us.example", "")
        assert items["workspace"].notes == "use the checklist"

    def test_carries_our_obligations_as_milestones_due_no_later_than_promised(self) -> None:
        text = "The provider shall deliver the migration report " + "in full detail " * 10
        sunday = Obligation(text, date(2027, 1, 3), "contract, page 4")
        project = plan_project(TEMPLATE, customer="Vela", start=SIGNED, calendar="DE", people={}, obligations=[sunday])
        item = next(item for item in project.items if item.key == "obligation-1")
        assert item.milestone
        assert item.due == date(2026, 12, 31)
        assert len(item.name) <= 90
        assert item.name.endswith("…")
        assert item.notes == f"{text}\ncontract, page 4"

    def test_has_stable_keys_so_that_a_half_made_one_can_be_resumed(self) -> None:
        first, second = (
            plan_project(TEMPLATE, customer=name, start=SIGNED, calendar="DE", people={}) for name in ("A", "B")
        )
        assert [item.key for item in first.items] == [item.key for item in second.items]


class TestAFirstTouch:
    def test_references_the_customers_goal_or_says_to_ask(self) -> None:
        assert first_touch_instruction("Vela", "close in 3 days").endswith("reference their goal: close in 3 days")
        assert first_touch_instruction("Vela", None).endswith("ask for their goal: sales did not record one")

    @pytest.mark.parametrize(
        ("hours", "level"), [(0, 0), (11.99, 0), (12, 1), (23.99, 1), (24, 2), (35.99, 2), (36, 3), (500, 3), (-5, 0)]
    )
    def test_escalates_by_shares_of_the_time_allowed(self, hours: float, level: int) -> None:
        assert escalation_level(created=0, due=24 * 3600, now=hours * 3600) == level

    def test_due_at_once_does_not_escalate_at_once(self) -> None:
        assert escalation_level(created=1000, due=1000, now=1000) == 0
        assert escalation_level(created=1000, due=1000, now=1090) == 3
