"""The term, its renewal, its end and the law, in the words of many hands."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from tests.extraction.passage import values_of

T = TermField


class TestTheLengthOfTheTerm:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("The duration of this contract is three (3) years, counted from the Effective Date.", "P3Y"),
            ("Twelve (12) months shall be the initial term of this agreement.", "P12M"),
            ("The Term shall begin on the Effective Date and, unless sooner terminated, shall end 24 months thereafter.", "P24M"),
            ("Customer is locked in for 36 months.", "P36M"),
            ("Contract period | 18 months", "P18M"),
            ("The subscription has an initial one-year term beginning on the Effective Date.", "P1Y"),
        ],
    )  # fmt: skip
    def test_is_read_whatever_the_words(self, text: str, length: str) -> None:
        assert values_of(T.INITIAL_TERM, text) == [length]
        assert values_of(T.TERM_TYPE, text) == ["fixed"]

    @pytest.mark.parametrize(
        "text",
        [
            "The supplier keeps records during the term of this agreement and for five years after its termination.",
            "The Services carry a warranty of twelve months.",
            "The obligations of confidentiality in this agreement continue for three years.",
            "When a term expires, a new term of twelve months begins automatically.",
            "The agreement rolls forward by six months whenever a term comes to an end.",
            "Each party keeps insurance for two years following expiry of this contract.",
        ],
    )
    def test_is_not_taken_from_another_matter(self, text: str) -> None:
        assert not values_of(T.INITIAL_TERM, text)


class TestTheRenewal:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("Upon expiry, the term is tacitly renewed for one year.", "P1Y"),
            ("The contract is extended by two (2) years each time it is not cancelled.", "P2Y"),
            ("Renewal is automatic, for 12 months at a time.", "P12M"),
            ("Unless cancelled 90 days before its end, the subscription continues for further six-month terms.", "P6M"),
            ("Auto-renew | Yes - 24 months", "P24M"),
            ("If nobody cancels, the contract goes on for twelve months more.", "P12M"),
        ],
    )
    def test_is_automatic_and_has_a_length(self, text: str, length: str) -> None:
        assert values_of(T.RENEWAL_TYPE, text) == ["auto"]
        assert values_of(T.RENEWAL_TERM, text) == [length]

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("The agreement will not renew automatically; a new order is needed for any further term.", "manual"),
            ("Prolongation needs the written consent of both parties.", "manual"),
            ("Automatic renewal | No", "none"),
            ("The contract is non-renewable.", "none"),
            ("Once the Initial Term is over, Customer is on a monthly rolling contract.", "month_to_month"),
        ],
    )
    def test_may_be_of_another_kind(self, text: str, kind: str) -> None:
        assert values_of(T.RENEWAL_TYPE, text) == [kind]

    @pytest.mark.parametrize(
        "text",
        [
            "This agreement will continue for a period of three years unless terminated earlier.",
            "At least ninety days before any renewal, either party may serve a notice stopping it.",
            "No modification of this agreement, nor extension of a time limit, is valid unless in writing and signed.",
        ],
    )
    def test_is_not_read_where_none_is_told(self, text: str) -> None:
        assert not values_of(T.RENEWAL_TYPE, text)


class TestStoppingARenewal:
    @pytest.mark.parametrize(
        ("text", "period", "party"),
        [
            ("Customer may opt out of the renewal by telling Vendor in writing at least 90 days before it would take effect.", "P90D", "customer"),
            ("Renewal opt-out | sixty days before the end of the term, by either party", "P60D", "either"),
            ("Cancellation before renewal requires 45 days' notice from the Supplier.", "P45D", "provider"),
            ("Either party must say no to the renewal at least thirty (30) days before the term ends.", "P30D", "either"),
        ],
    )  # fmt: skip
    def test_tells_how_long_before_and_by_whom(self, text: str, period: str, party: str) -> None:
        assert values_of(T.NOTICE_PERIOD, text) == [period]
        assert values_of(T.NOTICE_PARTY, text) == [party]

    def test_has_a_window_that_opens_and_closes(self) -> None:
        text = (
            "The window in which either party may give notice of non-renewal opens 90 days before the end of the "
            "term and closes 30 days before it."
        )
        assert values_of(T.NOTICE_NOT_BEFORE, text) == ["P90D"]
        assert values_of(T.NOTICE_PERIOD, text) == ["P30D"]

    def test_is_not_a_wish_to_extend(self) -> None:
        text = "A party that wishes to extend it shall give the other notice of its wish 90 days before the term ends."
        assert not values_of(T.NOTICE_PARTY, text)


class TestTheDays:
    @pytest.mark.parametrize(
        ("field", "text"),
        [
            (T.AGREEMENT_DATE, "Both parties put their signatures to this contract on 13 May 2024."),
            (T.AGREEMENT_DATE, "Execution date | 13 May 2024"),
            (T.EFFECTIVE_DATE, "13 May 2024 shall be the Effective Date of this agreement."),
            (T.EFFECTIVE_DATE, "Contract start: 13 May 2024."),
            (T.EXPIRATION_DATE, "The contract expires at midnight on 13 May 2024."),
            (T.EXPIRATION_DATE, "13 May 2024 is the last day of the Initial Term."),
            (T.EXPIRATION_DATE, "Valid until | 13 May 2024"),
        ],
    )
    def test_are_read_from_sentence_and_label(self, field: TermField, text: str) -> None:
        assert values_of(field, text) == ["2024-05-13"]

    def test_of_other_papers_are_left_out(self) -> None:
        text = "This agreement supersedes the letter of intent dated 3 March 2020."
        assert not values_of(T.AGREEMENT_DATE, text)

    def test_on_which_it_takes_effect_does_not_end_it(self) -> None:
        assert not values_of(T.EXPIRATION_DATE, "This contract, which takes effect on 13 May 2024, binds both parties.")


class TestTheLaw:
    @pytest.mark.parametrize(
        "text",
        [
            "The parties choose the law of Ireland.",
            "The rights and obligations of the parties are determined by the laws of Ireland.",
            "Jurisdiction and law    Ireland",
            "Choice of law: Ireland.",
        ],
    )
    def test_is_read_whatever_the_verb(self, text: str) -> None:
        assert values_of(T.GOVERNING_LAW, text) == ["Ireland"]

    @pytest.mark.parametrize(
        "text",
        [
            "The Supplier is a company incorporated under the laws of Ireland.",
            "The parties shall comply with the data protection laws of Ireland.",
        ],
    )
    def test_is_not_any_law_that_is_named(self, text: str) -> None:
        assert not values_of(T.GOVERNING_LAW, text)
