"""How prices rise is read whole: by how much, by what index, within which bounds, after what notice."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from tests.extraction.passage import values_of


class TestARise:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (
                "Fees for each Renewal Term will automatically increase by five percent (5%) over the fees for the prior term.",
                "5",
            ),
            ("Unless otherwise agreed in writing, Subscription Fees escalate 4% annually.", "4"),
            (
                "Commencing on the first anniversary of the Effective Date and on every anniversary thereafter, the Annual Fee shall be increased by 3.5%.",
                "3.5",
            ),
            ("The charges will go up 3% each year.", "3"),
            ("Pricing for renewal terms shall be subject to a 6% annual increase.", "6"),
            ("On each Renewal Date the then-current prices shall be uplifted by 2.5 per cent.", "2.5"),
            ("Supplier shall apply a 4 % price uplift at the start of every contract year.", "4"),
            ("Annual escalator: 3%", "3"),
            (
                "The price per user for each renewal period shall be three percent (3%) more than the price in the preceding period.",
                "3",
            ),
            ("Subscription fees shall grow at a fixed rate of 2% per contract year.", "2"),
            ("Year-over-year fee increase: 5%", "5"),
            ("All recurring charges are raised by 3 per cent with effect from 1 January of each calendar year.", "3"),
        ],
    )
    def test_is_read_in_many_wordings(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_PERCENT, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Each year, the Subscription Fee will be equal to 103% of the Subscription Fee for the preceding year.",
            "If the number of users increases by 10%, the fees shall be renegotiated.",
            "If Supplier increases the fees by more than 10%, Customer may terminate.",
        ],
    )
    def test_is_not_read_from_what_only_sounds_like_one(self, text: str) -> None:
        assert values_of(TermField.ESCALATION_PERCENT, text) == []


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
        ],
    )
    def test_stands_on_top_of_the_index(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_MARGIN, text) == [value]


class TestAnIndex:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (
                "Provider may adjust fees annually to reflect changes in the Consumer Price Index for All Urban Consumers published by the U.S. Bureau of Labor Statistics.",
                "CPI-U",
            ),
            ("The Charges shall be linked to the Retail Price Index (RPI).", "RPI"),
            (
                "Fees are revised once a year in proportion to the movement of the Harmonised Index of Consumer Prices published by Eurostat.",
                "HICP",
            ),
            ("On each anniversary, the license fees will escalate in accordance with the Producer Price Index.", "PPI"),
            ("The annual maintenance charge shall be increased by the percentage change in the ECI.", "ECI"),
            ("Prices track inflation as measured by CPI.", "CPI"),
            ("The fees will be indexed annually on the basis of the consumer price index.", "CPI"),
        ],
    )
    def test_is_told_by_its_short_name(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_INDEX, text) == [value]


class TestNoticeOfARise:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Provider may increase its fees by giving Customer not less than 90 days' written notice.", "P90D"),
            (
                "Any fee increase shall take effect on renewal provided that Vendor has notified Customer at least sixty (60) days before the renewal date.",
                "P60D",
            ),
            ("We will tell you about price changes at least 30 days in advance.", "P30D"),
            (
                "Supplier shall inform Customer of revised charges no less than three months prior to their taking effect.",
                "P3M",
            ),
            ("Prices may be raised on 45 days' notice.", "P45D"),
            ("Increases in the fees require a prior written notice of at least 60 days.", "P60D"),
            ("No price increase will be effective until 30 days after written notice to Customer.", "P30D"),
            ("Upon sixty (60) days prior notice, Licensor may adjust the annual fees.", "P60D"),
        ],
    )
    def test_is_read_in_many_wordings(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_NOTICE, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Customer may terminate within 30 days after notice of a price increase.",
        ],
    )
    def test_is_not_the_time_to_leave_after_one(self, text: str) -> None:
        assert values_of(TermField.ESCALATION_NOTICE, text) == []
