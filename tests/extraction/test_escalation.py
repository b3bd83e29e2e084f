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
            ("Escalator | 3%", "3"),
            ("Price escalation | 4% per year", "4"),
            ("Yearly increase\n2.5%", "2.5"),
            ("Renewal increase    5%", "5"),
            ("Fees are subject to an annual increase equal to three percent (3%) of the then-current fees.", "3"),
            ("With effect from each anniversary the charges shall be those of the previous year increased by 4%.", "4"),
            ("The price list applicable at renewal shall be the prior year's price plus 5%.", "5"),
            ("Vendor will raise the subscription price by 6 percent at every renewal.", "6"),
            ("A 3% annual price increase will apply at the beginning of each Renewal Term.", "3"),
            ("On every renewal, the fees step up by 5%.", "5"),
            ("Fees payable in a Renewal Term exceed those of the term before by 4%.", "4"),
            ("The monthly fee automatically rises 2 % every twelve months.", "2"),
            (
                "The fees applicable in the second and each subsequent contract year equal the fees of the preceding year increased by three percent.",
                "3",
            ),
            ("Annual fees: plus 4% from the second year onwards.", "4"),
            ("Provider's rates go up each January by 2.5 percent.", "2.5"),
            ("Recurring fees will be adjusted upward by 3% at each anniversary.", "3"),
            ("Price review: 3 per cent increase every year", "3"),
            ("An increase of 5% in the subscription fees takes effect upon renewal.", "5"),
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

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Upon renewal Customer pays 4% more than in the preceding term.", "4"),
            ("The annual increment in the fees shall be 2%.", "2"),
            ("Fees climb 3 per cent a year.", "3"),
            ("We add four percent (4%) to our prices every year.", "4"),
            ("Renewals are priced at 4% above the fees for the expiring term.", "4"),
        ],
    )
    def test_is_read_however_prices_move(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_PERCENT, text) == [value]


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
            ("Indexation | HICP (annual)", "HICP"),
            ("Price adjustment\nCPI", "CPI"),
            ("Charges shall move in line with the UK Retail Prices Index.", "RPI"),
            ("Fees shall be uprated each year by CPI.", "CPI"),
            ("The Employment Cost Index governs the yearly price review.", "ECI"),
            (
                "Supplier adjusts the prices every January by the rate of inflation, measured by the Consumer Prices Index.",
                "CPI",
            ),
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
            ("Price change notice | 60 days", "P60D"),
            ("Vendor shall give 90 days' advance written notice before raising prices.", "P90D"),
            (
                "Customer shall be informed of any fee increase at least two (2) months before it becomes effective.",
                "P2M",
            ),
            ("Fee increases shall only become effective after a notice period of 60 days.", "P60D"),
            ("Provider will not increase prices without first giving Customer thirty (30) days' notice.", "P30D"),
            ("An increase has to be notified at least 45 days ahead of the Renewal Term.", "P45D"),
            (
                "Any change in prices must be communicated to Customer not later than 30 days before the new prices apply.",
                "P30D",
            ),
            ("Changes to the charges are notified with a lead time of at least 60 days.", "P60D"),
            ("Provider must announce price increases in writing with at least ninety (90) days' notice.", "P90D"),
            ("Customer will have no less than 60 days' notice of any increase.", "P60D"),
            ("Thirty (30) days before a fee increase applies, Provider shall notify Customer.", "P30D"),
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

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("We tell you about a price increase 45 days before it happens.", "P45D"),
            ("Notice of a fee increase: 90 days.", "P90D"),
            ("The revised fees apply from the expiry of thirty (30) days after Customer was informed of them.", "P30D"),
            ("A rise in the fees becomes binding 60 days after its announcement at the earliest.", "P60D"),
            ("The notice period for price changes is ninety (90) days.", "P90D"),
            ("Should Provider wish to put up its prices, it shall say so 45 days beforehand.", "P45D"),
            ("Any price revision is to be made known to you with 45 days to go.", "P45D"),
        ],
    )
    def test_is_read_however_it_is_given(self, text: str, value: str) -> None:
        assert values_of(TermField.ESCALATION_NOTICE, text) == [value]

    @pytest.mark.parametrize(
        "text",
        [
            "Customer may cancel within 30 days of notice of an increase in the fees.",
            "Notice of the fee change shall last for one month on the website.",
            "Notice of any increase is given for a term of 12 months.",
        ],
    )
    def test_is_not_the_time_to_object_or_the_length_of_a_posting(self, text: str) -> None:
        assert values_of(TermField.ESCALATION_NOTICE, text) == []
