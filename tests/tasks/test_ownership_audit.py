"""Every contract has an owner and a distinct backup who can be reached, also after people leave."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Permanent
from domain.ownership import Flaw, refuse_implausible
from store import contracts
from tasks.alerting import send_alerts_now
from tasks.ownership import findings, hand_over, mend
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, TIDEWELL, master

WHO = "dana.whitfield@lumora.example"


@pytest.fixture
def two(office: Office) -> tuple[str, str]:
    office.on(date(2026, 3, 2))
    return (
        office.paper("a", master(HARROW, "MSA-2025-01", "1 March 2025")),
        office.paper("b", master(TIDEWELL, "MSA-2025-02", "1 March 2025")),
    )


def people(office: Office, contract: str) -> tuple[str, str]:
    with office.database.read() as connection:
        row = contracts.get(connection, contract)
    return row["owner_email"], row["backup_email"]


class TestTheAudit:
    def test_finds_nothing_where_everybody_is_here(self, office: Office, two: tuple[str, str]) -> None:
        assert findings(office.ctx) == []
        assert mend(office.ctx) == ([], [])

    def test_gives_what_somebody_left_to_others_and_their_alerts_follow(
        self, office: Office, two: tuple[str, str]
    ) -> None:
        leaver, _ = people(office, two[0])
        office.leaves(leaver)
        flaws = {one.owned.contract_id: one.flaw for one in findings(office.ctx) if one.person == leaver}
        assert flaws[two[0]] is Flaw.OWNER_GONE
        assert mend(office.ctx, dry_run=True)[0] == []
        moved, left = mend(office.ctx)
        assert left == []
        assert {(one.contract_id, one.before) for one in moved} >= {(two[0], leaver)}
        owner, backup = people(office, two[0])
        assert leaver not in {owner, backup}
        assert owner != backup
        assert {row["recipient"] for row in office.alerts(two[0], "planned")} == {owner, backup}
        assert any("are yours now" in text for to, text in office.told("chat") if to == owner)
        assert send_alerts_now(office.on(date(2026, 8, 28)), dry_run=False, limit=50)
        assert leaver not in {to for to, _ in office.told()}

    def test_knows_that_somebody_who_was_struck_from_the_list_has_left(
        self, office: Office, two: tuple[str, str]
    ) -> None:
        leaver, _ = people(office, two[0])
        del office.business.people[leaver]
        assert {one.flaw for one in findings(office.ctx)} >= {Flaw.OWNER_GONE}

    def test_names_what_no_rule_has_anybody_for(self, office: Office, two: tuple[str, str]) -> None:
        for email, one in office.business.people.items():
            if email != WHO and {"legal", "revops"} & set(one.teams):
                office.leaves(email)
        _, left = mend(office.ctx)
        assert {one.owned.contract_id for one in left} == set(two)


class TestAHandOver:
    def test_lists_what_moves_before_it_moves(self, office: Office, two: tuple[str, str]) -> None:
        leaver, _ = people(office, two[0])
        planned = hand_over(office.ctx, leaver, who=WHO, dry_run=True)
        assert planned
        assert people(office, two[0])[0] == leaver
        moved = hand_over(office.ctx, leaver, who=WHO)
        assert {one.contract_id for one in moved} == {one.contract_id for one in planned}
        assert leaver not in people(office, two[0])

    def test_to_one_colleague_never_leaves_one_person_alone(self, office: Office, two: tuple[str, str]) -> None:
        leaver, backup = people(office, two[0])
        hand_over(office.ctx, leaver, to=backup, who=WHO)
        owner, other = people(office, two[0])
        assert owner != other
        assert leaver not in {owner, other}

    def test_is_asked_for_by_a_colleague(self, office: Office, two: tuple[str, str]) -> None:
        with pytest.raises(Permanent, match="may not decide"):
            hand_over(office.ctx, people(office, two[0])[0], who="nobody@else.example")


class TestAnImplausibleNight:
    def test_moves_nothing(self) -> None:
        with pytest.raises(Permanent, match="300 of 1000 contracts would change hands"):
            refuse_implausible(300, 1000, force=False)
        refuse_implausible(300, 1000, force=True)
        refuse_implausible(20, 20, force=False)
