"""Who may leave, when, how notices travel, and what a party answers for."""

from __future__ import annotations

import pytest

from domain.terms import TermField
from tests.extraction.passage import values_of

T = TermField
PARTIES = 'This agreement is made between Alder Inc. ("Company") and Birch Ltd. ("Subscriber").\n'


class TestLeavingAtWill:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("You may cancel your subscription at any time and without cause with 30 days notice.", "customer P30D"),
            ("The Client is free to end this contract at will, provided it gives the Supplier two months' notice.",
             "customer P2M"),
            ("This Agreement is terminable without cause by either party on sixty days' notice.", "either P60D"),
            ("Vendor shall have the right, without cause, to terminate upon 6 months' written notice.", "provider P6M"),
            ("Each party has the right to terminate without giving reasons on three months' notice.", "either P3M"),
            ("Termination for convenience. Provider may end the agreement by giving not less than 90 days' notice.",
             "provider P90D"),
            ("Customer may terminate for convenience at any time upon written notice to Provider.", "customer P0D"),
        ],
    )  # fmt: skip
    def test_names_who_and_the_notice(self, text: str, value: str) -> None:
        assert values_of(T.TERMINATION_FOR_CONVENIENCE, text) == [value]

    def test_knows_the_parties_by_their_own_names(self) -> None:
        text = PARTIES + "Company may terminate this agreement without cause on 60 days' notice."
        assert values_of(T.TERMINATION_FOR_CONVENIENCE, text) == ["provider P60D"]

    def test_of_nobody_known_is_left_out(self) -> None:
        text = "Wren may terminate this agreement without cause on 60 days' notice."
        assert not values_of(T.TERMINATION_FOR_CONVENIENCE, text)

    @pytest.mark.parametrize(
        "text",
        [
            "Neither party may terminate this Agreement for convenience.",
            "Provider may not terminate for convenience during the Initial Term.",
            "Upon termination of this Agreement for any reason, Customer shall return the equipment within 30 days.",
            "Either party may terminate if the other breaches and does not cure within 30 days of notice.",
            "If Customer terminates for any reason, it shall pay the fees for the remaining term.",
        ],
    )
    def test_is_not_read_where_it_is_not_granted(self, text: str) -> None:
        assert not values_of(T.TERMINATION_FOR_CONVENIENCE, text)


class TestCuringABreach:
    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("If the breach is not cured within 20 days after notice, the other party may terminate.", "P20D"),
            (
                "A party in default shall have 15 days to remedy its breach, failing which the other may terminate.",
                "P15D",
            ),
            (
                "Either party may terminate if the other fails to perform and such failure continues for 45 days.",
                "P45D",
            ),
            (
                "A material breach not remedied within a 10-day cure period entitles the other party to terminate.",
                "P10D",
            ),
            ("Material breach: termination is allowed after sixty (60) days' notice and failure to cure.", "P60D"),
        ],
    )
    def test_takes_as_long_as_is_told(self, text: str, period: str) -> None:
        assert values_of(T.TERMINATION_FOR_CAUSE, text) == [period]

    @pytest.mark.parametrize(
        "text",
        [
            "Provider may terminate if an invoice remains unpaid 10 days after a reminder of such breach.",
            "Either party may terminate at once for a breach which cannot be remedied.",
            "A defect that is not cured within 30 days is a breach of warranty.",
        ],
    )
    def test_is_not_the_time_to_pay_or_to_repair(self, text: str) -> None:
        assert not values_of(T.TERMINATION_FOR_CAUSE, text)


class TestRenewals:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("This Agreement may be renewed for no more than three (3) additional terms.", "3"),
            ("The term shall renew automatically for up to two successive one-year terms.", "2"),
            ("The Agreement can be renewed twice.", "2"),
            ("Renewal is limited to 2 renewal periods.", "2"),
            ("Not more than four renewals are permitted.", "4"),
            ("The agreement shall renew for three (3) additional one (1) year periods.", "3"),
        ],
    )
    def test_may_be_limited(self, text: str, count: str) -> None:
        assert values_of(T.RENEWAL_LIMIT, text) == [count]

    def test_of_one_year_each_are_not_limited_to_one(self) -> None:
        assert not values_of(T.RENEWAL_LIMIT, "It renews for successive one (1) year terms.")

    @pytest.mark.parametrize(
        ("text", "early"),
        [
            ("Notice of non-renewal must be given not more than 120 and not less than 60 days before expiry.", "P120D"),
            ("Notice must be given between 90 and 30 days before the end of the term.", "P90D"),
            ("Notice may be served between two (2) and six (6) months prior to the end of the term.", "P6M"),
            (
                "Notice shall be served at the earliest 180 days and at the latest 90 days before the term ends.",
                "P180D",
            ),
            (
                "Either party may give notice at least 60 days, but not more than 120 days, before the term ends.",
                "P120D",
            ),
        ],
    )
    def test_may_be_stopped_only_within_a_window(self, text: str, early: str) -> None:
        assert values_of(T.NOTICE_NOT_BEFORE, text) == [early]

    def test_have_no_window_where_only_the_latest_day_is_told(self) -> None:
        assert not values_of(T.NOTICE_NOT_BEFORE, "Notice must be given at least 30 days before the end.")

    @pytest.mark.parametrize(
        ("text", "side"),
        [
            ("Unless either party notifies the other at least 60 days before expiry, this Agreement renews.", "either"),
            ("Customer may opt out of renewal by written notice to Provider 30 days before the end.", "customer"),
            ("Provided that Vendor has not given notice of non-renewal 90 days prior, the Order renews.", "provider"),
            ("Unless cancelled by the Client with 60 days' notice, the contract is extended.", "customer"),
            (PARTIES + "Unless Company shall give notice 20 days before the renewal date, the term is extended.",
             "provider"),
        ],
    )  # fmt: skip
    def test_are_stopped_by_a_side(self, text: str, side: str) -> None:
        assert values_of(T.NOTICE_PARTY, text) == [side]


class TestANotice:
    @pytest.mark.parametrize(
        ("text", "ways"),
        [
            ("All notices must be in writing and sent by certified mail, by overnight courier or by email.",
             ["registered_post", "courier", "email"]),
            ("Any notice shall be given by email with confirmation; notice by fax is not valid.", ["email"]),
            ("Notices shall be delivered in person, by first-class mail or by email, but not by fax.",
             ["hand", "post", "email"]),
            ("A notice may be served by certified mail, personal delivery or courier.",
             ["registered_post", "hand", "courier"]),
        ],
    )  # fmt: skip
    def test_travels_as_told(self, text: str, ways: list[str]) -> None:
        assert values_of(T.NOTICE_METHOD, text) == ways

    def test_of_a_credit_is_no_general_notice(self) -> None:
        text = "Uptime is 99%. A notice claiming a service credit shall be sent by email."
        assert not values_of(T.NOTICE_METHOD, text)


class TestATerm:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("This Agreement continues for an initial term of three (3) years.", "fixed"),
            ("The contract is concluded for a fixed period of two years.", "fixed"),
            ("Initial Term: 24 months", "fixed"),
            ("The term of this Agreement is perpetual.", "perpetual"),
            ("This Agreement shall remain in effect until terminated by either party.", "until_terminated"),
            ("This Agreement is of indefinite duration.", "until_terminated"),
        ],
    )
    def test_ends_or_does_not(self, text: str, kind: str) -> None:
        assert values_of(T.TERM_TYPE, text) == [kind]

    def test_is_not_that_of_a_duty_to_keep_secrets(self) -> None:
        assert not values_of(T.TERM_TYPE, "The confidentiality obligations last for five years.")


class TestACapOnLiability:
    @pytest.mark.parametrize(
        ("text", "cap"),
        [
            ("NEITHER PARTY'S LIABILITY WILL EXCEED TWO TIMES THE FEES PAID IN THE 12 MONTHS PRIOR TO THE EVENT.",
             "2x fees P12M"),
            ("Liability is limited to 150% of the annual fees paid in the preceding year.", "1.5x fees P1Y"),
            ("The Supplier is liable up to an amount equal to the charges paid in the last six months.", "fees P6M"),
            ("Total liability: twice the fees payable in the twelve months before the damage.", "2x fees P12M"),
            ("Our maximum liability is $500,000.", "500000.00 USD"),
        ],
    )  # fmt: skip
    def test_is_a_sum_or_a_span_of_fees(self, text: str, cap: str) -> None:
        assert values_of(T.LIABILITY_CAP, text) == [cap]

    @pytest.mark.parametrize(
        "text",
        [
            "Liability shall not exceed the greater of $1,000,000 and the fees paid in the 12 months before.",
            "Provider's liability for breach of confidentiality shall not exceed $5,000,000.",
            "Provider shall keep liability insurance with limits of at least $2,000,000.",
        ],
    )
    def test_of_two_measures_or_of_one_matter_is_left_to_a_person(self, text: str) -> None:
        assert not values_of(T.LIABILITY_CAP, text)


class TestInsurance:
    def test_is_read_with_the_first_sum_behind_each_kind(self) -> None:
        text = (
            "Provider shall maintain commercial general liability insurance of at least $1,000,000 per occurrence and "
            "$2,000,000 in the aggregate, and cyber liability insurance of not less than $5,000,000."
        )
        assert values_of(T.INSURANCE, text) == ["general_liability 1000000.00 USD", "cyber_liability 5000000.00 USD"]

    def test_is_read_with_the_sum_before_it(self) -> None:
        text = "Vendor carries $2,000,000 of errors and omissions insurance and $3,000,000 of cyber insurance."
        assert values_of(T.INSURANCE, text) == [
            "professional_liability 2000000.00 USD",
            "cyber_liability 3000000.00 USD",
        ]

    def test_without_a_sum_is_none(self) -> None:
        assert not values_of(T.INSURANCE, "Workers' compensation insurance as required by law.")
