"""An amendment moves deadlines and alerts only as a named person was shown it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from config.business import load_business
from config.settings import Settings
from connectors import registry
from domain.errors import Permanent
from domain.terms import ContractTerms, TermField
from store import alerts, clock, families, ledger, migrate
from store.database import Database
from store.outbox import StoredOutbox
from store.tables import audit
from store.vault import Vault
from tasks import amending, context, linking
from tasks.context import Context
from tasks.importing import import_file
from tasks.repapering import apply_repapering, plan_repapering
from tests.conftest import CONFIG, NOW
from tests.tasks.papers import HARROW, OURS, master

WHO = "sofia.marin@lumora.example"

AMENDMENT = """Amendment No. {no} to Master Services Agreement MSA-2025-01

This Amendment is made on {signed} between {ours} and {customer} ("Customer").

1. Notice. It renews automatically for successive terms of twelve (12) months each unless either party gives
written notice of non-renewal at least {notice} days before the end of the then-current term.

2. All other terms stay as they are.
"""


def amendment(no: int = 1, signed: str = "1 June 2026", notice: str = "ninety (90)") -> str:
    return AMENDMENT.format(no=no, signed=signed, ours=OURS, customer=HARROW, notice=notice)


@pytest.fixture
def ctx(settings: Callable[..., Settings]) -> Iterator[Context]:
    chosen = settings(config_dir=CONFIG)
    database = Database(chosen.database)
    migrate.migrate(database)
    built = registry.build(chosen, StoredOutbox(database, lambda: NOW))
    made = Context(chosen, load_business(CONFIG), database, Vault(chosen.home / "vault"), built, lambda: NOW)
    with context.use(made):
        yield made
    database.close()


class Signed:
    """Import papers as if they had been signed."""

    def __init__(self, ctx: Context, folder: Path) -> None:
        self.ctx, self.folder = ctx, folder

    def paper(self, name: str, text: str) -> str:
        path = self.folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        from domain.documents import FileKind

        made = import_file(self.ctx, path, kind=FileKind.PLAIN).contract_id
        linking.link_new(self.ctx, made)
        return made

    def master(self) -> str:
        return self.paper("msa", master(HARROW, "MSA-2025-01", "1 March 2025"))

    def open(self) -> list[dict[str, object]]:
        with self.ctx.database.read() as connection:
            return ledger.listed(connection)

    def notice(self, contract: str, day: date) -> str | None:
        with self.ctx.database.read() as connection:
            return ContractTerms.of(ledger.standing(connection, contract, day).terms).text(TermField.NOTICE_PERIOD)

    def deadline(self, contract: str) -> date:
        with self.ctx.database.read() as connection:
            row = clock.current(connection, contract)
        assert row is not None
        return row["notice_deadline"]  # type: ignore[no-any-return]

    def alerts(self, contract: str, state: str) -> list[str]:
        with self.ctx.database.read() as connection:
            return [row["reason"] for row in alerts.of_contract(connection, contract) if row["state"] == state]


@pytest.fixture
def signed(ctx: Context, tmp_path: Path) -> Signed:
    return Signed(ctx, tmp_path)


class TestAnAmendmentThatArrives:
    def test_is_linked_by_its_number_and_waits_for_approval(self, signed: Signed) -> None:
        contract = signed.master()
        signed.paper("amendment", amendment())
        [row] = signed.open()
        assert row["target_id"] == contract
        moved = {one["what"]: (one["before"], one["after"]) for one in row["impact"]["moved"]}  # type: ignore[index]
        assert moved["notice period"] == ("P60D", "P90D")
        assert moved["notice deadline"] == ("2026-12-30", "2026-11-30")
        assert "alerts" in moved
        assert signed.notice(contract, date(2026, 12, 1)) == "P60D"

    def test_has_no_deadlines_of_its_own(self, signed: Signed, ctx: Context) -> None:
        signed.master()
        paper = signed.paper("amendment", amendment())
        with ctx.database.read() as connection:
            assert clock.current(connection, paper) is None
            assert [row for row in alerts.of_contract(connection, paper) if row["state"] == "planned"] == []

    def test_before_its_contract_is_found_by_it_later(self, signed: Signed) -> None:
        signed.paper("amendment", amendment())
        assert signed.open() == []
        contract = signed.master()
        assert [row["target_id"] for row in signed.open()] == [contract]

    def test_of_nobody_we_know_waits_for_a_link(self, signed: Signed, ctx: Context) -> None:
        signed.master()
        signed.paper("other", amendment().replace("MSA-2025-01", "of 3 May 2019"))
        assert signed.open() == []
        with ctx.database.read() as connection:
            assert {row["state"] for row in families.listed(connection)} <= {"proposed", "ambiguous"}


class TestAnApproval:
    def approved(self, signed: Signed) -> tuple[str, str]:
        contract = signed.master()
        signed.paper("amendment", amendment())
        [row] = signed.open()
        amending.approve(signed.ctx, str(row["id"]), str(row["shown_hash"]), who=WHO)
        return contract, str(row["id"])

    def test_moves_the_deadline_and_says_why_the_old_alerts_are_gone(self, signed: Signed) -> None:
        contract, _ = self.approved(signed)
        assert signed.deadline(contract) == date(2026, 11, 30)
        assert signed.notice(contract, date(2026, 5, 31)) == "P60D"
        assert signed.notice(contract, date(2026, 6, 1)) == "P90D"
        gone = signed.alerts(contract, "superseded")
        assert gone
        assert all("was approved by" in reason for reason in gone)
        assert signed.alerts(contract, "planned")

    def test_is_audited_with_the_hash_of_what_was_shown(self, signed: Signed, ctx: Context) -> None:
        self.approved(signed)
        with ctx.database.read() as connection:
            row = connection.execute(select(audit).where(audit.c.action == "amendment.approved")).mappings().one()
        assert row["actor"] == WHO
        assert len(row["detail"].partition('"shown"')[2]) > 64

    def test_needs_what_was_shown_to_hold_still(self, signed: Signed) -> None:
        signed.master()
        signed.paper("amendment", amendment())
        [row] = signed.open()
        with pytest.raises(Permanent, match="not what was shown"):
            amending.approve(signed.ctx, str(row["id"]), "0" * 64, who=WHO)
        signed.paper("later", amendment(2, "1 May 2026", "thirty (30)"))
        other = next(one for one in signed.open() if one["id"] != row["id"])
        amending.approve(signed.ctx, str(other["id"]), str(other["shown_hash"]), who=WHO)
        with pytest.raises(Permanent, match="not what was shown"):
            amending.approve(signed.ctx, str(row["id"]), str(row["shown_hash"]), who=WHO)

    def test_is_given_by_a_colleague_only(self, signed: Signed) -> None:
        signed.master()
        signed.paper("amendment", amendment())
        [row] = signed.open()
        with pytest.raises(Permanent, match="may not decide"):
            amending.approve(signed.ctx, str(row["id"]), str(row["shown_hash"]), who="somebody@else.example")
        assert len(signed.open()) == 1

    def test_is_undone_by_a_withdrawal(self, signed: Signed) -> None:
        contract, identity = self.approved(signed)
        amending.withdraw(signed.ctx, identity, who=WHO, because="signed in error")
        assert signed.deadline(contract) == date(2026, 12, 30)
        assert signed.notice(contract, date(2026, 12, 1)) == "P60D"

    def test_happens_once(self, signed: Signed) -> None:
        _, identity = self.approved(signed)
        with pytest.raises(Permanent, match="no open amendment"):
            amending.reject(signed.ctx, identity, who=WHO, because="too late")


class TestAnAmendmentThatHoldsLater:
    def approve(self, signed: Signed, text: str) -> None:
        signed.paper("later", text)
        [row] = signed.open()
        amending.approve(signed.ctx, str(row["id"]), str(row["shown_hash"]), who=WHO)

    def test_never_lets_a_window_slip_between_two_regimes(self, signed: Signed) -> None:
        contract = signed.master()  # 60 days: the window closes on 30 December 2026
        # 120 days would have closed it on 31 October, before they hold
        self.approve(signed, amendment(signed="5 December 2026", notice="one hundred twenty (120)"))
        assert signed.deadline(contract) == date(2026, 12, 30)

    def test_never_lets_one_slip_that_holds_already(self, signed: Signed) -> None:
        contract = signed.master()
        self.approve(signed, amendment(signed="1 June 2026", notice="one hundred twenty (120)"))
        assert signed.deadline(contract) == date(2026, 12, 30)
        assert signed.alerts(contract, "planned")

    def test_decides_about_windows_that_close_under_it(self, signed: Signed) -> None:
        contract = signed.master()
        self.approve(signed, amendment(signed="15 November 2026", notice="thirty (30)"))
        assert signed.deadline(contract) == date(2027, 1, 29)


class TestARejection:
    def test_leaves_the_terms_as_they_are(self, signed: Signed) -> None:
        contract = signed.master()
        signed.paper("amendment", amendment())
        [row] = signed.open()
        with pytest.raises(Permanent, match="without a reason"):
            amending.reject(signed.ctx, str(row["id"]), who=WHO, because=" ")
        amending.reject(signed.ctx, str(row["id"]), who=WHO, because="never countersigned")
        assert signed.open() == []
        assert signed.deadline(contract) == date(2026, 12, 30)


class TestRepapering:
    def two(self, signed: Signed) -> tuple[str, list[str]]:
        first = signed.master()
        other = signed.paper("second", master("Tidewell Foods GmbH", "MSA-2025-02", "1 March 2025"))
        paper = signed.paper(
            "omnibus", amendment().replace("to Master Services Agreement MSA-2025-01", "to all agreements")
        )
        return paper, [first, other]

    def test_shows_a_plan_and_applies_exactly_that(self, signed: Signed) -> None:
        paper, targets = self.two(signed)
        plan = plan_repapering(signed.ctx, paper, targets)
        assert [step.target for step in plan.steps] == targets
        assert signed.notice(targets[0], date(2026, 12, 1)) == "P60D"
        with pytest.raises(Permanent, match="not what was shown"):
            apply_repapering(signed.ctx, plan, "0" * 64, who=WHO, because="new terms")
        apply_repapering(signed.ctx, plan, plan.fingerprint, who=WHO, because="new terms")
        assert [signed.notice(one, date(2026, 12, 1)) for one in targets] == ["P90D", "P90D"]
        assert plan_repapering(signed.ctx, paper, targets).untouched == tuple(targets)

    def test_refuses_what_is_no_contract_and_too_many(self, signed: Signed) -> None:
        paper, targets = self.two(signed)
        with pytest.raises(Permanent, match="no contract 'nowhere'"):
            plan_repapering(signed.ctx, paper, [*targets, "nowhere"])
        with pytest.raises(Permanent, match="circle"):
            plan_repapering(signed.ctx, paper, [paper])
