"""Availability counts each unavailable minute once, leaves out what the contract excuses, and admits what it cannot know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.uptime import FileUptime
from domain.outages import Impact, Outage
from domain.pricing.billing_periods import Span
from domain.sla.availability import Counting, measure
from domain.sla.exclusions import Cause, Exclusion, Excuses
from domain.sla.measured import Verdict, in_minutes, percent
from domain.sla.window import Window, WindowKind, WindowRule, windows
from tests.conftest import shared
from tests.domain.sla.levels import at, down, month, outage

THREE_NINES = Decimal("99.9")
WORKS = Counting(excuses=Excuses(frozenset({Cause.MAINTENANCE})))


def works(start: datetime, hours: float, announced: datetime | None = None) -> Exclusion:
    return Exclusion(Cause.MAINTENANCE, start, start + timedelta(hours=hours), announced_at=announced)


class TestTheVectors:
    @pytest.mark.parametrize(
        ("minutes", "shown", "verdict"),
        [
            (43, "99.9005 %", Verdict.MET),
            (44, "99.8981 %", Verdict.MISSED),
            (440, "98.9815 %", Verdict.MISSED),
            (2200, "94.9074 %", Verdict.MISSED),
        ],
    )
    def test_of_a_month_of_thirty_days(self, minutes: int, shown: str, verdict: Verdict) -> None:
        found = down(minutes)
        assert found.total == 43_200
        assert percent(found.highest) == shown
        assert found.verdict(THREE_NINES) is verdict

    @pytest.mark.parametrize(("shrinks", "shown"), [(True, "99.8836 %"), (False, "99.8843 %")])
    def test_of_240_excluded_minutes(self, *, shrinks: bool, shown: str) -> None:
        found = down(50, Counting(shrinks=shrinks, excuses=WORKS.excuses), works(at(20), 4))
        assert found.excluded == 240
        assert percent(found.highest) == shown


class TestAMeasurement:
    def test_counts_outages_that_overlap_once(self) -> None:
        seen = [outage(at(3), 60), outage(at(3, 0, 30), 60), outage(at(3, 1, 30), 10)]
        assert measure(month(), seen, Counting(), source="probe").down == 100

    def test_counts_only_what_lies_in_the_window(self) -> None:
        seen = [
            outage(at(1) - timedelta(minutes=30), 40),
            outage(at(30, 23, 50), 60),
            outage(at(1) - timedelta(days=3), 9),
        ]
        assert measure(month(), seen, Counting(), source="probe").down == 20

    def test_lets_an_outage_that_still_lasts_end_with_the_window(self) -> None:
        open_ = Outage("api", at(30, 23), None, Impact.DOWN)
        assert measure(month(), [open_], Counting(), source="probe").down == 60

    def test_counts_seconds_exactly(self) -> None:
        assert measure(month(), [outage(at(3), 0.5)], Counting(), source="probe").down == Fraction(1, 2)

    @pytest.mark.parametrize(("counts", "minutes"), [(False, 0), (True, 60)])
    def test_counts_a_degraded_service_where_the_contract_does(self, *, counts: bool, minutes: int) -> None:
        seen = [outage(at(3), 60, Impact.DEGRADED)]
        assert measure(month(), seen, Counting(degraded=counts), source="probe").down == minutes

    def test_leaves_out_outages_that_are_too_short_and_parts_of_minutes(self) -> None:
        counting = Counting(least=timedelta(minutes=1), whole_minutes=True)
        seen = [outage(at(3), 0.9), outage(at(4), 1.9), outage(at(5), 1)]
        assert measure(month(), seen, counting, source="probe").down == 2

    def test_judges_the_length_of_an_outage_whole_across_the_end_of_a_window(self) -> None:
        seen = [outage(at(30, 23, 58), 10)]
        assert measure(month(), seen, Counting(least=timedelta(minutes=5)), source="probe").down == 2

    def test_never_rounds_before_it_compares(self) -> None:
        found = measure(month(), [outage(at(3), 43.2), outage(at(4), Fraction(1, 60))], Counting(), source="probe")
        assert percent(found.highest) == "99.9000 %"
        assert found.verdict(THREE_NINES) is Verdict.MISSED

    @pytest.mark.parametrize(("exact", "verdict"), [(True, Verdict.MET), (False, Verdict.MISSED)])
    def test_lets_the_contract_say_whether_to_reach_is_to_meet(self, *, exact: bool, verdict: Verdict) -> None:
        assert down(43.2).verdict(THREE_NINES, exact_is_met=exact) is verdict

    def test_explains_itself_in_minutes(self) -> None:
        [line] = down(44).why
        assert line == (
            "probe: 2026-06-01 to 2026-06-30, 43200 min; 44 min unavailable: 1 - 44 min / 43200 min = 99.8981 %."
        )

    def test_shows_what_was_left_out_and_both_bounds(self) -> None:
        blind = outage(at(4), 10, Impact.UNKNOWN)
        found = measure(month(), [outage(at(3), 50), blind], WORKS, source="probe", exclusions=[works(at(20), 4)])
        assert found.why[1:] == (
            "probe: 2026-06-01 to 2026-06-30, 43200 min - 240 min excluded = 42960 min; 50 min unavailable: "
            "1 - 50 min / 42960 min = 99.8836 %.",
            "probe: were every doubt (blind, or not proved to be excused) downtime: "
            "1 - 60 min / 42960 min = 99.8603 %.",
        )


class TestTimeNobodySaw:
    def test_is_neither_up_nor_down(self) -> None:
        found = measure(month(), [outage(at(3), 44, Impact.UNKNOWN)], Counting(), source="probe")
        assert found.down == 0
        assert found.doubtful == 44
        assert (percent(found.lowest), percent(found.highest)) == ("99.8981 %", "100.0000 %")
        assert found.verdict(THREE_NINES) is Verdict.UNDECIDED
        assert found.verdict(Decimal(99)) is Verdict.MET

    def test_gives_way_to_what_was_seen_at_the_same_time(self) -> None:
        seen = [outage(at(3), 44, Impact.UNKNOWN), outage(at(3), 44)]
        found = measure(month(), seen, Counting(), source="probe")
        assert found.down == 44
        assert found.doubtful == 0


class TestMaintenance:
    def test_is_excused_where_the_contract_lets_it_out(self) -> None:
        seen = [outage(at(3), 120, Impact.MAINTENANCE)]
        assert measure(month(), seen, WORKS, source="page").down == 0
        assert measure(month(), seen, Counting(), source="page").down == 120

    def test_is_excused_up_to_the_allowance_of_its_month_and_the_earliest_first(self) -> None:
        counting = Counting(excuses=Excuses(frozenset({Cause.MAINTENANCE}), monthly=timedelta(hours=4)))
        seen = [outage(at(3), 180), outage(at(10), 180)]
        found = measure(month(), seen, counting, source="probe", exclusions=[works(at(3), 3), works(at(10), 3)])
        assert found.excluded == 240
        assert found.down == 120

    def test_has_an_allowance_for_each_month_of_a_quarter(self) -> None:
        whole = Span(date(2026, 4, 1), date(2026, 7, 1))
        counting = Counting(excuses=Excuses(frozenset({Cause.MAINTENANCE}), monthly=timedelta(hours=1)))
        said = [works(datetime(2026, month, 5, tzinfo=UTC), 2) for month in (4, 5, 6)]
        assert measure(Window(whole, whole, "UTC"), [], counting, source="probe", exclusions=said).excluded == 180

    def test_announced_too_late_counts(self) -> None:
        counting = Counting(excuses=Excuses(frozenset({Cause.MAINTENANCE}), notice=timedelta(hours=48)))
        late, early = works(at(3), 1, at(2)), works(at(10), 1, at(8))
        seen = [outage(at(3), 60), outage(at(10), 60)]
        found = measure(month(), seen, counting, source="probe", exclusions=[late, early])
        assert found.excluded == 60
        assert found.down == 60
        assert found.doubtful == 0
        assert any("announced too late" in line for line in found.why)

    def test_without_proof_of_its_announcement_is_in_doubt(self) -> None:
        counting = Counting(excuses=Excuses(frozenset({Cause.MAINTENANCE}), notice=timedelta(hours=48)))
        found = measure(month(), [outage(at(3), 120, Impact.MAINTENANCE)], counting, source="page")
        assert found.down == 0
        assert found.doubtful == 120
        assert found.verdict(THREE_NINES) is Verdict.UNDECIDED

    def test_of_a_whole_window_leaves_nothing_promised(self) -> None:
        found = measure(month(), [], WORKS, source="probe", exclusions=[works(at(1), 24 * 30)])
        assert found.lowest == 1
        assert found.highest == 1


class TestOtherExcuses:
    def test_count_only_where_the_contract_names_them(self) -> None:
        fault = Exclusion(Cause.CUSTOMER, at(3), at(3, 1), "their firewall")
        named = Counting(excuses=Excuses(frozenset({Cause.CUSTOMER})))
        assert down(60, named, fault).down == 0
        found = down(60, WORKS, fault)
        assert found.down == 60
        assert any("does not let it out" in line for line in found.why)


class TestARealMonitor:
    """The log of a status page's probes: `Manual` was seen from 11 August 2026, and was down six times."""

    def seen(self) -> list[Outage]:
        uptime = FileUptime(shared("data/uptime/events.csv.gz").parent, UTC)
        return list(uptime.outages("Manual", datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)))

    def subscribed(self, first: int, last: int) -> Window:
        term = date(2026, 8, first), date(2026, 8, last)
        [window] = windows(WindowRule(WindowKind.MONTH, "UTC"), *term, through=term[1])
        return window

    def test_and_the_page_itself_come_to_two_verdicts(self) -> None:
        window = self.subscribed(12, 21)
        events = measure(window, self.seen(), Counting(), source="events")
        # What the page reports as minutes of downtime a day adds up to 59, its events to 92.4.
        page = measure(window, [outage(datetime(2026, 8, 18, 9, tzinfo=UTC), 59)], Counting(), source="page")
        assert in_minutes(events.down) == "92.42 min"
        assert (percent(events.highest), percent(page.highest)) == ("99.3582 %", "99.5903 %")
        assert events.verdict(Decimal("99.5")) is Verdict.MISSED
        assert page.verdict(Decimal("99.5")) is Verdict.MET

    def test_that_was_blind_for_days_proves_a_miss_only_where_the_rest_is_enough(self) -> None:
        august = measure(self.subscribed(1, 31), self.seen(), Counting(), source="events")
        assert percent(august.highest) == "99.7930 %"
        assert august.verdict(Decimal("99.9")) is Verdict.MISSED
        assert august.verdict(Decimal("99.5")) is Verdict.UNDECIDED


_PIECES = st.lists(st.tuples(st.integers(0, 43_000), st.integers(1, 300)), max_size=8)


def _seen(pieces: list[tuple[int, int]]) -> list[Outage]:
    return [outage(at(1) + timedelta(minutes=start), lasts) for start, lasts in pieces]


class TestAnyOutages:
    @given(_PIECES, st.integers(1, 299), st.booleans())
    def test_split_in_two_measure_the_same(self, pieces: list[tuple[int, int]], cut: int, whole: bool) -> None:
        counting = Counting(least=timedelta(minutes=2), whole_minutes=whole)
        parts = [(start, min(cut, lasts)) for start, lasts in pieces]
        parts += [(start + cut, lasts - cut) for start, lasts in pieces if lasts > cut]
        one = measure(month(), _seen(pieces), counting, source="probe")
        other = measure(month(), _seen(parts), counting, source="probe")
        assert (one.down, one.highest) == (other.down, other.highest)

    @given(_PIECES, _PIECES, _PIECES)
    def test_with_more_downtime_are_never_more_available(
        self, pieces: list[tuple[int, int]], more: list[tuple[int, int]], free: list[tuple[int, int]]
    ) -> None:
        said = [works(at(1) + timedelta(minutes=start), lasts / 60) for start, lasts in free]
        counting = Counting(least=timedelta(minutes=2), whole_minutes=True, excuses=WORKS.excuses)
        less = measure(month(), _seen(pieces), counting, source="probe", exclusions=said)
        both = measure(month(), _seen([*pieces, *more]), counting, source="probe", exclusions=said)
        assert both.highest <= less.highest
        assert both.down >= less.down

    @given(_PIECES, _PIECES)
    def test_lie_between_their_bounds(self, pieces: list[tuple[int, int]], dark: list[tuple[int, int]]) -> None:
        blind = [Outage("api", one.start, one.end, Impact.UNKNOWN) for one in _seen(dark)]
        found = measure(month(), [*_seen(pieces), *blind], Counting(), source="probe")
        known = measure(month(), _seen(pieces), Counting(), source="probe")
        assert found.highest == known.highest
        assert 0 <= found.lowest <= found.highest <= 1
