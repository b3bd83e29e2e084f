"""What only looks like a term is left alone, and what is said plainly is read; a wrong value is worse than a gap."""

from __future__ import annotations

import pytest

from domain.documents import Document, Page
from domain.terms import Reading, TermField
from extraction import read_terms, verify
from extraction.values.nets import net_days


def reading_of(text: str) -> Reading:
    document = Document("0" * 64, (Page(1, text),))
    reading = read_terms(document)
    assert all(verify(document, term) for term in reading.terms)
    return reading


def value_of(field: TermField, text: str) -> str | None:
    term = reading_of(text).get(field)
    return term.value if term else None


def why(field: TermField, text: str) -> str:
    return next(gap.why for gap in reading_of(text).gaps if gap.field == field.value)


def parties_of(text: str) -> list[tuple[str, str]]:
    return [(party.name, party.role) for party in reading_of(text).parties]


class TestPaymentTerms:
    @pytest.mark.parametrize(
        "text",
        ["Invoices are due net 30.", "Net 30, without deduction.", "payment: net thirty (30) days; late fees apply"],
    )
    def test_end_where_the_sentence_ends(self, text: str) -> None:
        assert net_days(text) == {"30"}

    @pytest.mark.parametrize(
        "text", ["net 30.5", "net 1,000", "net 10%", "net thirty (45) days", "net sales 50.", "net 30 months",
                 "net 30 business days", "net 30 EOM"],
    )  # fmt: skip
    def test_are_no_other_number(self, text: str) -> None:
        assert net_days(text) == set()

    def test_that_differ_are_a_gap(self) -> None:
        text = "Invoices are due net 30. Customer shall pay all invoices within 45 days of receipt."
        assert value_of(TermField.PAYMENT_DAYS, text) is None
        assert why(TermField.PAYMENT_DAYS, text) == "two readings: 30 (page 1) and 45 (page 1)"

    @pytest.mark.parametrize(
        "text", ["Payment Terms: 30 days", "Payment Terms: 30 days.", "Payment terms: 30 days\nBilling: annual"]
    )
    def test_stand_behind_their_label(self, text: str) -> None:
        assert value_of(TermField.PAYMENT_DAYS, text) == "30"

    @pytest.mark.parametrize("text", ["Payment Terms: 30 days\nafter delivery", "Payment Terms: 30 days, end of month"])
    def test_that_go_on_are_not_cut_short(self, text: str) -> None:
        assert value_of(TermField.PAYMENT_DAYS, text) is None


class TestTheGoverningLaw:
    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("This Agreement, and the agreements governed by the laws of Delaware, shall be governed by the laws of the"
             " State of New York.", "New York"),
            ("This Agreement shall be governed by the laws of the Commonwealth of Pennsylvania, United States.",
             "Pennsylvania"),
            ("This Agreement is governed by the laws of the Commonwealth of Pennsylvania, United States of America, "
             "without regard to conflicts of laws.", "Pennsylvania"),
            ("Governing Law: State of New York, USA", "New York"),
            ("It shall be governed by the laws of Washington, D.C.", "District of Columbia"),
            ("It is governed by the laws of Florida, the Franchisee being formed under the laws of Poland.",
             "Florida"),
            ("It is governed by the laws of the Province of Ontario and the federal laws of Canada.", "Ontario"),
        ],
    )  # fmt: skip
    def test_is_the_one_that_governs_this_contract(self, text: str, place: str) -> None:
        assert value_of(TermField.GOVERNING_LAW, text) == place

    @pytest.mark.parametrize(
        "text",
        [
            "All other agreements governed by the laws of Delaware remain in force.",
            "The Lease Agreement, which is governed by the laws of Delaware, remains in force.",
        ],
    )
    def test_of_another_contract_is_not_taken(self, text: str) -> None:
        assert value_of(TermField.GOVERNING_LAW, text) is None

    def test_that_is_named_twice_is_a_gap(self) -> None:
        text = (
            "This Agreement shall be governed by the laws of Delaware or, for deliveries abroad, by the laws of France."
        )
        assert value_of(TermField.GOVERNING_LAW, text) is None
        assert why(TermField.GOVERNING_LAW, text).startswith("two readings")


class TestTheDateOfThisContract:
    @pytest.mark.parametrize(
        "text",
        [
            "This Amendment to that certain Hosting Agreement dated March 1, 2020 changes the fees.",
            "This Amendment changes that certain Hosting Agreement\ndated March 1, 2020.",
            "In connection with that certain Hosting Agreement by and between A Ltd. and B Inc.,\ndated March 1, 2020,"
            " the parties agree.",
            "Services are described in the Hosting Agreement between the parties dated as of March 1, 2020.",
            "The supplier has confirmed by letter dated\nMarch 1, 2020 that it agrees.",
            "This Order Form is governed by that certain Hosting Agreement dated\nMarch 1, 2020\n",
        ],
    )
    def test_is_not_that_of_a_contract_it_refers_to(self, text: str) -> None:
        assert value_of(TermField.AGREEMENT_DATE, text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "This Hosting Agreement dated March 1, 2020 is between A Ltd. and B Inc.",
            "This Second Amendment to the Hosting Agreement is made and entered into as of March 1, 2020.",
            "This Amendment dated March 1, 2020 changes that certain Hosting Agreement dated May 5, 2019.",
            "THIS LICENSE AND RESELLER AGREEMENT dated as of the March 1, 2020 is made",
            'THIS COLLABORATION & ENDORSEMENT AGREEMENT (the "Agreement") is dated as of this 1st day of March, 2020',
            "Some Fund\n\nAGREEMENT dated as of March 1, 2020, between the Fund and others",
            "This letter dated March 1, 2020 is our contract.",
            "Dated: March 1, 2020",
        ],
    )
    def test_is_read_where_it_is_its_own(self, text: str) -> None:
        assert value_of(TermField.AGREEMENT_DATE, text) == "2020-03-01"


class TestTheLastDay:
    @pytest.mark.parametrize(
        "text",
        [
            "The term of exclusivity under this Agreement shall expire on December 31, 2027.",
            "Under this Agreement the exclusivity period shall expire on December 31, 2027.",
            "The warranty under this Agreement ends on December 31, 2027.",
            "Offer Expiration Date: December 31, 2027",
            "Expiration Date of the Option\nOption Expiration Date: December 31, 2027",
        ],
    )
    def test_of_something_smaller_is_not_that_of_the_contract(self, text: str) -> None:
        assert value_of(TermField.EXPIRATION_DATE, text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "The term of this Agreement shall expire on December 31, 2027.",
            "This Support and Maintenance Agreement remains in force until December 31, 2027.",
            'The term of this Agreement (the "Initial Term") shall, unless terminated, terminate on December 31, 2027.',
            "TERM OF AGREEMENT\n2.1 This Agreement is in force from December 15, 2026 through December 31, 2027.",
            "Expiration Date: December 31, 2027",
            "Subscription Term: January 1, 2027 to December 31, 2027",
        ],
    )
    def test_is_read_where_the_contract_ends(self, text: str) -> None:
        assert value_of(TermField.EXPIRATION_DATE, text) == "2027-12-31"


class TestUptime:
    @pytest.mark.parametrize(
        "tier",
        [
            "If uptime falls below 95% customer gets 10% credit; availability below 99.0% gives 5%.",
            "Where availability is less than 99% in a month, a credit of 5% is due.",
            "Uptime between 98% and 99.5%: credit of 5%.",
            "If monthly uptime is 97% or less, the credit is 10%.",
            "For availability under ninety-five percent (95%), a credit of 100% of the monthly fee is due.",
            "\nCredits: 99.0% - 99.9%: 5%\n95.0% - 99.0%: 10%",
            "Availability 95.0% - 99.0% gives a credit of 5%.",
        ],
    )
    def test_is_not_contradicted_by_the_tiers_of_its_credits(self, tier: str) -> None:
        assert value_of(TermField.UPTIME, f"The uptime commitment is 99.9%. {tier}") == "99.9"

    def test_that_may_not_fall_below_a_limit_is_a_promise(self) -> None:
        assert value_of(TermField.UPTIME, "Monthly uptime shall not fall below 99.5%.") == "99.5"

    def test_that_is_promised_twice_is_a_gap(self) -> None:
        text = "We promise an uptime of 99.9%. Availability shall be 99.5%."
        assert value_of(TermField.UPTIME, text) is None


class TestTheFirstTerm:
    def test_is_not_contradicted_under_a_heading_about_renewal(self) -> None:
        text = "Order Form\nRenewal\nInitial Term: 36 months. Renewal Term: 12 months."
        assert value_of(TermField.INITIAL_TERM, text) == "P36M"
        assert value_of(TermField.RENEWAL_TERM, text) == "P12M"

    def test_of_a_renewal_order_is_its_renewal_term(self) -> None:
        assert value_of(TermField.INITIAL_TERM, "Renewal Order Form\nRenewal Term: 24 months") == "P24M"
        assert value_of(TermField.RENEWAL_TERM, "Renewal Order Form\nRenewal Term: 24 months") is None

    def test_is_the_span_of_its_first_and_last_day(self) -> None:
        text = "Subscription Term: January 1, 2027 to December 31, 2027. Total: $12,000."
        assert value_of(TermField.INITIAL_TERM, text) == "P12M"

    def test_is_the_same_in_months_and_in_years(self) -> None:
        text = "The initial term is one year. Subscription Term: January 1, 2027 to December 31, 2027"
        assert value_of(TermField.INITIAL_TERM, text) == "P1Y"

    def test_that_differs_from_its_span_is_a_gap(self) -> None:
        text = "The initial term is 36 months. Subscription Term: January 1, 2027 to December 31, 2027"
        assert value_of(TermField.INITIAL_TERM, text) is None

    def test_is_not_the_span_of_a_renewal(self) -> None:
        assert value_of(TermField.INITIAL_TERM, "Renewal Term: January 1, 2027 to December 31, 2027") is None


class TestRenewal:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("Auto-renewal: Yes", "auto"),
            ("Auto-Renewal: Yes. Notice of non-renewal: 90 days.", "auto"),
            ("Automatic renewal: No", "none"),
            ("Auto-renewal: Yes / No", None),
            ("Auto-renewal: Yes [ ] No [x]", None),
            ("Auto-renewal: Yes\nNo", None),
            ("this contract is extended by 12 months automatically.", "auto"),
            ("this contract shall not be extended by 12 months automatically.", None),
            ("It shall not be renewed for successive terms unless the parties agree.", "none"),
        ],
    )
    def test_is_read_from_plain_answers_only(self, text: str, kind: str | None) -> None:
        assert value_of(TermField.RENEWAL_TYPE, text) == kind

    def test_by_a_length_named_before_the_word_is_for_that_length(self) -> None:
        text = (
            "Unless terminated at least 2 months before expiry, this contract is extended by 12 months automatically."
        )
        assert value_of(TermField.RENEWAL_TERM, text) == "P12M"
        assert value_of(TermField.NOTICE_PERIOD, text) == "P2M"

    def test_behind_a_label_takes_no_length_from_the_next_line(self) -> None:
        text = "Auto-renewal: Yes\nPayment Terms: 30 days\nTermination for convenience: 45 days notice\n"
        assert value_of(TermField.RENEWAL_TERM, text) is None
        assert value_of(TermField.NOTICE_PERIOD, text) is None


class TestNoticeOfNonRenewal:
    @pytest.mark.parametrize(
        "text",
        [
            "Notice of non-renewal: 90 days",
            "Non-renewal notice period: ninety (90) days.",
            "Either party must give ninety (90) days written notice of its intention not to renew.",
            "Either party may give 90 days' prior written notice of non-renewal.",
        ],
    )
    def test_is_read_outside_a_renewal_clause(self, text: str) -> None:
        assert value_of(TermField.NOTICE_PERIOD, text) == "P90D"

    def test_that_differs_is_a_gap(self) -> None:
        text = (
            "Notice of non-renewal: 90 days. It may be terminated by notice 60 days before the end of the current term."
        )
        assert value_of(TermField.NOTICE_PERIOD, text) is None


class TestAParty:
    @pytest.mark.parametrize(
        "text",
        [
            'The Company (the "Customer") agrees.',
            'Acme is a Nevada Corporation ("Acme").',
            'WHEREAS, COMPANY (the "Provider") makes things.',
            'organised as a Delaware Limited Liability Company ("Holder").',
            'a certain Investment Company ("Fund")',
            'Should Company ("Company") fail',
        ],
    )
    def test_has_a_name_of_its_own(self, text: str) -> None:
        assert parties_of(text) == []

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ('of 2 Venture, Irvine, California 92618 and TrueLink, Inc. ("TrueLink")', "TrueLink, Inc."),
            ('201 Fort Lauderdale FL 33304, and JVLS, LLC ("JVLS")', "JVLS, LLC"),
            ('WHEREAS, Quillmark Ltd ("Quillmark") sells', "Quillmark Ltd"),
            ('dated by and between The Hospitality Company ("Host")', "The Hospitality Company"),
            ('EWSD 1, LLC ("EWSD")', "EWSD 1, LLC"),
        ],
    )
    def test_is_named_without_what_stands_before_it(self, text: str, name: str) -> None:
        assert [party for party, _ in parties_of(text)] == [name]

    def test_is_not_hidden_by_the_kind_of_company_it_is(self) -> None:
        text = (
            'Acme Inc., a Delaware corporation ("Customer"), and '
            'Foo Company, a New York Limited Liability Company ("Vendor")'
        )
        assert parties_of(text) == [("Acme Inc.", "customer"), ("Foo Company", "provider")]

    @pytest.mark.parametrize(
        ("called", "role"),
        [('(the "CUSTOMER")', "customer"), ('("Service Provider")', "provider"), ('("The Client")', "customer")],
    )
    def test_in_capitals_has_its_side(self, called: str, role: str) -> None:
        assert parties_of(f"QUILLMARK PUBLISHING LTD {called}") == [("QUILLMARK PUBLISHING LTD", role)]


class TestWhatIsNoTerm:
    @pytest.mark.parametrize(
        "text",
        [
            "WHEREAS, the parties made an Agreement;",
            "AGREEMENT ACCORDINGLY,\nmore",
            "W I T N E S S E T H an agreement;",
        ],
    )
    def test_is_no_title(self, text: str) -> None:
        assert value_of(TermField.TITLE, text) is None

    def test_is_no_support_promise_in_a_preamble(self) -> None:
        text = (
            'This Maintenance and Support Agreement (this "Agreement") is entered on this day at 9:00 by the parties.'
        )
        assert value_of(TermField.SUPPORT, text) is None

    def test_is_a_passage_too_long_to_be_one_special_term(self) -> None:
        text = "1. Special terms\nDiscount. " + "The price is lower where the volume is higher " * 15 + "."
        assert reading_of(text).all(TermField.SPECIAL) == ()
        assert "longer than 600 characters" in why(TermField.SPECIAL, text)
