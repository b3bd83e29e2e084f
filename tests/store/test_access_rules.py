"""What SQL selects is what the rules say, whatever the rules, the people and the contracts."""

from __future__ import annotations

import random
import uuid

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.access import Act, FieldClass, Rule, Viewer, Where
from domain.money import Money
from domain.people import Person
from store import access, facts
from store.database import Database
from store.tables import contracts, documents, families, handoffs, inbox
from tests.conftest import NOW

TYPES, REGIONS = ("msa", "order_form", "nda"), ("EMEA", "AMER", "Süd")
CUSTOMERS = ("Harbourline Ltd", "Straße GmbH", "Vela")
TEAMS = ("csm", "Legal", "sales")
PEOPLE = {
    person.email: person
    for person in (
        Person("ada@x.example", "Ada", ("csm",), ("EMEA",)),
        Person("Ben@x.example", "Ben", ("Legal", "sales"), ("AMER", "Süd")),
        Person("cleo@x.example", "Cleo"),
    )
}
EMAILS = (*PEOPLE, "gone@x.example")
AMOUNTS = tuple(Money.parse(text) for text in ("0.00 EUR", "999.99 EUR", "1000.00 EUR", "1000.00 USD", "1000 JPY"))


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Return mostly no condition, else a few values however they are written."""
    written = st.sampled_from(values).map(lambda one: one) | st.sampled_from(values).map(str.upper)
    return st.just(()) | st.lists(written, min_size=1, max_size=2).map(tuple)


WHERES = st.builds(
    Where, type=some(TYPES), region=some(REGIONS), own_region=st.booleans(), counterparty=some(CUSTOMERS),
    below=st.none() | st.sampled_from(AMOUNTS), at_least=st.none() | st.sampled_from(AMOUNTS), team=some(TEAMS),
    own_team=st.booleans(), mine=st.booleans(),
)  # fmt: skip
# Few conditions at a time, or hardly a contract would ever fit.
NARROW = st.sampled_from(
    (Where(), Where(own_region=True), Where(own_team=True), Where(mine=True), Where(type=("NDA",)),
     Where(counterparty=("STRASSE gmbh",)), Where(below=AMOUNTS[2]), Where(at_least=AMOUNTS[2]), Where(team=("CSM",)))
)  # fmt: skip
OPENING = st.builds(
    Rule, name=st.just("r"), where=NARROW | WHERES, show=st.frozensets(st.sampled_from(FieldClass)),
    may=st.frozensets(st.sampled_from(Act), max_size=3),
)  # fmt: skip
BANS = st.builds(Rule, name=st.just("b"), where=NARROW | WHERES, ban=st.just(True))
VIEWERS = st.builds(
    Viewer, email=st.sampled_from(EMAILS), name=st.just("v"), teams=st.sampled_from(((), ("csm",), ("LEGAL",))),
    regions=st.sampled_from(((), ("emea",), ("AMER", "SÜD"))),
    rules=st.tuples(st.lists(OPENING, max_size=3), st.lists(BANS, max_size=1)).map(lambda two: (*two[0], *two[1])),
)  # fmt: skip


def fill(database: Database, count: int) -> list[str]:
    """Make contracts of every kind: known, half known, without a row of facts, without anybody."""
    chance, ids = random.Random(7), []
    with database.write() as connection:
        connection.execute(documents.insert().values(
            sha256="0" * 64, name="x", media_type="x", size=1, stored_at=NOW, problem_detail=""))  # fmt: skip
        connection.execute(families.insert().values(id="f", customer="x", customer_key="x", created_at=NOW))
        for number in range(count):
            ids.append(str(uuid.UUID(int=number)))
            customer = chance.choice(CUSTOMERS)
            connection.execute(
                contracts.insert().values(
                    id=ids[-1], family_id="f", source="x", source_document=str(number), title="x", customer=customer,
                    document_sha256="0" * 64, reference={}, created_at=NOW, signers=[], ownership_reason="",
                    owner_email=chance.choice((*EMAILS, "", None)), backup_email=chance.choice((*EMAILS, None, None)),
                )
            )  # fmt: skip
            if chance.random() < 0.8:
                known = {
                    "type": chance.choice((*TYPES, "")), "region": chance.choice((*REGIONS, "")), "tier": "",
                    "product": "", "counterparty": customer, "value": chance.choice((*AMOUNTS, None)), "annual": None,
                    "starts": None, "ends": None, "ended_on": None, "renewal_type": "", "notice_period": "",
                    "governing_law": "", "contract_number": "", "doubts": 0, "missing": [], "standing": "own",
                    "parent_id": None,
                }  # fmt: skip
                facts.keep(database, connection, ids[-1], known, NOW)
            if chance.random() < 0.4:
                onboard(connection, ids[-1], number, chance.choice((*EMAILS, "")))
    return ids


def onboard(connection: object, contract: str, number: int, csm: str) -> None:
    connection.execute(  # type: ignore[attr-defined]
        inbox.insert().values(
            id=f"i{number}", source="x", event_id=str(number), kind="k", business_key=f"b{number}", document="d",
            state="done", body=b"", headers={}, received_at=NOW, deliveries=1,
        )
    )  # fmt: skip
    connection.execute(  # type: ignore[attr-defined]
        handoffs.insert().values(
            id=f"h{number}", inbox_id=f"i{number}", source="x", document=f"d{number}", signed={}, contract_id=contract,
            customer="x", deal_id="", deal_type="", csm_email=csm, csm_reason="", state="running", accepted_at=NOW,
            runs=1,
        )
    )  # fmt: skip


class TestTheRulesInSql:
    def test_select_exactly_what_the_rules_say(self, database: Database) -> None:
        ids, cases, opened = fill(database, 60), 0, 0
        with database.read() as connection:
            subjects = {one: access.subject(connection, one, PEOPLE) for one in ids}

            def selected(condition: access.Condition) -> set[str]:
                return set(connection.scalars(select(contracts.c.id).where(condition)))

            @settings(max_examples=250, deadline=None)
            @given(VIEWERS, st.sampled_from(FieldClass), st.sampled_from(Act))
            def check(viewer: Viewer, kind: FieldClass, act: Act) -> None:
                nonlocal cases, opened
                known = {one: subject for one, subject in subjects.items() if subject is not None}
                seen = {one for one, subject in known.items() if viewer.sees(subject)}
                assert selected(access.visible(viewer, PEOPLE)) == seen
                shown = {one for one, subject in known.items() if viewer.shows(kind, subject)}
                assert selected(access.showing(viewer, PEOPLE, kind)) == shown <= seen
                may = {one for one, subject in known.items() if viewer.may(act, subject)}
                assert selected(access.allowed(viewer, PEOPLE, act)) == may <= seen
                cases, opened = cases + len(known), opened + len(seen)

            check()
        assert cases >= 10_000
        assert 0.1 < opened / cases < 0.9  # neither all nor nothing: the comparison would say little

    def test_know_nothing_of_a_contract_that_is_not_there(self, database: Database) -> None:
        with database.read() as connection:
            assert access.subject(connection, "nobody", PEOPLE) is None
