"""Exports of a help desk are read as they come; what contradicts itself is said, not guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.files.tickets import FileTickets
from domain.errors import ConfigurationError, Permanent
from domain.sla.response import Reply, Ticket

START, END = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


def desk(folder: Path, name: str, text: str) -> FileTickets:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return FileTickets(folder, UTC)


class TestOneRowATicket:
    def test_is_read_with_the_names_that_help_desks_use(self, tmp_path: Path) -> None:
        text = (
            "Group;Number;Priority;Created_at;First_response_at;Solved_at\n"
            "Support;T-2;P2;2026-06-03T10:00Z;;\n"
            "Support;T-1;P1;2026-06-02T10:00Z;2026-06-02T10:20Z;2026-06-02T12:00Z\n"
        )
        assert desk(tmp_path, "export.csv", text).tickets("support", START, END) == [
            Ticket("T-1", "P1", at(2, 10), (Reply(at(2, 10, 20)),), at(2, 12)),
            Ticket("T-2", "P2", at(3, 10)),
        ]

    def test_outside_the_window_is_left_out_at_its_end_and_kept_at_its_start(self, tmp_path: Path) -> None:
        text = "service,ticket,severity,opened\nSupport,a,P1,2026-06-01T00:00Z\nSupport,b,P1,2026-07-01T00:00Z\n"
        assert [one.id for one in desk(tmp_path, "a.csv", text).tickets("Support", START, END)] == ["a"]

    def test_takes_times_without_a_zone_as_the_connectors_own(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("service,ticket,severity,opened\nSupport,a,P1,2026-06-02T10:00\n")
        [one] = FileTickets(tmp_path, ZoneInfo("Europe/Berlin")).tickets("Support", START, END)
        assert one.opened == at(2, 8)


class TestSeveralRowsOfATicket:
    def test_add_up_over_files(self, tmp_path: Path) -> None:
        desk(
            tmp_path, "a.csv",
            "service,ticket,severity,opened,answered,automatic\nSupport,T-1,P1,2026-06-02T10:00Z,2026-06-02T10:01Z,yes\n"
            "Support,T-1,,,2026-06-02T11:00Z,no\n",
        )  # fmt: skip
        found = desk(
            tmp_path, "b.json",
            '[{"service": "Support", "ticket": "T-1", "held_from": "2026-06-02T10:10Z", "held_until": "2026-06-02T10:40Z"},'
            ' {"service": "Support", "ticket": "T-1", "held_from": "2026-06-02T10:50Z", "held_until": null}]',
        )  # fmt: skip
        [one] = found.tickets("Support", START, END)
        assert one.replies == (Reply(at(2, 10, 1), automatic=True), Reply(at(2, 11)))
        assert one.holds == ((at(2, 10, 10), at(2, 10, 40)), (at(2, 10, 50), None))

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            ("Support,T-1,P2,,,,", "more than one severity"),
            ("Support,T-1,,2026-06-02T11:00Z,,,", "more than one time of opening"),
            ("Support,T-1,,,2026-06-02T09:00Z,,", "before it was opened"),
            ("Support,T-2,P1,,2026-06-02T09:00Z,,", "no row says"),
        ],
    )
    def test_that_contradict_each_other_are_a_named_problem(self, tmp_path: Path, row: str, why: str) -> None:
        head = "service,ticket,severity,opened,answered,held_from,held_until\n"
        found = desk(tmp_path, "a.csv", f"{head}Support,T-1,P1,2026-06-02T10:00Z,,,\n{row}\n")
        with pytest.raises(Permanent) as raised:
            found.tickets("Support", START, END)
        assert why in str(raised.value)


class TestWhatIsMissing:
    def test_a_row_with_the_service_alone_says_that_it_had_no_ticket(self, tmp_path: Path) -> None:
        assert desk(tmp_path, "a.csv", "service\nSupport\n").tickets("Support", START, END) == []

    def test_a_service_that_no_file_names_is_not_one_without_tickets(self, tmp_path: Path) -> None:
        with pytest.raises(Permanent, match="they name Support"):
            desk(tmp_path, "a.csv", "service\nSupport\n").tickets("Hotline", START, END)

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            (",T-1,P1,2026-06-02T10:00Z,,", "names no service"),
            ("Support,T-1,P1,yesterday,,", "isoformat"),
            ("Support,T-1,P1,2026-06-02T10:00Z,maybe,", "automatic is yes or no"),
            ("Support,T-1,P1,2026-06-02T10:00Z,,2026-06-02T10:00Z", "a hold ends after it begins"),
        ],
    )
    def test_a_row_that_cannot_be_read_is_named_with_its_file(self, tmp_path: Path, row: str, why: str) -> None:
        head = "service,ticket,severity,opened,automatic,held_until\n"
        found = desk(tmp_path, "a.csv", f"{head}{row}\n")
        with pytest.raises(Permanent, match=r"a\.csv, record 1") as raised:
            found.check()
        assert why in str(raised.value)

    def test_a_folder_that_is_not_there_names_its_setting(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="AFTERSIGN_FILES__TICKETS"):
            FileTickets(tmp_path / "gone", UTC).check()
