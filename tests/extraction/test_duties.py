"""Tasks with their events, duties about data, audits, exclusions and changes of an amendment."""

from __future__ import annotations

import pytest

from domain.terms import Change, Duty, TermField
from extraction import holds, read_terms
from tests.extraction.passage import document_of, values_of

T = TermField


def duty_of(text: str) -> Duty | None:
    term = read_terms(document_of(text)).get(T.OBLIGATION)
    return term.duty if term else None


def changes_of(text: str) -> list[tuple[str, str, str]]:
    document = document_of("AMENDMENT No. 1\n\n" + text)
    changes: tuple[Change, ...] = read_terms(document).changes
    assert all(holds(document, change.citation) for change in changes)
    return [(change.clause, change.old, change.new) for change in changes]


class TestATask:
    @pytest.mark.parametrize(
        ("text", "due", "trigger", "obligor"),
        [
            ("Within 30 days of termination, Provider shall return all Customer Data.", "P30D", "termination", "provider"),
            ("The Supplier will delete the data within ten (10) days after the Customer's request.", "P10D", "request",
             "provider"),
            ("Upon termination or expiration, each party shall return the other's materials.", "",
             "termination or expiration", "each party"),
            ("Customer shall provide a list of users within 14 days of the Effective Date.", "P14D", "", "customer"),
        ],
    )  # fmt: skip
    def test_has_who_owes_it_and_when(self, text: str, due: str, trigger: str, obligor: str) -> None:
        duty = duty_of(text)
        assert duty is not None
        assert (duty.due, duty.trigger, duty.obligor) == (due, trigger, obligor)

    def test_recurs_and_names_its_beneficiary(self) -> None:
        duty = duty_of("Provider shall send Customer a report every calendar quarter.")
        assert duty is not None
        assert (duty.recurrence, duty.obligor, duty.beneficiary) == ("quarterly", "provider", "customer")

    def test_has_the_consequence_that_its_sentence_tells(self) -> None:
        duty = duty_of(
            "Customer shall return the devices within 30 days of termination, failing which it pays for them."
        )
        assert duty is not None
        assert duty.consequence == "failing which it pays for them"

    @pytest.mark.parametrize(
        "text",
        [
            "Either party may terminate if the other does not cure its breach within 30 days of notice.",
            "Customer shall provide notice of non-renewal within 30 days after the request.",
            "Upon termination the licence ends.",
            "Sections 4 and 5 survive termination for 30 days.",
        ],
    )
    def test_is_not_a_right_nor_a_way_out(self, text: str) -> None:
        assert duty_of(text) is None


class TestADataDuty:
    @pytest.mark.parametrize(
        "text",
        [
            "Provider shall notify Customer of a personal data breach within 72 hours of becoming aware of it.",
            "Vendor will encrypt Customer Data at rest and in transit.",
            "The Supplier shall not engage a subprocessor without the Customer's consent; it must impose the same terms.",
            "Provider must delete all Customer Data after the end of this Agreement.",
        ],
    )
    def test_is_the_sentence(self, text: str) -> None:
        assert values_of(T.DATA_DUTY, text) == [text]

    def test_is_not_a_definition(self) -> None:
        assert not values_of(T.DATA_DUTY, '"Customer Data" means what Customer shall upload and store in the Service.')


class TestAnAudit:
    def test_is_the_sentence_that_gives_the_right(self) -> None:
        text = "Provider may audit Customer's use of the Services once a year. The audit shall examine records only."
        assert values_of(T.AUDIT_RIGHT, text) == ["Provider may audit Customer's use of the Services once a year."]

    def test_is_not_a_refusal(self) -> None:
        assert not values_of(T.AUDIT_RIGHT, "Customer has no right to inspect Provider's books.")


class TestAnExclusion:
    @pytest.mark.parametrize(
        "text",
        [
            "Scheduled maintenance and force majeure are not counted as downtime.",
            "The calculation of availability excludes emergency maintenance and suspensions under this agreement.",
            "Downtime does not include outages of the public internet.",
        ],
    )
    def test_is_the_sentence(self, text: str) -> None:
        assert values_of(T.SLA_EXCLUSION, "Uptime is 99.9% per month.\n" + text) == [text]

    def test_is_about_service_levels(self) -> None:
        text = "Confidential Information does not include what is publicly available from third-party systems."
        assert not values_of(T.SLA_EXCLUSION, text)


class TestAChange:
    @pytest.mark.parametrize(
        ("text", "change"),
        [
            ('Section 4.2 of the Agreement is hereby amended by replacing "30 days" with "60 days".',
             ("Section 4.2", "30 days", "60 days")),
            ('In Clause 3.2, the words "EUR 10,000" shall be replaced by "EUR 12,000".',
             ("Clause 3.2", "EUR 10,000", "EUR 12,000")),
            ('The reference to "2025" in Section 3.1 shall be changed to "2027".', ("Section 3.1", "2025", "2027")),
            ('Exhibit A is amended by substituting "200 users" for "100 users".', ("Exhibit A", "100 users", "200 users")),
            ('Section 2.1(b) is amended by deleting the words "one year" and substituting therefor "three years".',
             ("Section 2.1(b)", "one year", "three years")),
            ('Section 7 is deleted in its entirety and replaced with the following: "7. Fees. Net 45."',
             ("Section 7", "", "7. Fees. Net 45.")),
            ('A new Section 12.4 is hereby added to the Agreement as follows: "12.4 Audit."',
             ("Section 12.4", "", "12.4 Audit.")),
            ("Section 5 (Support) is hereby deleted in its entirety.", ("Section 5 (Support)", "", "")),
        ],
    )  # fmt: skip
    def test_tells_the_clause_and_both_wordings(self, text: str, change: tuple[str, str, str]) -> None:
        assert changes_of(text) == [change]

    @pytest.mark.parametrize(
        "text",
        [
            "All other terms remain unchanged.",
            "Customer data stored under Section 4 shall be removed.",
            "This Agreement may be amended only in writing.",
        ],
    )
    def test_is_not_seen_where_nothing_changes(self, text: str) -> None:
        assert changes_of(text) == []
