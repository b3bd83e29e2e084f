"""Papers and terms are found on either database, whatever somebody types; what is hidden finds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, false, select, text, true

from domain.documents import Document, Page
from domain.searching import parse
from store import contracts, search, search_index
from store.database import Database
from store.search import APART, NAMES, TERMS, TOGETHER, Sight
from store.tables_search import search_hits
from store.views.hits import hits
from tests.conftest import NOW

ALL = Sight(true(), true(), true())
BLIND = Sight(true(), false(), false())
PAGES = (
    "This Agreement is made between Lumora and Harrow Mills Ltd.\n1. Term. Either party may give notice of termination.",
    "2. Law. The laws of the State of Delaware govern. Café deliveries need sixty (60) days of written notice.",
)


def stored(database: Database, connection: Connection, name: str, customer: str, pages: tuple[str, ...]) -> str:
    """Store a contract with a paper of some pages."""
    sha = name.ljust(64, "0")
    contracts.add_document(
        database, connection, sha256=sha, size=1, media_type="application/pdf", name=f"{name}.pdf", now=NOW
    )
    values = {"source": "test", "source_document": name, "title": f"{name} agreement", "customer": customer,
              "document_sha256": sha, "signers": [], "reference": {}}  # fmt: skip
    contract = contracts.add_contract(database, connection, values, NOW)
    document = Document(sha, tuple(Page(number, page, ()) for number, page in enumerate(pages, 1)))
    contracts.save_text(database, connection, document)
    return contract


@pytest.fixture
def filled(database: Database) -> Iterator[tuple[Connection, str, str]]:
    """Store two contracts, one of them with terms and prices."""
    with database.write() as connection:
        harrow = stored(database, connection, "harrow", "Harrow Mills Ltd", PAGES)
        other = stored(
            database, connection, "tide", "Tidewell Foods GmbH", ("Payment within thirty days. Nothing else.",)
        )
        said = ["Notice period: 60 days notice", "Renewal type: auto renewal"]
        search_index.note_terms(connection, harrow, said, ["Total value: 96000.00 USD"])
        yield connection, harrow, other


def found(connection: Connection, words: str, sight: Sight = ALL) -> dict[str, int]:
    search.search(connection, parse(words), sight)
    return {row.contract_id: row.tier for row in connection.execute(select(search_hits))}


class TestSearching:
    @pytest.mark.parametrize(
        ("words", "tier"),
        [
            ("harrow", NAMES),
            ("auto renewal", TERMS),
            ('"60 days notice"', TERMS),
            ("delaware", TOGETHER),
            ("DELAWARE laws", TOGETHER),
            ("law cafe", TOGETHER),
            ("delaw*", TOGETHER),
            ('"notice of termination"', TOGETHER),
            ("harrow delaware", APART),
            ("termination delaware", APART),
            ("delaware -tidewell", TOGETHER),
            ("96000", APART),
            ("“laws of the State”", TOGETHER),
        ],
    )
    def test_finds_words_phrases_and_beginnings(
        self, filled: tuple[Connection, str, str], words: str, tier: int
    ) -> None:
        connection, harrow, _ = filled
        assert found(connection, words) == {harrow: tier}

    @pytest.mark.parametrize(
        "words",
        ['"termination of notice"', "delaware -harrow", "delaw", "nowhere", "", "-harrow", '"', "***", "() ' :"],
    )
    def test_finds_nothing_else(self, filled: tuple[Connection, str, str], words: str) -> None:
        assert found(filled[0], words) == {}

    def test_finds_every_contract_that_holds_a_word(self, filled: tuple[Connection, str, str]) -> None:
        connection, harrow, other = filled
        assert set(found(connection, "days")) == {harrow, other}

    def test_says_the_page_and_marks_the_words(self, filled: tuple[Connection, str, str]) -> None:
        connection, harrow, _ = filled
        asked = parse("delaware")
        search.search(connection, asked, ALL)
        hit = hits(connection, [harrow], asked, ALL)[harrow]
        assert (hit.page, hit.pages) == (2, 1)
        assert ("Delaware", True) in hit.pieces

    def test_says_the_first_page_where_words_stand_apart(self, filled: tuple[Connection, str, str]) -> None:
        connection, harrow, _ = filled
        asked = parse("termination delaware")
        search.search(connection, asked, ALL)
        assert hits(connection, [harrow], asked, ALL)[harrow].page == 1

    def test_follows_a_change_of_name_and_of_terms(
        self, database: Database, filled: tuple[Connection, str, str]
    ) -> None:
        connection, harrow, _ = filled
        contracts.rename_customer(database, connection, harrow, "Harrow Textiles plc", NOW)
        search_index.note_terms(connection, harrow, ["Notice period: 90 days notice"], [])
        assert found(connection, "textiles") == {harrow: NAMES}
        assert found(connection, '"60 days notice"') == {}
        assert found(connection, '"90 days notice"') == {harrow: TERMS}
        assert found(connection, "delaware") == {harrow: TOGETHER}

    def test_finds_the_same_after_a_rebuild(self, filled: tuple[Connection, str, str]) -> None:
        connection, harrow, other = filled
        assert search_index.rebuild(connection) == 2
        assert found(connection, "delaware") == {harrow: TOGETHER}
        assert found(connection, '"60 days notice"') == {harrow: TERMS}
        assert found(connection, "thirty days") == {other: TOGETHER}


class TestAMisspeltCustomer:
    @pytest.mark.parametrize("typed", ["harow mils", "Harrwo Mills", "harrow mill ltd"])
    def test_is_found_by_its_letters(self, filled: tuple[Connection, str, str], typed: str) -> None:
        connection, harrow, _ = filled
        assert search.alike(connection, typed, ALL) == 1
        assert list(connection.scalars(select(search_hits.c.contract_id))) == [harrow]

    def test_is_not_found_by_those_who_may_not_know_of_it(self, filled: tuple[Connection, str, str]) -> None:
        assert search.alike(filled[0], "harow mils", Sight(false(), true(), true())) == 0

    def test_is_not_any_name_at_all(self, filled: tuple[Connection, str, str]) -> None:
        assert search.alike(filled[0], "zzyx corporation", ALL) == 0


class TestWhatIsHidden:
    @pytest.mark.parametrize("words", ["delaware", "96000", "harrow delaware", '"notice of termination"', "delaw*"])
    def test_finds_nothing(self, filled: tuple[Connection, str, str], words: str) -> None:
        assert found(filled[0], words, BLIND) == {}

    def test_does_not_hide_either(self, filled: tuple[Connection, str, str]) -> None:
        connection, harrow, _ = filled
        assert found(connection, "harrow -delaware -96000", BLIND) == {harrow: NAMES}
        assert found(connection, "harrow -delaware") == {}

    def test_shows_no_words_of_the_paper_and_no_page(self, filled: tuple[Connection, str, str]) -> None:
        connection, harrow, _ = filled
        asked = parse("notice")
        assert set(found(connection, "notice", BLIND)) == {harrow}
        hit = hits(connection, [harrow], asked, BLIND)[harrow]
        assert (hit.page, hit.pages, hit.pieces) == (None, 0, ())
        assert [("Notice", True) in line for line in hit.lines] == [True]

    def test_shows_no_prices(self, filled: tuple[Connection, str, str]) -> None:
        connection, harrow, _ = filled
        asked = parse("harrow 96000")
        search.search(connection, parse("harrow"), BLIND)
        assert "96000" not in str(hits(connection, [harrow], asked, BLIND)[harrow])

    def test_is_nothing_of_a_contract_one_may_not_know_of(self, filled: tuple[Connection, str, str]) -> None:
        assert found(filled[0], "harrow", Sight(false(), true(), true())) == {}


class TestWhateverSomebodyTypes:
    @given(st.text(max_size=60))
    def test_is_words_that_can_be_asked_for(self, typed: str) -> None:
        for term in parse(typed):
            assert term.words
            assert all(word for word in term.words)

    @pytest.mark.parametrize(
        "typed",
        ["NEAR(a b)", "names:harrow", 'a"b', "x^2", "a OR b AND", "NOT", "' OR 1=1 --", "a:*b", "\\", "a\x00b", "½ ²", "é" * 300,
         "<script>", "* *", "'a' & | !", "_", "12,000.00", "𝒳 日本 ЖЖ"],
    )  # fmt: skip
    def test_is_never_an_error(self, filled: tuple[Connection, str, str], typed: str) -> None:
        connection, *_ = filled
        found(connection, typed)
        search.alike(connection, typed, ALL)
        assert connection.scalar(text("SELECT 1")) == 1
