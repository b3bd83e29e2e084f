"""`aftersign reconcile` on files: the example of the documentation, and input that is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cli.reconcile import Wish, run_reconcile, run_statuses
from tests.conftest import CONFIG, ROOT

_BLOCK = re.compile(r"`([\w.-]+)`:\n\n```\w+\n(.*?)```", re.DOTALL)
RECEIVABLE = """\
number: SO-1
direction: receivable
other: {name: Pellingrove Retail B.V.}
ours: {name: Lumora Analytics GmbH}
currency: EUR
first: 2026-01-01
last: null
billing: {every: monthly}
prices: [{product: Platform, price: 100.00 EUR, quantity: 2, per: P1M}]
"""


class Desk:
    """Reconcile files of a folder; `said` is what went to standard error."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys, self.said = folder, capsys, ""

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def ask(self, as_of: str = "2026-02-05", **more: Any) -> tuple[int, dict[str, Any]]:
        given = {"contracts": self.folder / "contracts", "invoices": self.folder / "invoices", **more}
        code = run_reconcile(Wish(as_of=as_of, as_json=True, **given))
        printed = self.capsys.readouterr()
        self.said = printed.err
        return code, json.loads(printed.out) if printed.out else {}


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@pytest.fixture
def documented(desk: Desk) -> Desk:
    """Lay the files of docs/formats.md out as they stand there."""
    for name, text in _BLOCK.findall((ROOT / "docs" / "formats.md").read_text(encoding="utf-8")):
        desk.write(f"{'invoices' if name == 'invoices.csv' else 'contracts'}/{name}", text)
    return desk


class TestTheDocumentedExample:
    def test_has_one_finding_which_explains_itself(self, documented: Desk) -> None:
        code, told = documented.ask()
        assert (code, documented.said, told["problems"]) == (0, "", [])
        assert told["read"] == {"contracts": 1, "invoices": 2}
        [found] = told["findings"]
        assert (found["code"], found["number"], found["line"], found["contract"]) == (
            "PRICE-OVER",
            "OH-1002",
            "2",
            "orbital",
        )
        assert found["expected"] == {"amount": "923.00", "currency": "EUR"}
        assert (found["delta"]["amount"], found["dispute_by"]) == ("22.00", "2026-04-02")
        assert found["clauses"][0]["quote"] == "Premium support EUR 900.00 per month"
        assert told["totals"] == [
            {
                "code": "PRICE-OVER", "currency": "EUR", "count": 1, "expected": "923.00", "billed": "945.00",
                "delta": "22.00", "at_stake": "22.00",
            }
        ]  # fmt: skip
        assert {one["by"] for one in told["matches"]} == {"contract number"}

    def test_says_the_same_twice(self, documented: Desk) -> None:
        assert documented.ask() == documented.ask()

    def test_is_without_finding_where_the_policy_and_the_contract_tolerate_it(self, documented: Desk) -> None:
        path = documented.folder / "contracts" / "orbital.yaml"
        path.write_text(path.read_text().replace("tolerance: {absolute: 0.02, percent: 0.1, joined: stricter}", ""))
        policy = documented.write("p.yaml", "tolerance: {absolute: 22.00, joined: greater}\n")
        assert documented.ask(policy=policy)[1]["findings"] == []
        policy.write_text("tolerance: {absolute: 21.99, joined: greater}\n")
        assert len(documented.ask(policy=policy)[1]["findings"]) == 1

    def test_is_shown_to_people_with_clause_and_action(self, documented: Desk) -> None:
        wish = Wish(documented.folder / "contracts", documented.folder / "invoices", "2026-02-05")
        assert run_reconcile(wish) == 0
        out = documented.capsys.readouterr().out
        for text in (
            "PRICE-OVER",
            "MSA-2025-017",
            "OH-1002 line 2",
            "expected 923.00 EUR",
            "delta    22.00 EUR",
            "page 2",
            "→ dispute",
        ):
            assert text in out

    def test_becomes_a_work_list_whose_changes_are_shown(self, documented: Desk) -> None:
        book = documented.folder / "w.xlsx"
        assert documented.ask(xlsx=book)[0] == 0
        assert run_statuses(book) == 0
        assert "No status" in documented.capsys.readouterr().out

    def test_shows_what_people_wrote_into_it_as_text(self, desk: Desk) -> None:
        book = desk.folder / "w.xlsx"
        with xlsxwriter.Workbook(book) as out:
            page = out.add_worksheet("Discrepancies")
            page.write_row(0, 0, ["fingerprint", "was", "status", "note"])
            page.write_row(1, 0, ["f1", "detected", "confirmed", "[/b] call them"])
            page.write_row(2, 0, ["f2", "detected", "detected", ""])
        assert run_statuses(book) == 0
        shown = desk.capsys.readouterr().out
        assert ("detected → confirmed" in shown, "[/b] call them" in shown, "f2" in shown) == (True, True, False)


class TestSides:
    def test_follow_from_the_contract_and_need_no_column(self, desk: Desk) -> None:
        desk.write("contracts/a.yaml", RECEIVABLE)
        desk.write(
            "contracts/b.yaml",
            RECEIVABLE.replace("SO-1", "P-1")
            .replace("receivable", "payable")
            .replace("Pellingrove Retail B.V.", "Vendor"),
        )
        head = "number,date,amount,currency,contract,seller,buyer,product,quantity,period_start,period_end\n"
        desk.write(
            "invoices/i.csv",
            head + "1,2026-01-01,180.00,EUR,SO-1,,,Platform,2,2026-01-01,2026-01-31\n"
            "2,2026-01-01,200.00,EUR,,Lumora Analytics GmbH,Pellingrove Retail B.V.,Platform,2,2026-02-01,2026-02-28\n"
            "3,2026-01-01,220.00,EUR,P-1,,,Platform,2,2026-01-01,2026-01-31\n",
        )
        _, told = desk.ask("2026-02-02")
        found = {one["number"]: (one["direction"], one["code"]) for one in told["findings"] if one["number"]}
        assert found == {"1": ("receivable", "AR-UNDER"), "3": ("payable", "PRICE-OVER")}
        assert [one["number"] for one in told["matches"]] == ["1", "2", "3"]


class TestBadInput:
    def test_is_said_and_everything_else_is_checked(self, documented: Desk) -> None:
        documented.write("contracts/bad.yaml", RECEIVABLE.replace("2026-01-01", "soon"))
        documented.write("invoices/bad.csv", "invoice_number,invoice_date,amount,currency\nX,2026-01-01,ten,EUR\n")
        documented.write("invoices/bad.xml", "<a><b></a>")
        code, told = documented.ask()
        assert code == 1
        assert [one["code"] for one in told["findings"]] == ["PRICE-OVER"]
        assert {one["where"] for one in told["problems"]} == {"bad.yaml:6", "bad.csv, line 2, invoice X", "bad.xml"}
        assert documented.said.count("✗") == 3

    @pytest.mark.parametrize(
        "more",
        [{"contracts": Path("none")}, {"invoices": Path("none")}, {"policy": Path("none")}, {"as_of": "31.12.2026"}],
    )
    def test_of_the_command_itself_ends_with_two(self, documented: Desk, more: dict[str, Any]) -> None:
        assert documented.ask(**more) == (2, {})
        assert "✗" in documented.said

    def test_of_the_policy_names_its_line(self, documented: Desk) -> None:
        policy = documented.write("p.yaml", "grace_days: 3\ntolerance: {absolute: -1}\n")
        assert documented.ask(policy=policy)[0] == 1
        assert "p.yaml:2" in documented.said

    def test_is_an_empty_folder_too(self, desk: Desk) -> None:
        desk.write("contracts/a.yaml", RECEIVABLE)
        (desk.folder / "invoices").mkdir()
        assert (desk.ask("2026-01-02")[0], "there is no invoice" in desk.said) == (1, True)

    def test_of_a_work_list_is_said(self, desk: Desk) -> None:
        assert run_statuses(desk.write("w.xlsx", "no")) == 1
        assert run_statuses(desk.folder / "none.xlsx") == 2

    def test_never_styles_the_terminal(self, desk: Desk) -> None:
        desk.write("contracts/a.yaml", RECEIVABLE.replace("Platform", '"[red]Platform[/nope]"'))
        desk.write("invoices/i.csv", "number,date,amount,currency,contract\nR-1,2026-01-01,1.00,EUR,SO-1\n")
        wish = Wish(
            desk.folder / "contracts", desk.folder / "invoices", "2026-03-05", policy=CONFIG / "reconciliation.yaml"
        )
        assert run_reconcile(wish) == 0
        assert "[/nope]" in desk.capsys.readouterr().out.replace("\n", "")
