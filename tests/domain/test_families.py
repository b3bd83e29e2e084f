"""Papers find their parents by number, date and title; never across customers, never when in doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.families import propose
from domain.papers import LinkKind, Mention, Paper
from domain.terms import Citation

MARCH, MAY = date(2024, 3, 1), date(2025, 5, 5)
OURS = "Lumora Analytics, Inc."


def master(identity: str = "msa", customer: str = "Harrow Mills Ltd", **more: object) -> Paper:
    plain = Paper(
        identity,
        f"{identity}.pdf",
        "Master Services Agreement",
        number="MSA-2024-01",
        customer=customer,
        parties=(OURS, customer),
        days=(MARCH,),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def amendment(*mentions: Mention, customer: str = "Harrow Mills Ltd", **more: object) -> Paper:
    plain = Paper(
        "amendment",
        "amendment 2.pdf",
        "Amendment",
        customer=customer,
        parties=(OURS, customer),
        days=(MAY,),
        heading=cited("Amendment"),
        mentions=mentions,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def cited(quote: str) -> Citation:
    return Citation("0" * 64, 1, 0, len(quote), quote)


def says(
    words: str = "Master Services Agreement",
    number: str = "",
    on: date | None = None,
    kind: LinkKind = LinkKind.AMENDS,
) -> Mention:
    return Mention(kind, words, number, on, cited(f"{kind} the {words}"))


class TestAnAmendment:
    def test_belongs_to_the_paper_with_the_number_it_names(self) -> None:
        found = propose([amendment(says(number="MSA-2024-01")), master(), master("other", number="MSA-2023-09")])
        assert [(one.child, one.kind, one.parent) for one in found.proposals] == [("amendment", "amends", "msa")]
        assert found.proposals[0].confidence == 0.95
        assert "“amends the Master Services Agreement” (page 1)" in found.proposals[0].evidence
        assert found.proposals[0].citation == cited("amends the Master Services Agreement")
        assert not found.orphans

    def test_belongs_to_the_paper_of_the_date_it_names(self) -> None:
        older = master("older", number="MSA-2020-01", days=(date(2020, 1, 1),))
        found = propose([amendment(says(on=MARCH)), older, master()])
        assert [one.parent for one in found.proposals] == ["msa"]

    def test_is_an_orphan_when_the_named_parent_is_not_here(self) -> None:
        found = propose([amendment(says(number="MSA-1999-77")), master()])
        assert found.proposals == []
        assert [(one.child, one.kind) for one in found.orphans] == [("amendment", LinkKind.AMENDS)]

    def test_is_an_orphan_when_only_the_date_contradicts(self) -> None:
        found = propose([amendment(says(on=date(2019, 7, 7))), master()])
        assert found.proposals == []
        assert len(found.orphans) == 1

    def test_of_two_that_fit_as_well_has_both_as_candidates_and_none_proposed(self) -> None:
        found = propose([amendment(says()), master("first", number=""), master("second", number="")])
        assert {one.parent for one in found.proposals} == {"first", "second"}
        assert all(one.ambiguous for one in found.proposals)

    def test_of_two_that_fit_prefers_the_one_its_file_is_named_after(self) -> None:
        papers = [
            amendment(says(), file="harrow msa amendment 2.pdf"),
            master("first", file="harrow msa.pdf", number=""),
            master("second", file="consulting.pdf", number=""),
        ]
        assert [(one.parent, one.ambiguous) for one in propose(papers).proposals] == [("first", False)]

    def test_that_names_nobody_goes_to_the_only_agreement_of_its_customer(self) -> None:
        found = propose([amendment(), master()])
        assert [(one.parent, one.ambiguous) for one in found.proposals] == [("msa", False)]
        assert found.proposals[0].confidence == 0.5

    def test_known_by_its_file_name_alone_is_left_to_a_person(self) -> None:
        found = propose([amendment(title="", heading=None), master()])
        assert [one.ambiguous for one in found.proposals] == [True]
        assert "its name 'amendment 2.pdf'" in found.proposals[0].evidence

    def test_never_belongs_to_a_later_paper_without_its_number(self) -> None:
        found = propose([amendment(says()), master(days=(date(2026, 1, 1),), number="")])
        assert found.proposals == []

    def test_may_belong_to_a_paper_that_was_imported_before(self) -> None:
        found = propose([amendment(says(number="MSA-2024-01"))], [master()])
        assert [one.parent for one in found.proposals] == ["msa"]


class TestOtherPapers:
    def test_an_order_form_stands_under_its_master_agreement(self) -> None:
        order = amendment(says(kind=LinkKind.GOVERNED_BY, on=MARCH), title="Order Form OF-7", number="OF-7")
        assert [(one.kind, one.parent) for one in propose([order, master()]).proposals] == [("governed_by", "msa")]

    def test_an_order_form_does_not_stand_under_an_amendment_of_the_same_title(self) -> None:
        order = amendment(says(kind=LinkKind.GOVERNED_BY), title="Order Form OF-7", number="OF-7")
        changed = amendment(says(), id="changed", title="Master Services Agreement", days=(MARCH,))
        found = propose([order, changed, master()]).proposals
        assert {(one.child, one.parent) for one in found} == {("amendment", "msa"), ("changed", "msa")}

    def test_a_renewal_has_a_link_to_what_it_renews_and_one_to_what_governs_it(self) -> None:
        renewal = amendment(
            says("Order Form", "OF-2023-301", kind=LinkKind.RENEWS),
            says(kind=LinkKind.GOVERNED_BY, on=MARCH),
            title="Renewal Order Form RO-2026-118",
        )
        old = master("old", title="Order Form OF-2023-301", number="")
        found = propose([renewal, old, master()])
        assert {(one.kind, one.parent) for one in found.proposals} == {("renews", "old"), ("governed_by", "msa")}

    def test_an_agreement_that_names_itself_is_no_child(self) -> None:
        found = propose([master(mentions=(says(number="MSA-2024-01", kind=LinkKind.GOVERNED_BY),))])
        assert not found.proposals
        assert not found.orphans

    def test_an_agreement_with_a_stray_mention_is_no_child(self) -> None:
        assert not propose([master("other", mentions=(says(kind=LinkKind.GOVERNED_BY),)), master()]).proposals


class TestTwoCustomers:
    @pytest.mark.parametrize("mention", [says(number="MSA-2024-01"), says(on=MARCH), says()])
    def test_are_never_linked_even_by_the_same_number(self, mention: Mention) -> None:
        found = propose([amendment(mention, customer="Tidewell Foods GmbH"), master()])
        assert found.proposals == []

    def test_that_are_not_known_are_linked_only_where_both_parties_are_the_same(self) -> None:
        unknown = {"customer": "", "parties": (OURS, "Harrow Mills Limited")}
        same, other = master(customer="", parties=(OURS, "Harrow Mills Ltd")), amendment(says(on=MARCH), **unknown)
        assert [one.parent for one in propose([other, same]).proposals] == ["msa"]
        stranger = master(parties=(OURS, "Tidewell Foods GmbH"), customer="")
        assert propose([other, stranger]).proposals == []

    def test_or_two_suppliers_of_one_customer_are_never_linked(self) -> None:
        supplier = amendment(says(number="MSA-2024-01"), parties=("Other Supplies Inc.", "Harrow Mills Ltd"))
        assert propose([supplier, master()]).proposals == []

    @given(st.lists(st.sampled_from(["A Ltd", "B Inc.", "C GmbH", "D AG"]), min_size=2, max_size=12))
    def test_are_never_linked_whatever_the_papers_say(self, customers: list[str]) -> None:
        papers = [
            amendment(says(number="MSA-2024-01"), says(on=MARCH), says(), customer=name, id=f"{number}")
            if number % 2
            else master(f"{number}", name)
            for number, name in enumerate(customers)
        ]
        of = {paper.id: paper.customer for paper in papers}
        assert all(of[one.child] == of[one.parent] for one in propose(papers).proposals)
