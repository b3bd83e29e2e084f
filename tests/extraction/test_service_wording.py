"""Service levels in wordings far apart from each other; what stands beside them is something else."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from tests.extraction.passage import values_of

T = TermField
LEVEL = "Provider guarantees an uptime of 99.95% in each quarter.\n\n"


class TestAPromise:
    @pytest.mark.parametrize(
        "text",
        [
            "We keep the product online 99.9% of the time, measured every month.",
            "Uptime is computed per calendar month. It shall be no worse than 99.9%.",
            "Target: 99.9% availability. Period of measurement: one month.",
            "The Solution must be usable by Client for 99.9% of the total minutes in the calendar month.",
            "The hosting environment will be up 99.9% of the time in the course of each calendar month.",
            "System availability | min. 99.9% per month",
            "Vendor owes an availability of 99,9 % in the monthly average at the transfer point to the internet.",
            "Of the hours in a month, the Solution will be reachable for 99.9 per cent.",
            "Supplier targets 99.9% availability for the production tenant, tested at the end of each month.",
        ],
    )
    def test_is_read_with_its_window(self, text: str) -> None:
        assert values_of(T.UPTIME, text) == ["99.9"]
        assert values_of(T.UPTIME_WINDOW, text) == ["month"]

    @pytest.mark.parametrize(
        "text",
        [
            "Monthly uptime below target: from 99.5% but not 99.9%, 5% credit; from 99% but not 99.5%, 10% credit.",
            "The online survey showed that 99% of users were content.",
            "The disk is 99.999% durable and the help desk answers 95% of calls online.",
        ],
    )
    def test_is_not_made_of_bands_or_of_other_shares(self, text: str) -> None:
        assert not values_of(T.UPTIME, text)


class TestTheMostOfCredits:
    @pytest.mark.parametrize(
        "text",
        [
            "All rebates together stop at 30% of the monthly bill.",
            "The Provider is not obliged to credit over 30% of the fees of any one month.",
            "Total liability to give credits is restricted to 30% of the monthly fees.",
            "The sum total of credits is capped. The cap is 30% of the monthly fees.",
            "The at-risk amount for Service Levels is 30% of the monthly charges.",
            "In total, 30% of the monthly fees is the most that can be credited.",
            "Customer shall not be entitled to service credits above 30% of the monthly fees.",
            "Service credits, maximum | 30%",
            "Max. credits per month: 30% of monthly charges",
            "Credit liability per month is capped: 30% of fees.",
        ],
    )
    def test_is_their_cap(self, text: str) -> None:
        assert values_of(T.CREDIT_CAP, LEVEL + text) == ["30"]

    @pytest.mark.parametrize(
        "text",
        [
            "Provider shall within ten days credit 10% of the fees where uptime is missed.",
            "The credit for availability above 95% but below 99.95% is 10% of the fees.",
            "Liability for damages is capped at 100% of the fees paid, less any credits.",
        ],
    )
    def test_is_not_a_credit_or_a_limit_of_liability(self, text: str) -> None:
        assert not values_of(T.CREDIT_CAP, LEVEL + text)


class TestAClaim:
    @pytest.mark.parametrize(
        "text",
        [
            "E-mail us your credit request inside fifteen (15) days of the end of the month.",
            "Credit claims become time-barred 15 days after the end of the month.",
            "Requests for service credits may be made during the 15 days after the end of the month.",
            "To receive a service credit Customer has to put in its request before 15 days have passed since month end.",
            "Use the customer portal to claim your credits. You have fifteen (15) days from the end of the month.",
            "The time limit for credit claims is 15 days, beginning at the end of the month.",
            "Period for claiming credits: 15 days after the end of the month.",
        ],
    )
    def test_has_its_time(self, text: str) -> None:
        assert values_of(T.CLAIM_PERIOD, LEVEL + text) == ["P15D"]

    @pytest.mark.parametrize(
        "text",
        [
            "Claims for credits are answered within 15 days.",
            "Credits may be claimed for failures in any consecutive six (6) month period.",
            "The claim form asks for the credit history of the past three years.",
            "To claim credits Customer gives 15 days' notice.",
        ],
    )
    def test_is_not_a_time_to_answer_or_to_look_back(self, text: str) -> None:
        assert not values_of(T.CLAIM_PERIOD, LEVEL + text)


class TestAChronicBreach:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("A breach of the availability commitment in three (3) back-to-back months lets Client end this contract.", "3 in P3M"),
            ("We let you cancel if uptime is under target in three (3) months of any six (6).", "3 in P6M"),
            ("The contract can be cancelled where, looking back over six (6) months, the service level was breached in three (3) of them.", "3 in P6M"),
            ("If we fall short of the uptime target in any three (3) of six (6) consecutive months, you are free to cancel.", "3 in P6M"),
            ("Where, in the course of six (6) consecutive months, the uptime commitment is breached three (3) times, Client may end the contract.", "3 in P6M"),
        ],
    )  # fmt: skip
    def test_counts_misses_wherever_the_window_stands(self, text: str, value: str) -> None:
        assert values_of(T.CHRONIC_BREACH, LEVEL + text) == [value]


class TestALadder:
    @pytest.mark.parametrize(
        "table",
        [
            "Lower bound | Upper bound | Service Credit\n99% | 99.9% | 10%\n95% | 99% | 25%\n0% | 95% | 50%",
            "Uptime less than | but at least | Credit\n99.9% | 99% | 10%\n99% | 95% | 25%\n95% | - | 50%",
            "Credit Uptime\n10% 99% to below 99.9%\n25% 95% to below 99%\n50% below 95%",
            "below 99.9%: 10%; below 99%: 25%; below 95% - 50%",
        ],
    )
    def test_is_read_from_columns_and_from_edges_alone(self, table: str) -> None:
        text = f"{LEVEL}If availability is missed, these credits are due on the fees:\n\n{table}"
        assert set(values_of(T.SERVICE_CREDIT, text)) >= {"95..99: 25", "..95: 50"}

    def test_is_none_where_a_share_would_be_an_availability(self) -> None:
        text = LEVEL + "Credits: 10% (uptime lower than 99.9%, 99%); 25% (uptime lower than 99%, 95%)."
        assert not values_of(T.SERVICE_CREDIT, text)
