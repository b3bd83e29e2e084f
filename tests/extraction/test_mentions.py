"""A paper names another with words that can be cited, a number and a date where they stand there."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.documents import Document, Page
from domain.papers import LinkKind, Mention
from extraction import holds
from extraction.mentions import read_mentions


def mentions(*pages: str) -> tuple[Mention, ...]:
    document = Document("a" * 64, tuple(Page(number, text) for number, text in enumerate(pages, start=1)))
    found = read_mentions(document)
    assert all(holds(document, one.citation) for one in found)
    return found


class TestAMention:
    @pytest.mark.parametrize(
        ("text", "kind", "words", "number", "on"),
        [
            (
                "Amendment No. 2 to the Master Services Agreement dated 1 March 2024 between X and Y",
                LinkKind.AMENDS, "Master Services Agreement", "", date(2024, 3, 1),
            ),
            (
                "First Addendum to Subscription Agreement No. SA-2021-17, effective as of June 1, 2021.",
                LinkKind.AMENDS, "Subscription Agreement", "SA-2021-17", date(2021, 6, 1),
            ),
            (
                "It renews the subscription that started under Order Form OF-2023-301 and whose term ends 14 May 2026.",
                LinkKind.RENEWS, "Order Form", "OF-2023-301", None,
            ),
            (
                "This order is subject to the Framework Contract (FSC-69-2026) of 7 December 2025.",
                LinkKind.GOVERNED_BY, "Framework Contract", "FSC-69-2026", date(2025, 12, 7),
            ),
            (
                "This agreement supersedes and replaces the Hosting Agreement dated 2024-02-29 in all parts.",
                LinkKind.REPLACES, "Hosting Agreement", "", date(2024, 2, 29),
            ),
        ],
    )  # fmt: skip
    def test_is_read_with_its_number_and_date(
        self, text: str, kind: LinkKind, words: str, number: str, on: date | None
    ) -> None:
        found = mentions(text)
        assert [(one.kind, one.words, one.number, one.on) for one in found] == [(kind, words, number, on)]

    @pytest.mark.parametrize(
        "text",
        [
            "Any amendment to this Agreement must be in writing.",
            "This Agreement supersedes all prior agreements between the parties.",
            "Subject to this Agreement and each Order, Customer may use the service.",
            "The parties may renew. Nothing else is agreed.",
        ],
    )
    def test_is_not_made_of_what_a_paper_says_of_itself(self, text: str) -> None:
        assert mentions(text) == ()

    def test_does_not_take_the_date_of_the_paper_itself(self) -> None:
        text = "AMENDMENT TO SERVICES AGREEMENT\nThis AMENDMENT TO SERVICES AGREEMENT is made on 5 May 2025."
        assert all(one.on is None for one in mentions(text))

    def test_is_cited_on_its_page(self) -> None:
        (found,) = mentions("Cover", "made under the Licence Agreement dated 3 April 2020.")
        assert found.citation.page == 2
        assert found.citation.quote == "under the Licence Agreement dated 3 April 2020"

    @given(
        st.text(
            alphabet=st.sampled_from("amendment to the Agreement dated 1 March 2024 under No. A-1 \n\f"), max_size=400
        )
    )
    def test_is_always_words_that_stand_there(self, text: str) -> None:
        mentions(text)
