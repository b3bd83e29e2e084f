"""Who owns a contract, and who welcomes the customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.errors import Permanent
from domain.money import Money
from domain.people import Leave, Match, OwnershipRule, Person, Traits, assign_owner, choose_csm

TODAY = date(2026, 11, 23)
AWAY = (Leave(date(2026, 11, 23), date(2026, 11, 27)),)


def person(name: str, **values: object) -> Person:
    return replace(Person(f"{name}@us.example", name.title()), **values)  # type: ignore[arg-type]


PEOPLE = {p.email: p for p in (person("ada"), person("ben"), person("cleo"))}
ADA, BEN, CLEO = PEOPLE
EMEA = OwnershipRule("EMEA", Match(region=("EMEA",)), (ADA, BEN), (BEN, CLEO))
LARGE = OwnershipRule("large", Match(min_value=Money(Decimal(100_000), "USD")), (CLEO,), (ADA,))
REST = OwnershipRule("rest", Match(), (BEN,), (CLEO,))


class TestAnOwner:
    def test_comes_from_the_first_rule_that_fits(self) -> None:
        found = assign_owner([EMEA, REST], PEOPLE, Traits(region="emea"), today=TODAY)
        assert (found.owner.email, found.backup.email, found.rule) == (ADA, BEN, "EMEA")
        assert found.reason == "rule 'EMEA': Ada owns, Ben backs up"

    def test_comes_from_the_last_rule_when_nothing_is_known(self) -> None:
        assert assign_owner([EMEA, LARGE, REST], PEOPLE, Traits(), today=TODAY).rule == "rest"

    @pytest.mark.parametrize(
        ("amount", "currency", "rule"),
        [("100000", "USD", "large"), ("99999.99", "USD", "rest"), ("100000", "EUR", "rest")],
    )
    def test_is_chosen_by_value_only_in_the_rules_own_currency(self, amount: str, currency: str, rule: str) -> None:
        traits = Traits(value=Money(Decimal(amount), currency))
        assert assign_owner([LARGE, REST], PEOPLE, traits, today=TODAY).rule == rule

    def test_is_the_one_with_the_lightest_load(self) -> None:
        found = assign_owner([EMEA], PEOPLE, Traits(region="EMEA"), today=TODAY, load={ADA: 7, BEN: 2})
        assert found.owner.email == BEN

    @pytest.mark.parametrize("gone", [{"leave": AWAY}, {"active": False}])
    def test_is_nobody_who_is_away_or_has_left(self, gone: dict[str, object]) -> None:
        people = {**PEOPLE, ADA: replace(PEOPLE[ADA], **gone)}  # type: ignore[arg-type]
        found = assign_owner([EMEA], people, Traits(region="EMEA"), today=TODAY)
        assert (found.owner.email, found.backup.email) == (BEN, CLEO)

    def test_is_back_the_day_after_their_leave(self) -> None:
        people = {**PEOPLE, ADA: replace(PEOPLE[ADA], leave=AWAY)}
        days = {
            day: assign_owner([EMEA], people, Traits(region="EMEA"), today=day).owner.email
            for day in (date(2026, 11, 22), date(2026, 11, 27), date(2026, 11, 28))
        }
        assert list(days.values()) == [ADA, BEN, ADA]

    def test_is_never_their_own_backup(self) -> None:
        both = OwnershipRule("both", Match(), (BEN,), (BEN, CLEO))
        found = assign_owner([both], PEOPLE, Traits(), today=TODAY)
        assert found.owner != found.backup

    def test_without_a_rule_is_a_persons_job_to_add_one(self) -> None:
        with pytest.raises(Permanent, match=r"no rule matches region 'APAC'.*ownership\.yaml"):
            assign_owner([EMEA], PEOPLE, Traits(region="APAC"), today=TODAY)

    def test_without_a_distinct_backup_is_a_persons_job(self) -> None:
        alone = OwnershipRule("alone", Match(), (BEN,), (BEN,))
        with pytest.raises(Permanent, match="'alone' names no available backup"):
            assign_owner([alone], PEOPLE, Traits(), today=TODAY)

    def test_when_all_are_away_is_a_persons_job(self) -> None:
        people = {email: replace(who, leave=AWAY) for email, who in PEOPLE.items()}
        with pytest.raises(Permanent, match="no available owner"):
            assign_owner([REST], people, Traits(), today=TODAY)


class TestACustomerSuccessManager:
    LEA = person("lea", regions=("EMEA",), languages=("de", "en"), capacity=5)
    TOM = person("tom", regions=("EMEA",), languages=("cs",), capacity=5)
    MAYA = person("maya", regions=("AMER",), languages=("en", "es"), capacity=5)
    TEAM = (LEA, TOM, MAYA)

    @pytest.mark.parametrize(
        ("traits", "load", "name"),
        [
            (Traits(region="AMER"), {}, "maya"),
            (Traits(region="EMEA", language="cs"), {}, "tom"),
            (Traits(region="EMEA"), {"lea@us.example": 3, "tom@us.example": 1}, "tom"),
            (Traits(region="EMEA", language="ja"), {}, "lea"),  # nobody speaks it: the region still counts
            (Traits(language="es"), {}, "maya"),
            (Traits(), {"lea@us.example": 1, "maya@us.example": 1}, "tom"),
            # a full colleague is passed over, unless all are full
            (Traits(region="EMEA"), {"lea@us.example": 5, "tom@us.example": 5, "maya@us.example": 0}, "lea"),
        ],
    )
    def test_fits_region_then_language_then_load(self, traits: Traits, load: dict[str, int], name: str) -> None:
        chosen, _ = choose_csm(self.TEAM, traits, today=TODAY, load=load)
        assert chosen.email == f"{name}@us.example"

    def test_with_room_goes_before_one_without(self) -> None:
        small = replace(self.LEA, capacity=1)
        chosen, _ = choose_csm(
            (small, self.TOM), Traits(region="EMEA"), today=TODAY, load={small.email: 1, self.TOM.email: 4}
        )
        assert chosen == self.TOM

    def test_is_chosen_for_a_reason_people_can_read(self) -> None:
        _, reason = choose_csm(self.TEAM, Traits(region="EMEA", language="de"), today=TODAY, load={"lea@us.example": 2})
        assert reason == "region EMEA, language de, 2 open handoffs of 5"

    def test_is_not_on_leave(self) -> None:
        team = (replace(self.LEA, leave=AWAY), self.TOM)
        assert choose_csm(team, Traits(language="de"), today=TODAY, load={})[0] == self.TOM

    def test_is_missing_when_the_whole_team_is_away(self) -> None:
        with pytest.raises(Permanent, match="No customer success manager is available"):
            choose_csm([replace(self.LEA, active=False)], Traits(), today=TODAY, load={})


class TestAnOwnerWhoAlreadyHasTheContract:
    def test_keeps_it_however_busy(self) -> None:
        people = {email: Person(email=email, name=email) for email in ("a@x.example", "b@x.example", "c@x.example")}
        rules = [OwnershipRule("all", Match(), ("a@x.example", "b@x.example"), ("c@x.example", "a@x.example"))]
        chosen = assign_owner(
            rules,
            people,
            Traits(),
            today=date(2026, 11, 23),
            load={"b@x.example": 40},
            current=("b@x.example", "a@x.example"),
        )
        assert (chosen.owner.email, chosen.backup.email) == ("b@x.example", "a@x.example")
