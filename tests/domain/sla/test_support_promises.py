"""A window of support is judged by the part of its tickets that was dealt with in time, and credited by those late."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import OfficeHours
from domain.money import Money
from domain.pricing.billing_periods import Span
from domain.sla.credits import credit_due
from domain.sla.measured import Counted, Verdict
from domain.sla.response import Kind, Promised, Reply, Ticket
from domain.sla.schemes import Steps, Tier, Tiers
from domain.sla.support import measure_support
from domain.sla.window import Window

JUNE = Span(date(2026, 6, 1), date(2026, 7, 1))
WINDOW = Window(JUNE, JUNE, "UTC")
NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
HOUR = Promised("P1", Kind.RESPONSE, timedelta(hours=1))


def ticket(number: int, minutes: int | None, severity: str = "P1", day: int = 3) -> Ticket:
    opened = datetime(2026, 6, day, 10, tzinfo=UTC)
    replies = () if minutes is None else (Reply(opened + timedelta(minutes=minutes)),)
    return Ticket(f"T-{number}", severity, opened, replies)


class TestAWindowOfTickets:
    def test_is_the_part_that_was_answered_in_time(self) -> None:
        found = measure_support(
            WINDOW, [ticket(1, 60), ticket(2, 61), ticket(3, 5), ticket(4, 30)], HOUR, source="files", now=NOW
        )
        assert (found.total, found.down, found.highest, found.lowest) == (4, 1, Fraction(3, 4), Fraction(3, 4))
        assert found.counted is Counted.TICKETS
        assert found.verdict(Decimal(75)) is Verdict.MET
        assert found.verdict(Decimal(76)) is Verdict.MISSED

    def test_names_every_late_ticket_with_its_time(self) -> None:
        found = measure_support(WINDOW, [ticket(1, 60), ticket(2, 61)], HOUR, source="files", now=NOW)
        assert found.why[0].endswith("2 tickets, 1 of them late: 1 - 1 / 2 = 50.0000 %.")
        [late] = found.why[1:]
        assert late.startswith("T-2 (P1), response: 61 min of real time")

    def test_counts_other_severities_and_other_months_not_at_all(self) -> None:
        other = [ticket(1, 600, severity="P2"), Ticket("T-2", "P1", datetime(2026, 7, 1, tzinfo=UTC))]
        found = measure_support(WINDOW, other, HOUR, source="files", now=NOW)
        assert (found.total, found.verdict(Decimal(100))) == (0, Verdict.MET)

    def test_without_tickets_is_kept(self) -> None:
        found = measure_support(WINDOW, [], HOUR, source="files", now=NOW)
        assert (found.verdict(Decimal(100)), found.why) == (
            Verdict.MET,
            ("files: 2026-06-01 to 2026-06-30, no such ticket was opened.",),
        )

    def test_with_an_open_ticket_in_time_is_undecided_until_it_is_late(self) -> None:
        desk = OfficeHours("UTC", "GB", time(9), time(17))
        days = Promised("P1", Kind.RESOLUTION, timedelta(hours=24), desk)
        open_ = [ticket(1, None, day=30)]
        found = measure_support(WINDOW, open_, days, source="files", now=NOW)
        assert (found.down, found.doubtful, found.verdict(Decimal(100))) == (0, 1, Verdict.UNDECIDED)
        later = measure_support(WINDOW, open_, days, source="files", now=NOW + timedelta(days=4))
        assert (later.down, later.doubtful, later.verdict(Decimal(100))) == (1, 0, Verdict.MISSED)

    def test_says_of_an_open_late_ticket_the_same_every_night(self) -> None:
        said = [
            measure_support(WINDOW, [ticket(1, None)], HOUR, source="files", now=NOW + timedelta(days=n)).why
            for n in range(3)
        ]
        assert said[0] == said[1] == said[2]

    def test_names_twenty_late_tickets_and_counts_the_rest(self) -> None:
        found = measure_support(WINDOW, [ticket(n, 90) for n in range(25)], HOUR, source="files", now=NOW)
        assert len(found.why) == 1 + 20 + 1
        assert found.why[-1] == "5 more tickets were late."

    @given(st.lists(st.one_of(st.none(), st.integers(0, 200)), max_size=12))
    def test_adds_up_to_its_tickets(self, minutes: list[int | None]) -> None:
        found = measure_support(
            WINDOW, [ticket(n, one) for n, one in enumerate(minutes)], HOUR, source="files", now=NOW
        )
        late = sum(one is None or one > 60 for one in minutes)
        assert (found.total, found.down, found.doubtful) == (len(minutes), late, 0)
        assert found.lowest == found.highest == (1 - Fraction(late, len(minutes)) if minutes else 1)


class TestTheCredit:
    late = measure_support(WINDOW, [ticket(n, 90) for n in range(3)] + [ticket(9, 1)], HOUR, source="files", now=NOW)

    def test_grows_with_each_late_ticket_up_to_its_most(self) -> None:
        each = Steps(Decimal(5), Fraction(1), Decimal(12), allowance=Fraction(0))
        due = credit_due(self.late, each, fee=Money(Decimal(1000), "USD"))
        assert due.amount == Money(Decimal("120.00"), "USD")
        assert "5 % x 3 full intervals of 1 ticket in 3 tickets - 0 tickets allowed, at most 12 %: 12 %" in due.why[0]

    def test_goes_by_bands_of_the_part_in_time(self) -> None:
        bands = Tiers((Tier.parse("90..95: 5"), Tier.parse("..90: 10")))
        assert credit_due(self.late, bands, fee=Money(Decimal(1000), "USD")).amount == Money(Decimal("100.00"), "USD")
