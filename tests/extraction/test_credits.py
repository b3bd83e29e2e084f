"""Availability, the ladder of credits, its cap and its claim, in the words of many drafters."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from extraction.values.ladders import ladder_in
from tests.extraction.passage import values_of

T = TermField
LEVEL = "Provider guarantees an uptime of 99.9% in each month.\n"


def rungs(text: str) -> list[str]:
    return [str(rung) for rung in ladder_in(text)]


class TestALadder:
    @pytest.mark.parametrize(
        "text",
        [
            "5% of the fees if uptime is at least 99% but less than 99.9%; 10% of the fees if uptime is less than 99%",
            "from 99.0 up to (but not including) 99.9 per cent: 5 per cent; under 99.0 per cent: 10 per cent",
            "below 99.9% and not below 99.0%: a credit of 5%; below 99.0%: a credit of 10%",
            ">= 99.0% and < 99.9%   5%\n< 99.0%   10%",
            "99.9% > availability >= 99.0% | 5%\n99.0% > availability | 10%",
            "99.0% <= uptime < 99.9%: 5%\nuptime < 99.0%: 10%",
            "Five percent (5%) if uptime is under 99.9% but no less than 99%, and ten percent (10%) if it is under 99%",
            "below 99%: 10%; 99% up to 99.9%: 5%",
            "99% or above but below 99.9%\t5%\nbelow 99%\t10%",
            "5% if availability drops below 99.9%, and 10% if it drops below 99%",
            ">= 99.9%  0%\n>= 99.0%  5%\n< 99.0%  10%",
        ],
    )
    def test_is_read_from_whatever_words_bound_its_bands(self, text: str) -> None:
        assert rungs(text) == ["99..99.9: 5", "..99: 10"]

    def test_with_closed_bands_goes_up_to_the_next_one(self) -> None:
        text = "99.0% - 99.89%   5%\n95.0% - 98.99%   10%\nbelow 95.0%   25%"
        assert rungs(text) == ["99..99.9: 5", "95..99: 10", "..95: 25"]

    def test_may_reach_the_whole_fee(self) -> None:
        text = "if availability is below 99.9% but at or above 95%, 50%; if availability is below 95%, 100%"
        assert rungs(text) == ["95..99.9: 50", "..95: 100"]

    @pytest.mark.parametrize(
        "text",
        [
            "below 99.9%: 10%; below 95%: 5%",  # a worse month would give less
            "Turnover grew by 5% to 99.9% and by 10% to 120%.",
            "Uptime was 99.9% and 10% of the seats were unused.",
            "",
        ],
    )
    def test_is_not_made_of_numbers_that_do_not_fit(self, text: str) -> None:
        assert len(rungs(text)) < 2

    def test_needs_credits_to_be_spoken_of(self) -> None:
        assert not values_of(T.SERVICE_CREDIT, "Uptime below 99.9%: 5 alarms. Staff turnover is 10% below 99%.")

    def test_that_grows_by_the_minute_is_left_to_a_person(self) -> None:
        text = (
            LEVEL + "For each full 30 minutes below 99.9% uptime Customer receives a credit of 5% of the monthly fee."
        )
        assert not values_of(T.SERVICE_CREDIT, text)

    def test_of_one_step_stands_in_a_sentence(self) -> None:
        text = LEVEL + "If uptime falls below 99.9%, Customer shall receive a credit of 5% of the monthly fees."
        assert values_of(T.SERVICE_CREDIT, text) == ["..99.9: 5"]
        assert values_of(T.UPTIME, text) == ["99.9"]

    def test_is_proved_row_by_row(self) -> None:
        text = LEVEL + "Uptime   Service credit\n99.0% to < 99.9%   10%\n95.0% to < 99.0%   25%\n< 95.0%   100%\n"
        assert values_of(T.SERVICE_CREDIT, text) == ["99..99.9: 10", "95..99: 25", "..95: 100"]


class TestAWindow:
    @pytest.mark.parametrize(
        ("text", "window"),
        [
            ("The platform's uptime, taken over each quarter, is warranted at no less than 99.5%.", "quarter"),
            ("Availability | 99.9% (annual)", "year"),
            ("Vendor commits to 99.9% uptime, measured monthly and excluding 8 hours of maintenance a year.", "month"),
            ("The availability of the platform must never drop under 99.9% in a calendar quarter.", "quarter"),
            ("On an annual basis, the platform is to be operational for 99.8% of the time. Uptime matters.", "year"),
            ("Uptime is 99.9%. Availability is calculated per calendar month.", "month"),
        ],
    )
    def test_stands_beside_the_promise(self, text: str, window: str) -> None:
        assert values_of(T.UPTIME_WINDOW, text) == [window]

    def test_is_nothing_without_a_promise(self) -> None:
        assert not values_of(T.UPTIME_WINDOW, "Service levels are availability and speed, determined each month.")


class TestACap:
    @pytest.mark.parametrize(
        "text",
        [
            "Service credits may not, in aggregate for any month, exceed thirty percent (30%) of that month's fee.",
            "In no case will the credits of a quarter amount to more than 30% of the quarterly charges.",
            "No more than 30% of the monthly fee will be credited in any month.",
            "Credits top out at 30% of the fees for the affected month.",
            "The maximum amount of service credits is 30% of the monthly charges.",
            "Maximum service credit | 30% of the monthly fees",
            "Up to 30% of the annual fees may be credited, and no more.",
        ],
    )
    def test_limits_the_credits(self, text: str) -> None:
        assert values_of(T.CREDIT_CAP, LEVEL + text) == ["30"]

    def test_is_not_a_step_of_the_ladder_nor_of_liability(self) -> None:
        text = LEVEL + "Liability is capped at 200% of the fees, credits included."
        assert not values_of(T.CREDIT_CAP, text)
        assert not values_of(T.CREDIT_CAP, LEVEL + "If uptime is below 99%, a credit of 10% of the fees is due.")


class TestAClaim:
    @pytest.mark.parametrize(
        ("text", "period", "channel"),
        [
            (
                "A credit must be requested by writing to sla@vendor.example within 30 days of month end.",
                "P30D",
                "email",
            ),
            (
                "Any claim for a credit has to reach Provider by email no later than 15 days after the event.",
                "P15D",
                "email",
            ),
            (
                "The credit is forfeited unless Customer logs a ticket within ten (10) days after the month.",
                "P10D",
                "ticket",
            ),
            (
                "Credits expire if not claimed through the admin portal in the 14 days following month end.",
                "P14D",
                "portal",
            ),
            (
                "Customer may apply for a credit by written notice given within one month after the quarter.",
                "P1M",
                "notice",
            ),
            ("You have 21 days from the end of the month to ask us for your credit in the portal.", "P21D", "portal"),
        ],
    )
    def test_has_its_time_and_its_way(self, text: str, period: str, channel: str) -> None:
        assert values_of(T.CLAIM_PERIOD, LEVEL + text) == [period]
        assert values_of(T.CLAIM_CHANNEL, LEVEL + text) == [channel]

    @pytest.mark.parametrize(
        "text",
        [
            "Provider will issue the service credit within 45 days of the claim.",
            "Credits are set off against the invoice due within 30 days of the end of the month.",
            "A credit must be claimed within ten (10) business days.",  # has no canonical form
        ],
    )
    def test_is_not_what_the_provider_must_do(self, text: str) -> None:
        assert not values_of(T.CLAIM_PERIOD, LEVEL + text)

    def test_is_read_only_where_there_are_service_levels(self) -> None:
        text = "Distributor must claim a credit for damaged goods by e-mail within 10 days after delivery."
        assert not values_of(T.CLAIM_PERIOD, text)


class TestAChronicBreach:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("If uptime is missed in three (3) consecutive months, Customer may terminate.", "3 in P3M"),
            ("Customer may cancel where the service level was missed twice within any six-month period.", "2 in P6M"),
            ("Customer may terminate if the uptime target is missed for two (2) out of any three (3) consecutive months.",
             "2 in P3M"),
            ("If uptime is below 99.9% in any two months of a calendar year, Customer may terminate.", "2 in P12M"),
            ("Where in any 6-month period the service level was missed in 3 months, Customer may terminate.", "3 in P6M"),
            ("Should uptime fall short in more than two months of any six months, Customer may leave.", "3 in P6M"),
            ("If the service level is not met four months in a row, Client may exit.", "4 in P4M"),
            ("Two consecutive quarterly misses of the uptime commitment allow Customer to cancel.", "2 in P6M"),
        ],
    )  # fmt: skip
    def test_counts_misses_in_a_window(self, text: str, value: str) -> None:
        assert values_of(T.CHRONIC_BREACH, LEVEL + text) == [value]

    def test_of_two_kinds_is_a_contradiction_for_a_person(self) -> None:
        text = LEVEL + (
            "Customer may terminate if uptime is missed in any two (2) consecutive months or any three (3) months "
            "in a twelve (12) month period."
        )
        assert not values_of(T.CHRONIC_BREACH, text)

    def test_is_not_a_notice_period(self) -> None:
        text = LEVEL + "If the service level is missed, Customer may terminate on 2 months' notice within 12 months."
        assert not values_of(T.CHRONIC_BREACH, text)
