"""Whatever the rules are: no page, file, search, count, feed or image shows anybody what they close to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import pytest
from sqlalchemy import update

from domain.access import Act, FieldClass, Rule, Subject, Viewer, Where
from domain.money import Money
from store import access, feeds
from store.tables_desk import contract_facts
from tasks.tracking import track_now
from tests.tasks.office import Office
from tests.tasks.papers import master
from tests.web.house import given_to, handed_over, looking

CONTRACTS, ROUNDS, CASES = 16, 14, 10_000
REGIONS, TYPES = ("EMEA", "AMER", ""), ("master_agreement", "order_form")
LISTS = (
    "/", "/contracts", "/contracts.csv", "/contracts.json", "/contracts?papers=all&sort=-value", "/renewals", "/renewals.csv",
    "/renewals/simulator.csv?months=24", "/renewals/simulator?months=24", "/obligations", "/obligations.csv", "/review",
    "/review.csv", "/amendments", "/findings.csv", "/slas.csv", "/portfolio", "/handoffs",
    "/handoffs.csv", "/handoffs.json", "/handoffs?by=region", "/welcome", "/welcome.csv", "/api/handoffs", "/people.csv",
    "/audit", "/audit.csv", "/webhooks", "/webhooks.json", "/outbox", "/outbox.json", "/api/outbox", "/api/webhooks", "/dead-letters", "/dead-letters.csv",
)  # fmt: skip


@dataclass(frozen=True)
class Secret:
    """Hold a contract with the words that only it has: its customer, its price and a word of its paper."""

    contract: str
    customer: str
    price: str
    word: str

    def told_in(self, text: str) -> set[str]:
        plain = text.replace(",", "").replace("\u202f", " ")
        told = {"it is there"} if self.customer in text or self.contract in text else set()
        told |= {"its price"} if re.search(rf"\b{self.price}\b", plain) else set()
        return told | ({"its paper"} if self.word in text else set())


@pytest.fixture(scope="module")
def drawn() -> Random:
    return Random(20261123)


@pytest.fixture
def secrets(office: Office, drawn: Random) -> list[Secret]:
    """Sign contracts that differ in all that rules ask about."""
    found, people = [], list(office.business.people)
    for number in range(CONTRACTS):
        customer, price, word = (
            f"Zork{number:02}mere Holdings Ltd",
            f"{71003 + number * 1013}",
            f"quokka{number:02}stone",
        )
        text = master(customer, f"MSA-77{number:02}", "1 March 2025").replace("48,000.00", f"{int(price):,}.00")
        text += f"\n6. Reports. Provider shall deliver a {word} report to Customer every quarter.\n"
        contract = office.paper(f"paper{number}", text)
        owner, backup = drawn.sample(people, 2)
        handed_over(office, f"handoff{number}", contract, customer)
        given_to(office, contract, drawn.choice([owner, ""]), drawn.choice([backup, ""]))
        region = drawn.choice(REGIONS)
        with office.database.write() as connection:
            own = contract_facts.c.contract_id == contract
            values = {"region": region, "region_key": region.casefold(), "type": drawn.choice(TYPES)}
            connection.execute(update(contract_facts).where(own).values(**values))
        found.append(Secret(contract, customer, price, word))
    track_now(office.ctx)
    return found


def rule(draw: Random, secrets: list[Secret], people: list[str]) -> Rule:
    where = Where(
        type=tuple(draw.sample(TYPES, draw.randint(0, 1))), region=tuple(draw.sample(["EMEA", "AMER"], draw.randint(0, 1))),
        counterparty=tuple(one.customer for one in draw.sample(secrets, draw.choice([0, 0, 0, 3, 6]))),
        below=Money.parse(f"{draw.randint(90, 120)}000.00 USD") if draw.random() < 0.2 else None,
        team=("legal",) if draw.random() < 0.2 else (), mine=draw.random() < 0.2, own_region=draw.random() < 0.1,
    )  # fmt: skip
    if draw.random() < 0.15:
        return Rule("a ban", where=replace(where, mine=False), ban=True)
    show = frozenset(kind for kind in FieldClass if draw.random() < 0.5)
    may = frozenset(act for act in Act if draw.random() < 0.4)
    return Rule("a rule", people=tuple(draw.sample(people, 8)), where=where, show=show, may=may)


def about(office: Office, secret: Secret) -> Subject:
    with office.database.read() as connection:
        found = access.subject(connection, secret.contract, office.business.people)
    assert found is not None
    return found


def closed(viewer: Viewer, subject: Subject) -> set[str]:
    """Say what the rules close to somebody about a contract."""
    if not viewer.sees(subject):
        return {"it is there", "its price", "its paper"}
    kinds = {FieldClass.PRICE: "its price", FieldClass.TEXT: "its paper"}
    return {word for kind, word in kinds.items() if not viewer.shows(kind, subject)}


def addresses(draw: Random, secrets: list[Secret]) -> Iterator[str]:
    yield from LISTS
    for one in draw.sample(secrets, 4):
        yield f"/contracts?q={one.word}"
        yield f"/contracts?q={one.price}"
        yield f"/contracts?q={one.customer[:10]}"
        yield f"/contracts/{one.contract}"
        yield f"/contracts/{one.contract}/pages/1"
        yield f"/contracts/{one.contract}/pages/1.png"
        yield f"/review/{one.contract}/notice_period"


def echoed(address: str, text: str) -> str:
    """Leave out what somebody wrote into the address themselves."""
    wrote = address.partition("?q=")[2] or address.partition("/contracts/")[2] or address.partition("/review/")[2]
    return text.replace(wrote.partition("/")[0], "") if wrote else text


class TestNothing:
    def test_is_shown_that_the_rules_close(self, office: Office, secrets: list[Secret], drawn: Random) -> None:
        office.on(date(2026, 12, 1))
        people, cases, opened = list(office.business.people), 0, 0
        for _ in range(ROUNDS):
            rules = tuple(rule(drawn, secrets, people) for _ in range(drawn.randint(1, 4)))
            office.business = replace(office.business, access=replace(office.business.access, rules=rules))
            who = drawn.choice(people)
            viewer = office.business.access.viewer(office.business.people[who], "local")
            forbidden = {one.contract: closed(viewer, about(office, one)) for one in secrets}
            client = looking(office, who)
            for address in addresses(drawn, secrets):
                answer = client.get(address)
                assert answer.status_code < 500, (address, answer.text[:500])
                text = echoed(address, answer.text) if answer.status_code == 200 else ""
                for one in secrets:
                    told, shut = one.told_in(text), forbidden[one.contract]
                    cases, opened = cases + 1, opened + bool(told)
                    if ("/pages/" in address or address.startswith("/review/")) and "its paper" not in shut:
                        told -= {"its price"}  # whoever may read the paper itself reads what stands in it
                    asked = {"its paper": f"?q={one.word}", "its price": f"?q={one.price}"}
                    found_by = {kind for kind, query in asked.items() if address.endswith(query)}
                    assert not (found_by & shut and one.customer in text), (address, who, one.customer, rules)
                    assert not told & shut, (address, who, one.customer, told & shut, rules)
        assert cases >= CASES
        assert opened > CASES / 50, "the rules closed nearly everything: this proves nothing"

    def test_comes_by_a_feed_that_its_owner_may_not_see(
        self, office: Office, secrets: list[Secret], drawn: Random
    ) -> None:
        office.on(date(2026, 12, 1))
        people = list(office.business.people)
        for _ in range(12):
            who = drawn.choice(people)
            with office.database.write() as connection:
                token = feeds.create(connection, who, "all", office.now)
            rules = tuple(rule(drawn, secrets, people) for _ in range(3))
            office.business = replace(office.business, access=replace(office.business.access, rules=rules))
            viewer = office.business.access.viewer(office.business.people[who], "feed")
            answer = looking(office, who).get(f"/t/calendar/{token}.ics")
            text = re.sub(r"\r\n ", "", answer.text)
            for one in secrets:
                assert not one.told_in(text) & closed(viewer, about(office, one)), (who, one.customer)
