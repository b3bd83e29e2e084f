"""A night records what is new, changed or settled, and money as recovered only when its line was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.errors import Permanent
from domain.findings.evidence import seen
from domain.findings.finding import Finding
from domain.findings.night import Change, Kind, Known, Night, changes, content_of
from domain.findings.status import BY_NIGHT, UNSETTLED, Move, Status, check_move
from domain.invoices import Direction, InvoiceKind
from tests.domain.findings.desk import TODAY, D, check, clean, contract, eur, with_line

PAYABLE, RECEIVABLE = Direction.PAYABLE, Direction.RECEIVABLE
PERSON = "gregor.palmqvist@lumora.example"


def overcharge() -> Finding:
    papers = clean(contract())
    papers[2] = with_line(papers[2], amount=eur("540.00"))
    return check(contract(), papers).findings[0]


def known(finding: Finding, status: Status = Status.DETECTED, **changes: object) -> dict[str, Known]:
    stake = finding.at_stake
    base = Known(
        finding.fingerprint, "c1", status, content_of(finding), "v1", stake, stake, dispute_by=finding.dispute_by
    )
    return {finding.fingerprint: replace(base, **changes)}  # type: ignore[arg-type]


def night(seen_lines: dict[str, str] | None = None, terms: str = "v1", today: date = TODAY) -> Night:
    return Night(today, frozenset({"c1"}), {"c1": terms}, seen_lines or {})


def only(found: list[Change]) -> Change:
    (change,) = found
    return change


class TestNights:
    def test_raise_what_is_new(self) -> None:
        assert only(list(changes(night(), {}, [overcharge()]))).kind is Kind.RAISED

    @pytest.mark.parametrize("status", UNSETTLED)
    def test_change_nothing_that_did_not_change(self, status: Status) -> None:
        assert list(changes(night(), known(overcharge(), status), [overcharge()])) == []

    def test_keep_the_status_of_what_did(self) -> None:
        dearer = replace(overcharge(), billed=eur("550.00"))
        change = only(list(changes(night(), known(overcharge(), Status.CLAIMED), [dearer])))
        assert (change.kind, change.status) == (Kind.CHANGED, Status.CLAIMED)

    def test_resolve_what_its_source_corrected(self) -> None:
        assert only(list(changes(night(), known(overcharge()), []))).status is Status.RESOLVED

    def test_recover_a_claim_only_when_its_credit_was_seen(self) -> None:
        claimed = known(overcharge(), Status.CLAIMED)
        assert only(list(changes(night(), claimed, []))).status is Status.RESOLVED
        change = only(list(changes(night({overcharge().fingerprint: "credit note G-1"}), claimed, [])))
        assert (change.status, change.recovered, change.why) == (Status.RECOVERED, eur("40.00"), "credit note G-1")

    def test_recover_a_part_where_a_part_was_credited(self) -> None:
        rest = replace(overcharge(), billed=eur("515.00"))
        change = only(
            list(changes(night({rest.fingerprint: "credit note G-1"}), known(overcharge(), Status.CLAIMED), [rest]))
        )
        assert (change.kind, change.status, change.recovered) == (Kind.PARTLY, Status.CLAIMED, eur("25.00"))

    def test_never_recover_more_than_was_claimed(self) -> None:
        before = known(overcharge(), Status.CREDITED, recovered=Decimal(25))
        change = only(list(changes(night({overcharge().fingerprint: "credit note G-2"}), before, [])))
        assert change.recovered == eur("15.00")

    def test_supersede_what_other_terms_have_settled(self) -> None:
        assert only(list(changes(night(terms="v2"), known(overcharge()), []))).status is Status.SUPERSEDED

    def test_let_expire_what_nobody_claimed_in_time(self) -> None:
        late = known(overcharge(), Status.CONFIRMED, dispute_by=date(2026, 7, 1))
        assert only(list(changes(night(), late, [overcharge()]))).status is Status.EXPIRED
        assert (
            list(changes(night(), known(overcharge(), Status.CLAIMED, dispute_by=date(2026, 7, 1)), [overcharge()]))
            == []
        )

    @pytest.mark.parametrize("status", [Status.RESOLVED, Status.SUPERSEDED, Status.RECOVERED])
    def test_reopen_what_is_there_again(self, status: Status) -> None:
        assert only(list(changes(night(), known(overcharge(), status), [overcharge()]))).kind is Kind.REOPENED

    @pytest.mark.parametrize("status", [Status.REJECTED, Status.WRITTEN_OFF, Status.EXPIRED])
    def test_leave_what_people_have_closed(self, status: Status) -> None:
        assert list(changes(night(), known(overcharge(), status), [overcharge()])) == []
        assert list(changes(night(), known(overcharge(), status), [])) == []

    def test_say_nothing_of_contracts_they_did_not_look_at(self) -> None:
        assert list(changes(replace(night(), checked=frozenset()), known(overcharge()), [])) == []


class TestEvidence:
    def test_is_a_credit_note_for_the_same_product_and_days(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("540.00"))
        back = replace(
            with_line(papers[2], amount=eur("40.00"), quantity=D(1)), kind=InvoiceKind.CREDIT_NOTE, number="G-1",
            id="G-1", corrects=papers[2].number, issued=date(2026, 4, 9),
        )  # fmt: skip
        audited = check(contract(), [*papers, back])
        assert audited.findings == ()
        found = seen({overcharge().fingerprint: overcharge()}, audited.lines)
        assert found == {overcharge().fingerprint: "credit note G-1 of 2026-04-09: -40.00 EUR"}

    def test_is_no_invoice_of_another_month(self) -> None:
        papers = clean(contract())
        papers[2] = with_line(papers[2], amount=eur("540.00"))
        assert seen({overcharge().fingerprint: overcharge()}, check(contract(), papers).lines) == {}


class TestPeople:
    @pytest.mark.parametrize(
        ("now", "to", "direction"),
        [
            (Status.DETECTED, Status.CONFIRMED, PAYABLE),
            (Status.CONFIRMED, Status.CLAIMED, PAYABLE),
            (Status.CONFIRMED, Status.TO_BILL, RECEIVABLE),
            (Status.CLAIMED, Status.ACKNOWLEDGED, PAYABLE),
            (Status.TO_BILL, Status.REBILLED, RECEIVABLE),
        ],
    )
    def test_go_step_by_step(self, now: Status, to: Status, direction: Direction) -> None:
        check_move(now, Move(to, PERSON), direction)

    @pytest.mark.parametrize("to", BY_NIGHT)
    def test_never_say_that_money_is_back(self, to: Status) -> None:
        with pytest.raises(Permanent, match="nightly run"):
            check_move(Status.CREDITED, Move(to, PERSON, "it is"), PAYABLE)

    @pytest.mark.parametrize(
        ("now", "move", "direction"),
        [
            (Status.DETECTED, Move(Status.CLAIMED, PERSON), PAYABLE),
            (Status.CONFIRMED, Move(Status.CLAIMED, PERSON), RECEIVABLE),
            (Status.CONFIRMED, Move(Status.TO_BILL, PERSON), PAYABLE),
            (Status.CONFIRMED, Move(Status.REJECTED, PERSON), PAYABLE),
            (Status.CONFIRMED, Move(Status.WRITTEN_OFF, PERSON, "too small"), PAYABLE),
            (Status.CONFIRMED, Move(Status.WRITTEN_OFF, PERSON, "too small", PERSON), PAYABLE),
            (Status.REJECTED, Move(Status.CONFIRMED, PERSON, "after all"), PAYABLE),
            (Status.REJECTED, Move(Status.TRIAGED, PERSON), PAYABLE),
        ],
    )
    def test_are_refused_what_is_no_step(self, now: Status, move: Move, direction: Direction) -> None:
        with pytest.raises(Permanent):
            check_move(now, move, direction)

    def test_write_off_with_somebody_elses_approval(self) -> None:
        check_move(Status.CONFIRMED, Move(Status.WRITTEN_OFF, PERSON, "too small", "ingrid@lumora.example"), PAYABLE)

    def test_reopen_with_a_reason(self) -> None:
        check_move(Status.REJECTED, Move(Status.TRIAGED, PERSON, "new evidence"), PAYABLE)
