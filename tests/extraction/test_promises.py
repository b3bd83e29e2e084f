"""Service levels, ways out, liability and insurance as lawyers word them; what is not promised is not read."""

from __future__ import annotations

import pytest

from domain.documents import Document, Page
from domain.terms import Reading, TermField
from extraction import read_terms, verify

T = TermField


def reading_of(text: str) -> Reading:
    document = Document("0" * 64, (Page(1, text),))
    reading = read_terms(document)
    assert all(verify(document, term) for term in reading.terms)
    return reading


def values(text: str, field: TermField) -> set[str]:
    return {term.value for term in reading_of(text).all(field)}


class TestAServiceLevel:
    @pytest.mark.parametrize(
        ("text", "uptime", "window"),
        [
            (
                "Provider shall ensure that the Service is available at least 99.9% of each calendar month.",
                "99.9",
                "month",
            ),
            ("The monthly uptime percentage will be no less than 99.95 percent.", "99.95", "month"),
            ("Vendor guarantees quarterly availability of the platform of 99.5 %.", "99.5", "quarter"),
        ],
    )
    def test_is_read_with_its_window(self, text: str, uptime: str, window: str) -> None:
        assert values(text, T.UPTIME) == {uptime}
        assert values(text, T.UPTIME_WINDOW) == {window}

    @pytest.mark.parametrize(
        "text",
        [
            "Last year uptime was 99.99%.",
            "If availability falls below 99.0% in a month, Customer receives a credit of 10% of the monthly fee.",
            "Interest accrues at 95.5% of the base rate.",
        ],
    )
    def test_is_not_made_of_other_percentages(self, text: str) -> None:
        assert not values(text, T.UPTIME)

    def test_has_its_ladder_of_credits(self) -> None:
        text = (
            "Provider shall keep the Service available 99.9% of each month.\n"
            "Monthly Uptime Percentage | Service Credit\n"
            "Less than 99.9% but at least 99.0% | 10%\n"
            "Less than 99.0% | 25%\n"
        )
        assert values(text, T.SERVICE_CREDIT) == {"99..99.9: 10", "..99: 25"}

    def test_has_its_claim(self) -> None:
        text = (
            "The Service is available 99.9% of each month. Customer must request service credits by e-mail within thirty "
            "(30) days after the end of the month. Service credits shall not exceed 50% of the monthly fee."
        )
        assert values(text, T.CLAIM_PERIOD) == {"P30D"}
        assert values(text, T.CLAIM_CHANNEL) == {"email"}
        assert values(text, T.CREDIT_CAP) == {"50"}


class TestAWayOut:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (
                "Either party may terminate this Agreement for convenience upon ninety (90) days' written notice.",
                "either P90D",
            ),
            (
                "Customer may terminate this Agreement at any time without cause on 30 days' prior notice.",
                "customer P30D",
            ),
        ],
    )
    def test_without_a_reason_names_the_side_and_the_notice(self, text: str, value: str) -> None:
        assert values(text, T.TERMINATION_FOR_CONVENIENCE) == {value}

    def test_for_a_breach_names_the_time_to_cure(self) -> None:
        text = (
            "Either party may terminate this Agreement if the other party materially breaches it and fails to cure the "
            "breach within thirty (30) days of written notice."
        )
        assert values(text, T.TERMINATION_FOR_CAUSE) == {"P30D"}
        assert not values(text, T.TERMINATION_FOR_CONVENIENCE)


class TestLiability:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (
                "Each party's total aggregate liability shall not exceed the fees paid in the twelve (12) months before "
                "the event.",
                "fees P12M",
            ),
            ("In no event shall Provider's aggregate liability exceed US$ 1,000,000.", "1000000.00 USD"),
        ],
    )
    def test_is_capped(self, text: str, value: str) -> None:
        assert values(text, T.LIABILITY_CAP) == {value}


class TestAnAmendment:
    def test_says_what_is_replaced_by_what(self) -> None:
        text = (
            "First Amendment to the Master Services Agreement\n"
            'Section 4.2 of the Agreement is hereby amended by replacing "thirty (30) days" with "forty-five (45) days".\n'
            "Section 9 is hereby deleted in its entirety.\n"
        )
        replaced, deleted = reading_of(text).changes
        assert (replaced.clause, replaced.old, replaced.new) == (
            "Section 4.2", "thirty (30) days", "forty-five (45) days",
        )  # fmt: skip
        assert (deleted.clause, deleted.new) == ("Section 9", "")

    def test_is_not_seen_in_a_paper_that_amends_nothing(self) -> None:
        assert not reading_of('In this Agreement references to "days" shall read as calendar days.').changes
