"""What it is too late for has a day, a lock-in and a cost; what is unknown is never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain

import pytest

from domain.deadlines import renewal_of
from domain.documents import Document, Page
from domain.errors import Permanent
from domain.lateness import Late, Lateness, already_late, committed, totals, urgency
from domain.money import Money
from domain.papers import Paper
from domain.periods import Period
from domain.portfolio import Look, batch_id, in_shard, refuse_implausible, text_hash
from domain.terms import Citation, ContractTerms, Reading, Term, TermField

CLAUSE = Citation("0" * 64, 4, 10, 40, "at least sixty (60) days before")
SAID: Mapping[TermField, str] = {
    TermField.EFFECTIVE_DATE: "2025-01-01",
    TermField.INITIAL_TERM: "P24M",
    TermField.RENEWAL_TYPE: "auto",
    TermField.RENEWAL_TERM: "P12M",
    TermField.NOTICE_PERIOD: "P60D",
    TermField.NOTICE_RULE: "dispatch",
    TermField.ANNUAL_VALUE: "48000.00 USD",
}


def late_on(today: date, **said: str) -> Late | None:
    values = {field: said.get(field.value, value) for field, value in SAID.items()}
    values |= {TermField(name): value for name, value in said.items()}
    reading = Reading(tuple(Term(field, value, CLAUSE, "test") for field, value in values.items() if value))
    renewal = renewal_of(ContractTerms.of(reading.terms), "US")
    assert renewal is not None
    return already_late(reading, renewal, today=today)


class TestAContractWhoseWindowIsOpen:
    def test_is_not_late(self) -> None:
        assert late_on(date(2026, 10, 1)) is None

    def test_is_not_late_on_the_last_day(self) -> None:
        assert late_on(date(2026, 10, 30)) is None

    def test_is_to_be_answered_today_once_only_a_courier_can_make_it(self) -> None:
        late = late_on(date(2026, 10, 28), notice_rule="receipt")
        assert late is not None
        assert (late.kind, late.days) == (Lateness.HURRY, -2)
        assert late.locked_until == date(2027, 12, 31)

    def test_is_to_be_answered_today_while_nobody_knows_whether_sending_is_enough(self) -> None:
        late = late_on(date(2026, 10, 28), notice_rule="")
        assert late is not None
        assert late.kind is Lateness.HURRY

    def test_can_be_turned_on_the_weekend_that_the_words_still_allow(self) -> None:
        late = late_on(date(2026, 11, 1))
        assert late is not None
        assert (late.kind, late.deadline) == (Lateness.HURRY, date(2026, 10, 30))


class TestAMissedWindow:
    def test_tells_the_day_the_lock_in_and_what_it_costs(self) -> None:
        late = late_on(date(2026, 11, 23))
        assert late is not None
        assert late.kind is Lateness.RENEWS
        # 1 November 2026 is a Sunday, so the last business day to give notice was the Friday before.
        assert (late.deadline, late.days) == (date(2026, 10, 30), 24)
        assert (late.ends, late.locked_until) == (date(2026, 12, 31), date(2027, 12, 31))
        assert late.cost.amount == Money(Decimal("48000.00"), "USD")
        assert late.clause == CLAUSE

    def test_whose_renewal_has_begun_locks_in_for_the_term_in_force(self) -> None:
        late = late_on(date(2027, 2, 1))
        assert late is not None
        assert (late.kind, late.locked_until) == (Lateness.RENEWED, date(2027, 12, 31))

    def test_of_a_contract_that_ends_by_itself_is_none(self) -> None:
        assert late_on(date(2026, 11, 23), renewal_type="none") is None

    def test_of_an_option_to_renew_is_a_lost_right_that_commits_nothing(self) -> None:
        late = late_on(date(2026, 11, 23), renewal_type="manual")
        assert late is not None
        assert late.kind is Lateness.LAPSES
        assert totals([late]) == ({}, 0)

    def test_is_not_known_while_no_notice_period_was_read(self) -> None:
        assert late_on(date(2026, 11, 23), notice_period="") is None


class TestTheCost:
    def cost(self, term: str | None, **said: str) -> Decimal | None:
        terms = ContractTerms({TermField(name): value for name, value in said.items()})
        found = committed(terms, Period.parse(term) if term else None)
        assert found.basis
        return found.amount.amount if found.amount else None

    def test_is_the_annual_value_by_the_month(self) -> None:
        assert self.cost("P6M", annual_value="48000.00 USD") == Decimal("24000.00")
        assert self.cost("P2Y", annual_value="48000.00 USD") == Decimal("96000.00")

    def test_is_the_share_of_a_total_over_a_known_term(self) -> None:
        assert self.cost("P12M", total_value="44250.00 EUR", initial_term="P18M") == Decimal("29500.00")

    @pytest.mark.parametrize(
        ("term", "said"),
        [
            (None, {"annual_value": "48000.00 USD"}),
            ("P90D", {"annual_value": "48000.00 USD"}),
            ("P12M", {"total_value": "44250.00 EUR"}),
            ("P12M", {}),
        ],
    )
    def test_is_unknown_and_never_zero_where_the_paper_does_not_tell(
        self, term: str | None, said: dict[str, str]
    ) -> None:
        assert self.cost(term, **said) is None

    def test_adds_up_by_currency_and_counts_what_is_unknown(self) -> None:
        dollars, euros = late_on(date(2026, 11, 23)), late_on(date(2026, 11, 23), annual_value="10000.00 EUR")
        unknown = late_on(date(2026, 11, 23), annual_value="")
        assert dollars is not None
        assert euros is not None
        assert unknown is not None
        sums, count = totals([dollars, euros, dollars, unknown])
        assert {name: str(money) for name, money in sums.items()} == {"USD": "96000.00 USD", "EUR": "10000.00 EUR"}
        assert count == 1


class TestTheReport:
    def test_has_what_can_be_turned_first_then_renewals_within_30_days(self) -> None:
        today = date(2026, 11, 23)
        base = late_on(today)
        assert base is not None
        hurry = replace(base, kind=Lateness.HURRY, ends=date(2027, 6, 1))
        soon, later = replace(base, ends=date(2026, 12, 20)), replace(base, ends=date(2027, 3, 1))
        past = replace(base, kind=Lateness.RENEWED, ends=date(2026, 2, 28))
        ordered = sorted([past, later, soon, hurry], key=lambda late: urgency(late, today=today))
        assert ordered == [hurry, soon, later, past]


class TestAFolder:
    def test_keeps_its_id(self) -> None:
        assert batch_id("/srv/contracts") == batch_id("/srv/contracts")
        assert batch_id("/srv/contracts") != batch_id("/srv/contracts2")

    def test_falls_into_shards_that_hold_each_file_once(self) -> None:
        digests = [batch_id(str(number)) for number in range(300)]
        shards = [[digest for digest in digests if in_shard(digest, shard, 3)] for shard in range(3)]
        assert sorted(chain.from_iterable(shards)) == sorted(digests)
        assert all(len(shard) > 50 for shard in shards)

    def test_of_which_most_cannot_be_read_is_refused_with_examples(self) -> None:
        with pytest.raises(Permanent, match="6 of 10 files cannot be read") as caught:
            refuse_implausible(looks(bad=6, good=4), sample=False)
        assert "corrupt" in caught.value.why
        assert "--force" in caught.value.fix

    def test_of_which_half_can_be_read_is_not(self) -> None:
        refuse_implausible(looks(bad=5, good=5), sample=False)

    def test_of_few_files_is_not(self) -> None:
        refuse_implausible(looks(bad=3, good=0), sample=False)


class TestTheTextOfAFile:
    def test_is_the_same_whatever_its_white_space_and_pages(self) -> None:
        words = "This Agreement is made between A and B. " * 10
        one, two = document(words, words), document(f"{words}\n\n  {words.upper()}")
        assert text_hash(one) == text_hash(two) != ""
        assert text_hash(document(words, words, "but")) != text_hash(one)

    def test_of_few_words_says_nothing(self) -> None:
        assert text_hash(document("Signature page")) == ""


def document(*pages: str) -> Document:
    return Document("0" * 64, tuple(Page(number, text) for number, text in enumerate(pages, start=1)))


def looks(*, bad: int, good: int) -> list[Look]:
    names = [(f"{number}.pdf", "corrupt: no end" if number < bad else "") for number in range(bad + good)]
    return [Look(name, Paper(name, name, ""), problem=problem) for name, problem in names]
