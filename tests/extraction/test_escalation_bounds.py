"""A rise is bounded above and below, and may come on top of an index."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from tests.extraction.passage import values_of


class TestACap:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("In no event shall any annual increase in the Fees exceed 7%.", "7"),
            (
                "Provider may increase fees at renewal, provided such increase shall not exceed the lesser of 5% and the change in CPI.",
                "5",
            ),
            ("Price adjustments on renewal shall be no greater than four percent (4%).", "4"),
            ("Any renewal increase will be capped at 3% of the fees for the prior term.", "3"),
            ("The parties agree that fees will not rise more than 5% year over year.", "5"),
            ("Price protection: renewal increases limited to 6%", "6"),
            ("Fee increases are subject to an annual ceiling of 4.5%.", "4.5"),
            ("Supplier may not raise its prices beyond 5 per cent in any twelve month period.", "5"),
            ("Following the Initial Term, Vendor may change its rates by at most 8% per year.", "8"),
            ("The fees may be increased annually by CPI, up to a maximum of 6%.", "6"),
            ("Renewal pricing shall not increase by an amount greater than 5% of the then-current fees.", "5"),
            ("Annual uplift shall be the lower of RPI and 4%.", "4"),
            ("The price increase at renewal may be no higher than 7 percent.", "7"),
            ("Max. price increase per year: 3%", "3"),
            ("Price adjustment cap | 5% per renewal", "5"),
            ("Cap on renewal increase: 4%", "4"),
            ("Renewal uplift cap\n3 %", "3"),
            ("Maximum uplift    6%", "6"),
            (
                "The percentage increase in the fees for any Renewal Term over those for the preceding term is limited to five percent (5%).",
                "5",
            ),
            ("Provider shall be entitled to revise the prices annually, the increase being restricted to 3%.", "3"),
            ("No price increase may be more than 4% in any contract year.", "4"),
            ("Fees for a Renewal Term will stay within 5% of the fees for the prior term.", "5"),
            ("Should Supplier increase the fees upon renewal, the increase must not be greater than 7%.", "7"),
            ("Rates may be changed once per year, but never by more than 3 per cent.", "3"),
            ("The fees may rise at renewal, however by no more than 5%.", "5"),
            ("Increase of fees at renewal: at most 8%", "8"),
            ("Any uplift to the Charges shall not exceed the percentage increase in RPI or, if lower, 5%.", "5"),
            ("The parties cap price increases at 4 % per contract year.", "4"),
            ("The annual price adjustment equals the change in CPI but is limited upwards to 6%.", "6"),
            ("Prices will not go up by more than 3% when the subscription renews.", "3"),
            ("We will not raise your price by more than 5% per year.", "5"),
            ("A renewal price may be at most 4% above the price of the expiring term.", "4"),
            ("The adjustment shall in no case be greater than 5% of the fees then in force.", "5"),
            ("Annual price increases: CPI, but max. 5%", "5"),
            ("Supplier may increase fees in line with RPI provided that no increase exceeds 6%.", "6"),
            ("The fees shall be indexed with the CPI. The indexation is limited to 4 % a year.", "4"),
            ("Increase in fees upon renewal: no more than three percent (3%)", "3"),
        ],
    )
    def test_is_read_in_many_wordings(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_CAP, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Liability shall not exceed 100% of the fees.",
        ],
    )
    def test_is_not_that_of_the_liability(self, text: str) -> None:
        assert values_of(TermField.ESCALATION_CAP, text) == []

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("We will not put up your fees at renewal by more than 5 per cent.", "5"),
            ("Provider undertakes to keep renewal increases at or below 3%.", "3"),
            ("3.5% is the most by which the fees may rise on renewal.", "3.5"),
            ("Price increases exceeding 4% are excluded.", "4"),
            ("Upward revisions of the price shall remain below or equal to 5% in any twelve-month period.", "5"),
            ("Fees rise each year by CPI, topping out at 3%.", "3"),
            ("The yearly increase in charges is confined to 4%.", "4"),
        ],
    )
    def test_is_read_however_it_is_drawn(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_CAP, text) == [value]


class TestAFloor:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("The fees shall be increased annually by the greater of 3% and the percentage increase in the CPI.", "3"),
            ("Fees rise with the RPI each year, never less than 2% and never more than 6%.", "2"),
            ("The annual adjustment shall track the CPI, subject to a minimum of 1.5% and a maximum of 5%.", "1.5"),
            ("Charges increase each April by CPI or 3%, whichever is greater.", "3"),
            ("The index adjustment of the fees shall be not less than 0% nor more than 4%.", "0"),
            ("Prices follow the HICP within a corridor of 1% to 4% a year.", "1"),
            ("The Fees will be adjusted for inflation in line with CPI (floor 2%, cap 6%).", "2"),
            ("Indexation | CPI, min. 2%, max. 5%", "2"),
            ("Fees increase annually by the change in the CPI, with a floor of 2% and a ceiling of 5%.", "2"),
            ("The yearly increase tracks the RPI and lies between 1% and 4%.", "1"),
            ("Even if the CPI falls, the fees increase by at least 1% per year.", "1"),
            ("The charges are adjusted by CPI (minimum 2%, maximum 6%).", "2"),
            ("Annual fee adjustment: HICP, but at least 1.5 % and at most 4 %.", "1.5"),
            ("If the change in the CPI is lower than 2%, the fees shall increase by 2%.", "2"),
            ("Each annual increase shall be the greater of (a) 3% and (b) the increase in CPI.", "3"),
            (
                "The fees go up yearly by the CPI change, however not less than 2 percent and not more than 6 percent.",
                "2",
            ),
        ],
    )
    def test_is_read_in_many_wordings(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_FLOOR, text) == [value]


class TestAMargin:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Supplier may increase the Charges each year by no more than the change in RPI plus 2%.", "2"),
            ("The annual increase of the fees shall not exceed CPI + 3%.", "3"),
            ("Subscription fees increase on renewal by the CPI-U percentage change plus three percent (3%).", "3"),
            (
                "Fees shall rise annually by 1.5 percentage points above the increase in the Consumer Price Index.",
                "1.5",
            ),
            ("Prices are uplifted each year by the ECI plus an additional two per cent.", "2"),
            ("The fees rise every year by HICP increased by 1 percentage point.", "1"),
            ("Price adjustment | CPI + 2%", "2"),
            ("Fees will be adjusted by RPI +1.5% on every anniversary.", "1.5"),
            ("The increase in the fees shall be the CPI change with a surcharge of 1%.", "1"),
            ("The fees increase by two percent (2%) over CPI each year.", "2"),
            ("Annual increases equal the rise in the ECI, to which 1 percentage point is added.", "1"),
        ],
    )
    def test_stands_on_top_of_the_index(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_MARGIN, text) == [value]

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("The annual price adjustment exceeds the CPI-U by 1%.", "1"),
            ("The fees are raised yearly by the rise in the RPI and a further 2%.", "2"),
            ("Prices go up annually by the sum of the RPI and 1%.", "1"),
            ("Fees are adjusted yearly by the HICP with 2 per cent added.", "2"),
        ],
    )
    def test_is_read_however_it_is_added(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_MARGIN, text) == [value]
