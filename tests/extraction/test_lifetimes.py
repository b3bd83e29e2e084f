"""Until when a contract runs and for how long it goes on, read sentence by sentence."""

from __future__ import annotations

import pytest

from extraction.facts.lifetimes import endless, last_days, lifetimes
from extraction.facts.renewed import renewed_for
from extraction.trained.defined import meanings, named


class TestTheLastDay:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("This Agreement shall be effective through and including March 31, 2029.", "2029-03-31"),
            ("The term of this Agreement begins on the date hereof and ends at April 30, 2029.", "2029-04-30"),
            ("Unless sooner terminated, this Agreement shall expire on December 31, 2028.", "2028-12-31"),
            (
                "The Term will begin on the date hereof and will continue until the earlier of (i) December 31, 2028"
                " and (ii) the sale of the Site.",
                "2028-12-31",
            ),
            ("Term: January 1, 2027 to December 31, 2028", "2028-12-31"),
        ],
    )
    def test_is_read(self, text: str, day: str) -> None:
        assert [found.value for found in last_days(text)] == [day]
        assert all(text[found.start : found.end].strip() for found in last_days(text))

    @pytest.mark.parametrize(
        "text",
        [
            "The sales forecast for the period ending December 31, 2028 is attached.",
            "If this Agreement is terminated prior to May 31, 2028, all fees become due.",
            "The exclusivity granted under this Agreement ends on June 30, 2028.",
            "For the period from the Effective Date through September 30, 2028, the price shall be $36.50.",
        ],
    )
    def test_is_not_taken_from_another_matter(self, text: str) -> None:
        assert not last_days(text)


class TestTheLength:
    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("The term of this Agreement shall be fifteen (15) years from the Effective Date.", "P15Y"),
            ("This Agreement commences on the Effective Date and continues thereafter for two years.", "P2Y"),
            ("This Agreement will end on the third anniversary of the Effective Date.", "P3Y"),
            ("The initial term shall end on the five (5) year anniversary of the Effective Date.", "P5Y"),
            (
                "This Agreement shall remain in force for a period of one (1) year, and shall be automatically renewed"
                " for successive periods of two (2) years.",
                "P1Y",
            ),
        ],
    )
    def test_is_read(self, text: str, period: str) -> None:
        assert [str(found.value.period) for found in lifetimes(text)] == [period]

    @pytest.mark.parametrize(
        "text",
        [
            "For the term of this Agreement and for five (5) years thereafter, each Party keeps it secret.",
            "No action arising out of this Agreement may be brought more than one (1) year after its cause.",
            "Either party may end this Agreement upon six (6) months' notice.",
            "When a term expires, a new term of twelve months begins automatically.",
            "This Agreement " + "and so on " * 400 + "shall continue for two years.",
        ],
    )
    def test_is_not_taken_from_another_matter(self, text: str) -> None:
        assert not lifetimes(text)


class TestNoEnd:
    @pytest.mark.parametrize(
        "text",
        [
            "This Agreement shall continue indefinitely until terminated by either Party.",
            "The term of this Agreement commences on the Effective Date and continues in perpetuity.",
            "This Agreement and the license granted herein shall remain effective until terminated.",
            "This Agreement is entered into for an unlimited period of time.",
        ],
    )
    def test_is_read(self, text: str) -> None:
        assert endless(text)

    @pytest.mark.parametrize(
        "text",
        [
            "The Perpetual Preferred Stock of this company is held by the Treasury.",
            "This Agreement shall continue for two years unless terminated.",
            "The confidentiality obligations of this Agreement shall continue indefinitely.",
            "The price is fixed from the date of this Agreement until the expiration of the Offer Period.",
        ],
    )
    def test_is_not_taken_from_another_matter(self, text: str) -> None:
        assert not endless(text)


class TestGoingOn:
    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("The Customer may renew this Agreement for 2 additional terms of 10 years each.", "P10Y"),
            ("Thereafter, this agreement will renew automatically from year to year.", "P1Y"),
            ("The term of this Agreement may be extended for an additional two year period.", "P2Y"),
            ("At its option, this Agreement shall renew for a subsequent term of two (2) years.", "P2Y"),
        ],
    )
    def test_is_read(self, text: str, period: str) -> None:
        assert [str(found.value) for found in renewed_for(text)] == [period]

    @pytest.mark.parametrize(
        "text",
        [
            "The term of this Agreement shall continue for six (6) months.",
            "This Agreement renews unless notice is given sixty (60) days before its end.",
            "This Section shall survive termination of this Agreement and continue thereafter for five (5) years.",
        ],
    )
    def test_is_not_taken_from_another_matter(self, text: str) -> None:
        assert not renewed_for(text)


class TestNames:
    TEXT = (
        'This Agreement is made on May 1, 2027 (the "Effective Date").\n\n'
        "It shall expire on the Expiration Date unless extended.\n\n"
        '"Expiration Date" means March 31, 2030. Nothing else is agreed.\n\nService Period: two years\n'
    )

    def test_of_days_and_periods_are_found_in_a_passage(self) -> None:
        assert named("It ends on the Expiration Date of the Initial Term", 0, 50) == ["Expiration Date", "Initial Term"]

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("Expiration Date", '"Expiration Date" means March 31, 2030'),
            ("Effective Date", 'This Agreement is made on May 1, 2027 (the "Effective Date")'),
            ("Service Period", "Service Period: two years"),
        ],
    )
    def test_are_explained_where_the_contract_says_so(self, name: str, said: str) -> None:
        assert [self.TEXT[start:end].strip() for start, end in meanings(self.TEXT, name)] == [said]

    def test_without_an_explanation_have_none(self) -> None:
        assert not meanings(self.TEXT, "Renewal Term")
