"""Uptime out of files: events, intervals, silences, and a real monitor's log."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.uptime import FileUptime
from domain.errors import ConfigurationError, Permanent
from domain.outages import Impact, Outage, Span, outages, sampled
from tests.conftest import shared

START, END = datetime(2026, 8, 11, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, 12, hour, minute, tzinfo=UTC)


def seen(found: object) -> list[tuple[Impact, datetime, datetime | None]]:
    assert isinstance(found, list)
    return [(one.impact, one.start, one.end) for one in found]


class TestRealMonitor:
    @pytest.mark.parametrize(("service", "minutes"), [("Manual", 92.42), ("GitHub", 192.08), ("Catalog Search", 160.0)])
    def test_down_minutes_are_those_of_the_log(self, service: str, minutes: float) -> None:
        uptime = FileUptime(shared("data/uptime/events.csv.gz").parent, UTC)
        down = [one for one in uptime.outages(service, START, END) if one.impact is Impact.DOWN]
        total = sum(((one.end - one.start).total_seconds() / 60 for one in down if one.end), 0.0)
        assert round(total, 2) == minutes

    def test_time_before_the_first_observation_is_unknown_not_up(self) -> None:
        uptime = FileUptime(shared("data/uptime/events.csv.gz").parent, UTC)
        first = uptime.outages("Manual", START, END)[0]
        assert first.impact is Impact.UNKNOWN
        assert (first.start, first.end) == (START, datetime(2026, 8, 11, 11, 6, 26, tzinfo=UTC))

    def test_check_counts_its_records(self) -> None:
        health = FileUptime(shared("data/uptime/events.csv.gz").parent, UTC).check()
        assert health.detail.startswith("314 records")
        assert not health.missing


class TestEvents:
    def folder(self, tmp_path: Path, text: str) -> Path:
        (tmp_path / "log.csv").write_text(text, encoding="utf-8")
        return tmp_path

    def test_a_state_lasts_until_the_next_event(self, tmp_path: Path) -> None:
        folder = self.folder(
            tmp_path,
            "service,time,status\nAPI,2026-08-11T00:00:00Z,up\nAPI,2026-08-12T01:00:00Z,down\n"
            "API,2026-08-12T02:00:00Z,degraded\nAPI,2026-08-12T03:00:00Z,up\n",
        )
        found = seen(FileUptime(folder, UTC).outages("api", START, END))
        assert found == [(Impact.DOWN, at(1), at(2)), (Impact.DEGRADED, at(2), at(3))]

    def test_repeated_down_events_are_one_outage_that_still_lasts(self, tmp_path: Path) -> None:
        rows = "".join(f"API,2026-08-12T0{hour}:00:00Z,down\n" for hour in range(1, 4))
        folder = self.folder(tmp_path, f"service,time,status\nAPI,2026-08-11T00:00:00Z,up\n{rows}")
        assert seen(FileUptime(folder, UTC).outages("API", START, END)) == [(Impact.DOWN, at(1), None)]

    def test_silence_of_a_heartbeat_is_unknown(self, tmp_path: Path) -> None:
        folder = self.folder(
            tmp_path, "service,time,status\nAPI,2026-08-12T01:00:00Z,up\nAPI,2026-08-12T04:00:00Z,up\n"
        )
        uptime = FileUptime(folder, UTC, timedelta(hours=1))
        assert seen(uptime.outages("API", at(1), at(6))) == [
            (Impact.UNKNOWN, at(2), at(4)),
            (Impact.UNKNOWN, at(5), at(6)),
        ]

    def test_a_paused_monitor_is_unknown(self, tmp_path: Path) -> None:
        folder = self.folder(
            tmp_path,
            "monitor;timestamp;state\nAPI;2026-08-11 00:00:00;up\nAPI;2026-08-12 03:00:00;paused\n"
            "API;2026-08-12 04:00:00;up\n",
        )
        uptime = FileUptime(folder, ZoneInfo("Europe/Berlin"))
        found = seen(uptime.outages("API", at(0), END))
        assert found == [(Impact.UNKNOWN, at(1), at(2))]

    def test_an_unknown_state_or_time_stops_the_reading(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path, "service,time,status\nAPI,2026-08-11T00:00:00Z,so-so\n")
        with pytest.raises(Permanent, match=r"log\.csv, record 1.*so-so"):
            FileUptime(folder, UTC).outages("API", START, END)
        folder = self.folder(tmp_path, "service,time,status\nAPI,11/08/26,up\n")
        with pytest.raises(Permanent, match=r"11/08/26"):
            FileUptime(folder, UTC).check()


class TestIntervals:
    def test_lists_are_read_from_json_whole_and_unclipped(self, tmp_path: Path) -> None:
        rows = [
            {"service": "API", "start": "2026-08-10T23:00:00Z", "end": "2026-08-11T01:00:00Z", "impact": "major"},
            {"service": "API", "start": 1786500000, "end": None, "impact": "maintenance", "id": "m1", "title": "Move"},
            {"service": "Web", "start": None},
        ]
        (tmp_path / "outages.json.gz").write_bytes(gzip.compress(json.dumps({"outages": rows}).encode()))
        uptime = FileUptime(tmp_path, UTC)
        first, second = uptime.outages("API", START, END)
        assert (first.start, first.impact) == (datetime(2026, 8, 10, 23, tzinfo=UTC), Impact.DOWN)
        assert (second.id, second.title, second.end, second.impact) == ("m1", "Move", None, Impact.MAINTENANCE)
        assert uptime.outages("Web", START, END) == []

    def test_outages_beside_the_window_are_not_listed(self, tmp_path: Path) -> None:
        (tmp_path / "o.csv").write_text(
            "service,start,end\nAPI,2026-07-01T00:00:00Z,2026-08-11T00:00:00Z\nAPI,2026-09-01T00:00:00Z,\n"
        )
        assert FileUptime(tmp_path, UTC).outages("API", START, END) == []

    def test_a_service_nobody_names_is_an_error_not_a_perfect_month(self, tmp_path: Path) -> None:
        (tmp_path / "o.csv").write_text("service,start,end\nAPI,2026-07-01T00:00:00Z,\n")
        with pytest.raises(Permanent, match="API"):
            FileUptime(tmp_path, UTC).outages("Api-2", START, END)

    def test_an_outage_that_ends_before_it_starts_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "o.csv").write_text("service,start,end\nAPI,2026-08-12,2026-08-11\n")
        with pytest.raises(Permanent, match="ends before it starts"):
            FileUptime(tmp_path, UTC).outages("API", START, END)

    def test_a_cut_off_gzip_file_is_refused(self, tmp_path: Path) -> None:
        whole = gzip.compress(b"service,start,end\n" + b"API,2026-08-12,2026-08-13\n" * 100)
        (tmp_path / "o.csv.gz").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(Permanent, match=r"o\.csv\.gz"):
            FileUptime(tmp_path, UTC).outages("API", START, END)

    def test_a_folder_that_is_not_there_names_the_setting(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="AFTERSIGN_FILES__UPTIME"):
            FileUptime(tmp_path / "nowhere", UTC).check()


class TestJoining:
    @given(st.lists(st.sampled_from([None, *Impact]), min_size=1, max_size=60))
    def test_joined_outages_cover_exactly_the_minutes_that_were_not_up(self, states: list[Impact | None]) -> None:
        minute = timedelta(minutes=1)
        spans = [Span(START + n * minute, START + (n + 1) * minute, state) for n, state in enumerate(states)]
        found = outages("API", spans, source="x")
        for impact in Impact:
            mine = [one for one in found if one.impact is impact]
            assert sum(((one.end - one.start) / minute for one in mine if one.end), 0.0) == states.count(impact)
        assert all(not (one.end == other.start and one.impact is other.impact) for one, other in _pairs(found))

    def test_a_step_without_a_sample_is_unknown_and_the_ends_are_cut(self) -> None:
        step = timedelta(minutes=1)
        first = int(START.timestamp()) // 60
        spans = list(sampled({first: None, first + 2: Impact.DOWN}, START + step / 2, START + 3 * step, step))
        assert [(span.end - span.start, span.impact) for span in spans] == [
            (step / 2, None),
            (step, Impact.UNKNOWN),
            (step, Impact.DOWN),
        ]


def _pairs(found: list[Outage]) -> list[tuple[Outage, Outage]]:
    return list(zip(found, found[1:], strict=False))
