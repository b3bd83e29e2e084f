"""`aftersign deadlines` tells every day of a term with its reasons, or none of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.deadlines import run_deadlines

TERM = {
    "anchor": "2026-01-01", "initial": "P12M", "end_inclusive": True,
    "renewal": {"type": "auto", "term": "P12M", "max": None},
}  # fmt: skip
NOTICE = {
    "period": "P60D", "unit": "calendar_day", "rule": "receipt", "transit_days": 5, "clear_days": False,
    "not_before": "P90D",
}  # fmt: skip


class Asked:
    """Ask for the deadlines of a term that differs from the usual one in what a test names."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.capsys = folder / "term.json", capsys

    def answer(self, today: str = "2026-03-01", **changed: Any) -> tuple[int, dict[str, Any], str]:
        asked = {
            "term": TERM, "notice": NOTICE, "calendar": "US-NY", "timezone": "America/New_York",
            "alerts": [120, 90, 60, 30], **changed,
        }  # fmt: skip
        self.path.write_text(json.dumps(asked, indent=1))
        code = run_deadlines(self.path, today, as_json=True)
        printed = self.capsys.readouterr()
        return code, json.loads(printed.out), printed.err


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    return Asked(tmp_path, capsys)


class TestDeadlines:
    def test_names_every_day(self, asked: Asked) -> None:
        code, told, _ = asked.answer()
        assert code == 0
        assert {name: told[name] for name in ("term_end", "notice_deadline", "effective_deadline", "send_by")} == {
            "term_end": "2026-12-31", "notice_deadline": "2026-11-01", "effective_deadline": "2026-10-30",
            "send_by": "2026-10-23",
        }  # fmt: skip
        assert (told["decide_by"], told["window_opens"]) == ("2026-10-08", "2026-10-02")
        assert [alert["stage"] for alert in told["alerts"]] == [120, 90, 60, 30]
        assert told["ambiguities"] == []
        assert told["calendar"]["version"].startswith("holidays ")
        assert len(told["explanation"]) == 6

    def test_takes_an_instant_as_the_day_it_is_in_the_contracts_zone(self, asked: Asked) -> None:
        catch_up = asked.answer("2026-06-26T02:00:00+00:00")[1]["alerts"][0]
        assert catch_up == {"stage": 120, "on": "2026-06-25"}

    def test_counts_on_the_earliest_reading_of_what_nobody_knows(self, asked: Asked) -> None:
        _, told, _ = asked.answer(notice={**NOTICE, "rule": None, "clear_days": None})
        assert told["send_by"] == "2026-10-23"
        assert [one["input"] for one in told["ambiguities"]] == ["receipt"]  # 31 October is a Saturday
        readings = {one["reading"]: one["act_by"] for one in told["ambiguities"][0]["readings"]}
        assert readings["notice counts when sent"] == "2026-10-30"

    def test_counts_business_days_and_months(self, asked: Asked) -> None:
        ten = {"period": "P10D", "unit": "business_day", "rule": "dispatch"}
        assert asked.answer(notice=ten)[1]["notice_deadline"] == "2026-12-16"
        two = {"period": "P2M", "unit": "month", "rule": "dispatch"}
        assert asked.answer(notice=two)[1]["notice_deadline"] == "2026-10-31"

    def test_counts_from_the_end_where_no_notice_is_needed(self, asked: Asked) -> None:
        _, told, _ = asked.answer(notice=None, term={**TERM, "renewal": {"type": "none"}})
        assert told["send_by"] is None
        assert told["alerts"][0] == {"stage": 120, "on": "2026-09-02"}

    def test_says_which_term_could_not_be_stopped(self, asked: Asked) -> None:
        _, told, _ = asked.answer("2026-11-20")
        assert (told["term_end"], told["renewals"]) == ("2027-12-31", 1)
        assert told["missed"] == {"term_end": "2026-12-31", "notice_deadline": "2026-11-01"}


class TestBadInput:
    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"calendar": "XX"}, "No business calendar 'XX'"),
            ({"timezone": "Mars/Base"}, "No time zone 'Mars/Base'"),
            ({"notice": {**NOTICE, "period": "P2Y"}}, "longer than the term"),
            ({"notice": {**NOTICE, "unit": "month"}}, "P60D is not counted in units of month"),
            ({"term": {**TERM, "expires": "2025-06-30"}}, "before it starts"),
            ({"term": {**TERM, "initial": None}}, "neither a length"),
            ({"term": {**TERM, "anchor": "2026-02-30"}}, "term.json:3"),
            ({"notice": {**NOTICE, "rule": "post"}}, "'dispatch' or 'receipt'"),
        ],
    )
    def test_gives_a_reason_and_no_date(self, asked: Asked, changed: dict[str, Any], says: str) -> None:
        code, told, error = asked.answer(**changed)
        assert code == 1
        assert says in error
        assert told["problems"]
        assert (told["term_end"], told["alerts"]) == (None, [])

    @pytest.mark.parametrize("today", ["tomorrow", "2026-03-01T02:00:00"])
    def test_wants_a_day_it_can_understand(self, asked: Asked, today: str) -> None:
        assert asked.answer(today)[0] == 1

    def test_names_a_file_that_is_not_there(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run_deadlines(tmp_path / "none.json", "2026-03-01", as_json=False) == 1
        assert "is no file" in capsys.readouterr().err
