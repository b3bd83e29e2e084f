"""Contracts out of YAML and JSON: every field, exact numbers, and an error with its line for what is wrong."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.files.contracts import ContractFiles, read_contracts
from domain.findings.contract import BilledContract, CreditKind
from domain.findings.tolerance import Joined, Tolerance
from domain.invoices import Direction
from domain.minor_units import Rounding
from domain.money import Money
from domain.periods import Period
from domain.pricing.agreement import RoundedPer, Usage
from domain.pricing.billing_periods import Lead, Timing
from domain.pricing.discounts import Basis
from domain.pricing.escalation import Choice, Growth, Steps
from domain.pricing.proration import Convention
from domain.pricing.tariffs import Band, Model

D = Decimal
PLAIN = """\
number: MSA-1
direction: payable
other: {name: Hollowmere Cloud GmbH}
currency: EUR
first: 2026-01-01
last: 2027-12-31
billing: {every: monthly}
prices:
  - {product: Seats, price: 12.50 EUR, quantity: 40, per: P1M}
"""


def files(folder: Path, **texts: str) -> ContractFiles:
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text)
    return read_contracts(folder)


def only(folder: Path, text: str = PLAIN, **more: str) -> BilledContract:
    found = files(folder, a_yaml=text, **more)
    assert found.problems == ()
    return found.contracts[0]


def refused(folder: Path, text: str, **more: str) -> list[tuple[str, str]]:
    found = files(folder, a_yaml=text, **more)
    assert found.contracts == ()
    return [(one.where, f"{one.what}; {one.fix}") for one in found.problems]


class TestAWholeContract:
    def test_is_read_with_who_it_is_and_when_it_holds(self, tmp_path: Path) -> None:
        more = "names: Hollowmere\npurchase_orders: [PO-1, PO-2]\nproducts: {User  Seat: Seats}\nid: own\n"
        one = only(tmp_path, PLAIN + more)
        assert (one.id, one.number, one.direction) == ("own", "MSA-1", Direction.PAYABLE)
        assert (one.names, one.purchase_orders) == (("Hollowmere",), ("PO-1", "PO-2"))
        assert one.products == (("user seat", "Seats"),)
        assert (one.agreement.first, one.agreement.last) == (date(2026, 1, 1), date(2027, 12, 31))

    def test_is_known_by_its_number_where_it_has_no_id(self, tmp_path: Path) -> None:
        assert only(tmp_path).id == "MSA-1"

    def test_keeps_a_country_that_yaml_takes_for_no(self, tmp_path: Path) -> None:
        text = PLAIN.replace("{name: Hollowmere Cloud GmbH}", "{name: Fjordlys AS, tax_id: 0123, country: NO}")
        assert (only(tmp_path, text).other.country, only(tmp_path, text).other.tax_id) == ("NO", "0123")

    def test_is_the_same_in_json_also_with_tabs_and_escaped_letters(self, tmp_path: Path) -> None:
        body = {**yaml.safe_load(PLAIN), "first": "2026-01-01", "last": "2027-12-31"}
        body["other"] = {"name": "Hollowmere 🚀 GmbH"}
        found = files(tmp_path, a_json=json.dumps({"contracts": [body]}, indent="\t"))
        assert found.problems == ()
        assert found.contracts[0].other.name == "Hollowmere 🚀 GmbH"
        assert found.contracts[0].agreement.prices[0].tariff.price == D("12.50")

    def test_reads_every_file_below_a_folder_and_says_where_each_contract_is(self, tmp_path: Path) -> None:
        (tmp_path / "below").mkdir()
        (tmp_path / "below" / "b.yml").write_text(PLAIN.replace("MSA-1", "MSA-2"))
        found = files(tmp_path, a_yaml=f"# two\ncontracts:\n- {json.dumps(yaml.safe_load(PLAIN), default=str)}\n")
        assert found.places == {"MSA-1": "a.yaml:3", "MSA-2": "below/b.yml:1"}


class TestNumbers:
    def test_are_exact_where_a_float_would_not_be(self, tmp_path: Path) -> None:
        text = PLAIN.replace("12.50 EUR", "0.100000000001 EUR").replace("quantity: 40", "quantity: 0.1")
        line = only(tmp_path, text + "tax_rate: 7.7\n").agreement.prices[0]
        assert (line.tariff.price, line.quantity) == (D("0.100000000001"), D("0.1"))
        assert Fraction(only(tmp_path, text + "tax_rate: 7.7\n").tax_rate or 0) == Fraction(77, 10)

    @pytest.mark.parametrize(
        "written",
        [
            "1e3 EUR",
            "nan EUR",
            "1,000.00 EUR",
            "EUR 5",
            "5",
            ".inf EUR",
            "5.00 XYZ",
            "0x10 EUR",
            "1234567890123456 EUR",
        ],
    )
    def test_that_can_be_read_two_ways_are_not_read(self, tmp_path: Path, written: str) -> None:
        [(where, what)] = refused(tmp_path, PLAIN.replace("12.50 EUR", f"'{written}'"))
        assert where == "a.yaml:9"
        assert repr(written) in what or "'XYZ'" in what

    def test_of_a_minimum_are_whole_minor_units(self, tmp_path: Path) -> None:
        text = PLAIN.replace("EUR", "JPY").replace("12.50", "1250.5")
        assert only(tmp_path, text).agreement.prices[0].tariff.price == D("1250.5")
        [(_, what)] = refused(tmp_path, text + "commitments: [{minimum: 1000.50 JPY}]\n")
        assert "finer than the minor unit" in what


class TestPrices:
    def prices(self, folder: Path, lines: str, more: str = "") -> Any:
        return only(folder, PLAIN.partition("prices:")[0] + "prices:\n" + lines + more).agreement.prices

    def test_are_of_every_model(self, tmp_path: Path) -> None:
        found = self.prices(
            tmp_path,
            "- {product: A, model: flat, price: 900.00 EUR, per: quarterly}\n"
            "- {product: B, model: graduated, bands: [{upto: 10, price: 2.00 EUR, flat: 1.00 EUR}, {upto: null, price: 1.50 EUR}]}\n"
            "- {product: C, model: volume, bands: [{upto: null, price: 0.004 EUR}]}\n"
            "- {product: D, model: package, price: 5.00 EUR, package: 1000}\n"
            "- {product: E, model: percentage, percent: 1.4 %}\n"
            "- {product: F, model: flat, price: 100.00 EUR, per: once, rises: false}\n",
        )
        assert [one.tariff.model for one in found] == [
            Model.FLAT, Model.GRADUATED, Model.VOLUME, Model.PACKAGE, Model.PERCENTAGE, Model.FLAT,
        ]  # fmt: skip
        assert found[1].tariff.bands == (Band(D(10), D("2.00"), D("1.00")), Band(None, D("1.50")))
        assert (found[3].tariff.package, found[4].tariff.price) == (D(1000), D("1.4"))
        assert (found[0].per, found[5].once, found[5].rises) == (Period.parse("P3M"), True, False)
        assert [one.by_usage for one in found] == [False, True, True, True, True, False]

    def test_of_a_ramp_follow_each_other(self, tmp_path: Path) -> None:
        one, other = self.prices(
            tmp_path,
            "- {product: Seats, price: 10.00 EUR, quantity: 5, per: P1M, last: 2026-12-31}\n"
            "- {product: Seats, price: 12.00 EUR, quantity: 9, per: P1M, first: 2027-01-01}\n",
        )
        assert (one.first, one.last) == (date(2026, 1, 1), date(2026, 12, 31))
        assert (other.first, other.last) == (date(2027, 1, 1), date(2027, 12, 31))

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ("{product: A, price: 5.00 EUR, quantity: 3}", "no `per`"),
            ("{product: A, model: flat, price: 5.00 EUR}", "no `per`"),
            ("{product: A, price: 5.00 EUR, per: once}", "say its `quantity`"),
            ("{product: A, model: volume, price: 5.00 EUR}", "needs `bands`"),
            ("{product: A, model: percentage, price: 5.00 EUR}", "needs `percent`"),
            ("{product: A, bands: [{upto: 5, price: 5.00 EUR}]}", "needs `price`"),
            (
                "{product: A, model: volume, bands: [{upto: 5, price: 5.00 EUR}, {upto: 4, price: 1.00 EUR}]}",
                "bands rise",
            ),
            ("{product: A, price: 5.00 USD}", "is in USD, the contract in EUR"),
            ("{product: A, price: 5.00 EUR, last: 2025-01-01}", "before it begins"),
            ("{product: A, model: tiered, price: 5.00 EUR}", "'graduated', 'volume'"),
            ("{product: A, prise: 5.00 EUR}", "product, model, price"),
        ],
    )
    def test_that_contradict_themselves_name_their_line(self, tmp_path: Path, line: str, says: str) -> None:
        [(where, what)] = refused(tmp_path, PLAIN.partition("  - {")[0] + "  - " + line + "\n")
        assert where == "a.yaml:9"
        assert says in what
        assert "contract MSA-1 is left out" in what

    def test_of_one_product_do_not_begin_on_one_day(self, tmp_path: Path) -> None:
        [(where, what)] = refused(tmp_path, PLAIN + "  - {product: Seats, price: 9.00 EUR}\n")
        assert (where, "second price of Seats" in what) == ("a.yaml:10", True)


class TestTermsOfMoney:
    def test_say_when_is_billed_and_how_is_rounded(self, tmp_path: Path) -> None:
        text = PLAIN.replace("{every: monthly}", "{every: P3M, anchor_day: 31, timing: arrears, lead: anchored}")
        terms = only(
            tmp_path, text + "proration: 30/360\nrounding: {mode: half_even, per: invoice}\nzone: Europe/Berlin\n"
        ).agreement
        assert (terms.schedule.every, terms.schedule.anchor_day) == (Period.parse("P3M"), 31)
        assert (terms.schedule.timing, terms.schedule.lead) == (Timing.ARREARS, Lead.ANCHORED)
        assert (terms.convention, str(terms.zone)) == (Convention.THIRTY_360, "Europe/Berlin")
        assert (terms.rounding.rounding, terms.rounding.per) == (Rounding.HALF_EVEN, RoundedPer.INVOICE)

    def test_have_discounts_minimums_credits_and_days_to_pay(self, tmp_path: Path) -> None:
        one = only(
            tmp_path,
            PLAIN
            + "discounts:\n- {percent: 10, basis: list, order: 2, first: 2026-01-01, last: 2026-03-31, products: Seats}\n"
            "- {amount: 20.00 EUR}\ncommitments: [{minimum: 9000.00 EUR, every: annually, products: [Seats]}]\n"
            "credits: [{kind: rebate, amount: 50.00 EUR, due: 2026-06-01, why: spend, claimed: false, claim_by: 2026-08-01}]\n"
            "payment: {days: 14, late_interest: true, dispute: P60D, clause: {page: 4, quote: fourteen days}}\n"
            "tolerance: {absolute: 0.02, joined: greater}\ntax_rate: 19\n",
        )
        percent, amount = one.agreement.discounts
        assert (percent.percent, percent.basis, percent.order, percent.products) == (D(10), Basis.LIST, 2, ("Seats",))
        assert amount.amount == Money(D("20.00"), "EUR")
        assert one.agreement.commitments[0].every == Period.parse("P1Y")
        assert (one.credits[0].kind, one.credits[0].claimed) == (CreditKind.REBATE, False)
        assert (one.agreement.payment_days, one.late_interest, one.dispute) == (14, True, Period.parse("P60D"))
        assert one.payment_citation is not None
        assert (one.payment_citation.page, one.payment_citation.quote) == (4, "fourteen days")
        assert (one.tolerance, one.tax_rate) == (Tolerance(D("0.02"), D(0), Joined.GREATER), D(19))

    def test_tolerate_nothing_where_a_tolerance_is_empty(self, tmp_path: Path) -> None:
        assert only(tmp_path, PLAIN + "tolerance: {}\n").tolerance == Tolerance()
        assert only(tmp_path, PLAIN).tolerance is None

    def test_rise_by_a_percentage_or_an_index_with_its_csv(self, tmp_path: Path) -> None:
        text = PLAIN + (
            "escalation:\n  {percent: 5, choice: greater, margin: 0.5, floor: 0, cap: 3, total_cap: 9, growth: simple,\n"
            "   steps: iterated, digits: 2, rounding: down, every: P6M, first: 2, notice: P60D,\n"
            "   notices: {2027-01-01: 2026-10-20}, index: {series: CPI, file: cpi.csv, lag_months: 2,\n"
            "   base_month: 2025-10, release_lag_days: 20, first_print: true, revised: true}}\n"
        )
        rises = only(
            tmp_path, text, cpi_csv="month;value;published\n2025-10;120.5;\n2026-10-01;121.5;2026-11-12\n"
        ).agreement.escalation
        assert rises is not None
        assert rises.index is not None
        assert (rises.percent, rises.choice, rises.growth, rises.steps) == (
            D(5),
            Choice.GREATER,
            Growth.SIMPLE,
            Steps.ITERATED,
        )
        assert (rises.anchor, rises.every, rises.first, rises.digits) == (date(2026, 1, 1), Period.parse("P6M"), 2, 2)
        assert rises.notices == {date(2027, 1, 1): date(2026, 10, 20)}
        assert [one.value for one in rises.index.series.observations] == [D("120.5"), D("121.5")]
        assert (rises.index.base_month, rises.index.series.release_lag_days) == (date(2025, 10, 1), 20)

    def test_have_usage_in_the_file_or_in_a_csv(self, tmp_path: Path) -> None:
        inline = only(tmp_path, PLAIN + "usage: [{product: Seats, day: 2026-01-31, quantity: 4.5}]\n")
        assert inline.usage == (Usage("Seats", date(2026, 1, 31), D("4.5")),)
        beside = only(tmp_path, PLAIN + "usage: u.csv\n", u_csv="product,day,quantity\nSeats,2026-01-31,4.5\n")
        assert beside.usage == inline.usage


class TestBadInput:
    def test_leaves_the_other_contracts_as_they_are(self, tmp_path: Path) -> None:
        bad = PLAIN.replace("MSA-1", "MSA-2").replace("payable", "payble").replace("2026-01-01", "2026-02-30")
        found = files(tmp_path, a_yaml=bad, b_yaml=PLAIN, c_yaml="a: {\n b\n", d_json='{"number": ')
        assert [one.number for one in found.contracts] == ["MSA-1"]
        assert [one.where for one in found.problems] == ["a.yaml:2", "a.yaml:5", "c.yaml", "d.json"]
        assert "'payable' or 'receivable'" in found.problems[0].fix
        assert "'2026-02-30'" in found.problems[1].what
        assert ("line 3 is not YAML" in found.problems[2].what, "not JSON" in found.problems[3].what) == (True, True)

    @pytest.mark.parametrize(
        ("more", "line", "says"),
        [
            ("zone: Mars/Base\n", 10, "Europe/Berlin"),
            ("tolerance: {absolute: -1}\n", 10, "at least zero"),
            ("discounts:\n- {percent: 10, amount: 5.00 EUR}\n", 11, "either a percentage or an amount"),
            (
                "discounts:\n- {percent: 10, products: [Seat]}\n",
                11,
                "'Seat' is no product of the rate card; it has Seats",
            ),
            ("products: {seat: Seat}\n", 10, "no product of the rate card"),
            ("usage:\n- {product: Api, day: 2026-01-31, quantity: 5}\n", 11, "no product of the rate card"),
            ("escalation: {floor: 3}\n", 10, "a percentage, an index, or at least a cap"),
            ("escalation:\n  percent: 3\n  floor: 4\n  cap: 2\n", 10, "above the cap"),
            ("escalation:\n  index: {series: CPI, file: none.csv}\n", 11, "is no file"),
            ("escalation:\n  index: {series: CPI, file: ../../etc/passwd}\n", 11, "outside the folder"),
            ("credits: [{amount: -5.00 EUR, due: 2026-01-01, why: x}]\n", 10, "positive"),
            ("payment: {days: soon}\n", 10, "valid integer"),
            ("commitments: [{minimum: 5.00 USD}]\n", 10, "currencies never mix"),
            ("colour: red\n", 10, "number, id, direction"),
            ("other: 5\n", 10, "a second time"),
        ],
    )
    def test_names_file_line_and_what_is_allowed(self, tmp_path: Path, more: str, line: int, says: str) -> None:
        [(where, what)] = refused(tmp_path, PLAIN + more)
        assert where == f"a.yaml:{line}" or f"line {line}" in what
        assert says in what

    def test_says_what_is_missing(self, tmp_path: Path) -> None:
        [(where, what)] = refused(tmp_path, PLAIN.replace("last: 2027-12-31\n", ""))
        assert (where, what) == ("a.yaml:1", "last is missing; contract MSA-1 is left out")

    def test_names_the_row_of_a_csv_and_leaves_its_contract_out(self, tmp_path: Path) -> None:
        usage = "product,day,quantity\nSeats,2026-01-31,4\nSeats,31/01/2026,4\nSeats,2026-02-28,4 000\n"
        first, second = refused(tmp_path, PLAIN + "usage: u.csv\n", u_csv=usage)
        assert (first[0], "'31/01/2026'" in first[1]) == ("u.csv:3", True)
        assert (second[0], "'4 000'" in second[1]) == ("u.csv:4", True)

    def test_names_the_columns_of_a_csv(self, tmp_path: Path) -> None:
        [(where, what)] = refused(
            tmp_path, PLAIN + "usage: u.csv\n", u_csv="product,date,quantity\nSeats,2026-01-31,4\n"
        )
        assert (where, "product, day, quantity" in what) == ("u.csv", True)

    def test_does_not_take_two_contracts_of_one_number(self, tmp_path: Path) -> None:
        found = files(tmp_path, a_yaml=PLAIN, b_yaml=PLAIN.replace("MSA-1", "msa 1\nid: other"))
        assert [one.id for one in found.contracts] == ["MSA-1"]
        [problem] = found.problems
        assert (problem.where, "a.yaml:1" in problem.what) == ("b.yaml:1", True)

    def test_takes_a_later_term_under_the_same_number(self, tmp_path: Path) -> None:
        later = PLAIN.replace("2027-12-31", "2029-12-31").replace("2026-01-01", "2028-01-01") + "id: later\n"
        assert [one.id for one in files(tmp_path, a_yaml=PLAIN, b_yaml=later).contracts] == ["MSA-1", "later"]

    def test_does_not_follow_aliases_that_multiply(self, tmp_path: Path) -> None:
        bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
        [(_, what)] = refused(tmp_path, bomb)
        assert "alias" in what

    @pytest.mark.parametrize("text", ["", "[]", "contracts: []", "5", "- 5", "\x00", "a: !!python/object:os.system x"])
    def test_is_a_problem_and_no_exception(self, tmp_path: Path, text: str) -> None:
        assert refused(tmp_path, text)

    def test_of_an_empty_folder_is_said(self, tmp_path: Path) -> None:
        [problem] = read_contracts(tmp_path).problems
        assert problem.what == "there is no contract in it"
