"""Paper against deal: every kind of difference, and none where one side is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.comparison import Difference, compare, normal_name
from domain.deals import Account, Deal, DealLine, Stage
from domain.money import Money
from domain.periods import Period
from domain.terms import Citation, Line, Party, Reading, Term, TermField

CITED = Citation("0" * 64, 1, 0, 1, "x")


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def line(product: str, quantity: str | None = "10") -> Line:
    return Line(product, None if quantity is None else Decimal(quantity), None, None, CITED)


def term(field: TermField, value: str) -> Term:
    return Term(field, value, CITED, "test")


PAPER = Reading(
    terms=(
        term(TermField.EFFECTIVE_DATE, "2026-12-01"),
        term(TermField.INITIAL_TERM, "P24M"),
        term(TermField.TOTAL_VALUE, "48000.00 USD"),
        term(TermField.ANNUAL_VALUE, "24000.00 USD"),
    ),
    parties=(Party("Harbourline Ltd", "customer", CITED), Party("Lumora GmbH", "provider", CITED)),
    lines=(line("Analytics"), line("Support", None)),
)
DEAL = Deal(
    id="D-1", name="Harbourline", stage=Stage.OPEN, account=Account("A-1", "Harbourline Ltd."),
    amount=usd("48000"), term=Period.parse("P2Y"), start=date(2026, 12, 1),
    lines=(DealLine("analytics", Decimal("10.0")), DealLine("Support", Decimal(1))),
)  # fmt: skip


class TestPaperAndDeal:
    def test_agree_whatever_the_spelling(self) -> None:
        assert compare(PAPER, DEAL) == ()

    def test_agree_when_the_deal_holds_the_annual_value(self) -> None:
        assert compare(PAPER, replace(DEAL, amount=usd("24000.00"))) == ()

    @pytest.mark.parametrize(
        ("deal", "difference"),
        [
            (replace(DEAL, amount=usd("45000")), Difference("amount", "USD 48,000.00", "USD 45,000.00")),
            (
                replace(DEAL, amount=Money(Decimal(48000), "EUR")),
                Difference("amount", "USD 48,000.00", "EUR 48,000.00"),
            ),
            (replace(DEAL, start=date(2027, 1, 1)), Difference("start", "2026-12-01", "2027-01-01")),
            (replace(DEAL, term=Period.parse("P12M")), Difference("term", "24 months", "12 months")),
            (replace(DEAL, term=Period.parse("P730D")), Difference("term", "24 months", "730 days")),
            (
                replace(DEAL, account=Account("A-1", "Harbourline Holding Ltd")),
                Difference("legal entity", "Harbourline Ltd", "Harbourline Holding Ltd"),
            ),
            (
                replace(DEAL, account=Account("A-1", "Harbourline GmbH")),
                Difference("legal entity", "Harbourline Ltd", "Harbourline GmbH"),
            ),
            (replace(DEAL, lines=DEAL.lines[:1]), Difference("product", "Support", "–")),
            (replace(DEAL, lines=(*DEAL.lines, DealLine("Training"))), Difference("product", "–", "Training")),
            (
                replace(DEAL, lines=(DealLine("Analytics", Decimal(12)), DealLine("Support"))),
                Difference("quantity of Analytics", "10", "12"),
            ),
        ],
    )
    def test_differ_in_one_thing(self, deal: Deal, difference: Difference) -> None:
        assert compare(PAPER, deal) == (difference,)

    def test_that_know_nothing_do_not_differ(self) -> None:
        unknown = Deal(id="D-2", name="", stage=Stage.OPEN, account=Account("A-2", ""))
        assert compare(PAPER, unknown) == ()
        assert compare(Reading(), DEAL) == ()

    def test_list_their_differences_in_the_order_of_the_paper(self) -> None:
        names = [f"Product {letter}" for letter in "QWERTYUIOP"]
        paper = Reading(lines=tuple(line(name) for name in names))
        deal = replace(DEAL, lines=tuple(DealLine(name, Decimal(3)) for name in reversed(names)))
        assert [found.field for found in compare(paper, deal)] == [f"quantity of {name}" for name in names]


class TestCompanyNames:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("Acme, Inc.", "ACME Incorporated"), ("Vela Optics GmbH", "vela  optics"), ("Straße AG", "STRASSE")],
    )
    def test_are_the_same_without_their_legal_form(self, one: str, other: str) -> None:
        assert normal_name(one) == normal_name(other)

    @pytest.mark.parametrize(("one", "other"), [("Acme Inc", "Acme Ltd"), ("Acme Holding Inc", "Acme Inc")])
    def test_keep_the_legal_form_where_the_entity_matters(self, one: str, other: str) -> None:
        assert normal_name(one, keep_form=True) != normal_name(other, keep_form=True)
