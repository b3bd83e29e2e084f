"""Made-up SaaS contracts say exactly what their deals hold, and are judged by that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bench.saas import standards
from bench.saas.__main__ import main
from bench.saas.bank import Bank
from bench.saas.deal import Deal, Item
from bench.saas.draw import deal as drawn
from bench.saas.generate import BANKS, Sample, bank_of, contract
from bench.saas.gold import allowed_terms, gold_terms, plain
from bench.saas.judge import judge
from bench.saas.lines import gold_lines
from bench.saas.needs import needs
from bench.saas.numbers import decimal_words, words
from bench.saas.render import render
from bench.saas.same import found
from bench.saas.score import document, measure
from domain.documents import FileKind
from domain.periods import Period
from domain.terms import REPEATABLE, Citation, Line, Reading, Term, TermField
from extraction import read_document

SEEDS = range(120)
PROOF = Citation("0" * 64, 1, 0, 1, "x")
T = TermField
PARTS = (
    "credit.row",
    "credit.row.open",
    "credit.intro",
    "tier.row",
    "tier.row.open",
    "ramp.row",
    "ramp.intro",
    "tiers.intro",
)
ITEMS = ("item.seats", "item.flat", "item.once", "item.ramp", "item.tiers", "policy")


def samples() -> Iterator[Sample]:
    for bank in BANKS:
        for seed in SEEDS:
            yield contract(seed, bank)


def flat(sample: Sample) -> str:
    return " ".join(sample.text.split())


def amounts(amount: Decimal) -> set[str]:
    """Every way in which a drafter writes the digits of a sum."""
    english = {f"{amount:,.2f}", plain(amount)} | ({f"{amount:,.0f}"} if amount % 1 == 0 else set())
    return english | {text.translate(str.maketrans(",.", ".,")) for text in english}


def percents(number: Decimal) -> set[str]:
    return {plain(number), plain(number).replace(".", ","), decimal_words(number)}


def days(day: date) -> set[str]:
    return {
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%B %Y}",
        f"{day:%d.%m.%Y}",
        day.isoformat(),
        f"of {day:%B}, {day.year}",
    }


def lengths(period: Period) -> set[str]:
    counts = {period.count} | ({period.count // 12} if period.unit == "M" and period.count % 12 == 0 else set())
    return {text for count in counts for text in (str(count), words(count))}


def prices(item: Item) -> list[Decimal]:
    return [item.price] if item.price is not None else [tier.unit_price.amount for tier in item.tiers]


def stated(deal: Deal) -> Iterator[set[str]]:
    """Yield, for each value of a deal, the texts of which one must stand in its paper."""
    yield from ({deal.provider.name}, {deal.customer.name}, days(deal.effective), {deal.law}, lengths(deal.initial))
    yield from (days(day) for day in (deal.signed, deal.expires) if day)
    yield from (amounts(price) for item in deal.items for price in prices(item))
    yield from ({item.product} for item in deal.items)
    yield from (amounts(least) for _, least in deal.insurance)
    yield {str(deal.payment_days), words(deal.payment_days)}
    sums = (deal.total, deal.discount_amount, deal.minimum and deal.minimum.amount, deal.cap and deal.cap.amount)
    yield from (amounts(amount) for amount in sums if amount)
    rise, sla = deal.escalation, deal.sla
    rates = [deal.discount_percent, *((rise.percent, rise.margin, rise.floor, rise.cap) if rise else ())]
    rates += [sla.uptime, sla.credit_cap, *(step.percent for step in sla.steps)] if sla else []
    yield from (percents(rate) for rate in rates if rate)
    renewal, notice = deal.renewal, deal.notice
    yield from (lengths(part.period) for part in (deal.cap, notice) if part and part.period)
    periods = [deal.cause, renewal.length if renewal else None, notice.not_before if notice else None]
    periods += [rise.notice if rise else None, sla.claim if sla else None]
    periods += [deal.convenience[1]] if deal.convenience else []
    yield from (lengths(period) for period in periods if period)


def unstated(sample: Sample) -> list[tuple[str, set[str]]]:
    text = flat(sample).casefold()
    return [(sample.title, ways) for ways in stated(sample.deal) if not any(way.casefold() in text for way in ways)]


def perfect(deal: Deal) -> Reading:
    terms = [Term(name, value, PROOF, "test") for name, values in gold_terms(deal).items() for value in sorted(values)]
    lines = [
        Line(one.product, None, one.unit_price, None, PROOF, one.unit, one.starts, one.ends, one.tiers)
        for one in gold_lines(deal)
    ]
    return Reading(tuple(terms), (), tuple(lines))


class TestADeal:
    def test_is_the_same_for_the_same_seed(self) -> None:
        assert [drawn(seed) for seed in SEEDS] == [drawn(seed) for seed in SEEDS]
        assert drawn(1) != drawn(2)

    def test_now_and_then_lacks_each_thing_that_may_be_absent(self) -> None:
        deals = [drawn(seed) for seed in SEEDS]
        for name in (
            "signed",
            "expires",
            "renewal",
            "convenience",
            "cause",
            "interest",
            "escalation",
            "minimum",
            "sla",
            "cap",
        ):
            present = sum(getattr(deal, name) is not None for deal in deals)
            assert 0 < present < len(deals), name

    def test_has_gold_that_keeps_single_values_single(self) -> None:
        for seed in SEEDS:
            for name, values in gold_terms(drawn(seed)).items():
                assert name in REPEATABLE or len(values) <= 1, name

    def test_has_credits_that_leave_no_hole_between_their_steps(self) -> None:
        for seed in SEEDS:
            sla = drawn(seed).sla
            for upper, lower in zip(sla.steps, sla.steps[1:], strict=False) if sla else ():
                assert upper.first == lower.below
                assert upper.percent < lower.percent

    def test_has_tiers_that_follow_each_other(self) -> None:
        for item in (item for seed in SEEDS for item in drawn(seed).items):
            for one, following in zip(item.tiers, item.tiers[1:], strict=False):
                assert one.last is not None
                assert following.first == one.last + 1


class TestAContract:
    def test_is_the_same_for_the_same_seed_and_another_for_the_other_bank(self) -> None:
        assert contract(3, "dev") == contract(3, "dev")
        assert contract(3, "dev").text != contract(3, "unseen").text
        assert contract(3, "dev").deal == contract(3, "unseen").deal

    def test_states_every_value_of_its_deal(self) -> None:
        assert not [missing for sample in samples() for missing in unstated(sample)]

    def test_says_nothing_about_what_was_not_agreed(self) -> None:
        for sample in samples():
            text = sample.text.casefold()
            assert sample.deal.sla or "uptime" not in text, sample.title
            assert sample.deal.minimum or not {"take-or-pay", "true-up"} & set(text.split()), sample.title
            assert sample.deal.promotion or "promotion" not in text, sample.title

    def test_leaves_no_template_unfilled(self) -> None:
        for sample in samples():
            assert not re.search(r"[{}]", sample.text), sample.title
            renewal = sample.deal.renewal
            assert not re.search(r"\bNone\b", sample.text) or (renewal and renewal.kind == "none"), sample.title

    def test_has_pages_that_are_not_empty(self) -> None:
        for sample in samples():
            assert all(page.strip() for page in sample.text.split("\f"))

    def test_states_every_value_where_the_published_terms_are_not_at_hand(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(standards, "SHARED", tmp_path)
        standards._published.cache_clear()
        made = [contract(seed, "unseen") for seed in SEEDS]
        standards._published.cache_clear()
        assert not any(block.kind == "text" for sample in made for block in sample.blocks)
        assert not [missing for sample in made for missing in unstated(sample)]

    @pytest.mark.skipif(not standards._published("bonterms"), reason="the published terms are not at hand")
    def test_lets_the_published_terms_speak_only_where_they_say_what_was_agreed(self) -> None:
        for sample in (contract(seed, "unseen") for seed in range(300)):
            published = " ".join(block.text for block in sample.blocks if block.kind == "text")
            assert "1.5% per month" not in published or sample.deal.interest == (Decimal("1.5"), "monthly")
            assert "cure a material breach" not in published or sample.deal.cause == Period.parse("P30D")
            assert not re.search(r"99\.9%|renew for successive|non-renewal", published), sample.title

    @pytest.mark.parametrize("kind", ["pdf", "docx"])
    def test_says_the_same_as_a_file(self, kind: str) -> None:
        sample = contract(5, "unseen")
        read = read_document(render(sample, kind), kind=FileKind(kind))
        assert read.problem is None
        text = " ".join(read.text.split())
        assert all(item.product in text for item in sample.deal.items)
        assert sample.deal.provider.name in text

    def test_of_an_unknown_bank_is_refused(self) -> None:
        with pytest.raises(ValueError, match="dev, wide, unseen"):
            contract(1, "training")


class TestTheBanks:
    @pytest.mark.parametrize("name", BANKS)
    def test_can_say_everything_that_a_deal_may_need(self, name: str) -> None:
        wanted = {key for seed in range(1500) for key in needs(drawn(seed)) if key != "items"}
        assert wanted | {*PARTS, *ITEMS} <= set(bank_of(name).phrases)

    @pytest.mark.parametrize("name", BANKS)
    def test_have_twelve_ways_to_say_what_is_measured_most(self, name: str) -> None:
        for field in (
            "payment",
            "discount",
            "promotion",
            "rise",
            "minimum",
            "true_up",
            "uptime",
            "credit",
            "claim",
            "chronic",
            "item",
        ):
            assert ways(bank_of(name), field) >= 12, field

    def test_share_no_sentence_and_hardly_any_wording(self) -> None:
        dev, unseen = bank_of("dev"), bank_of("unseen")
        known = set().union(*(grams(text) for text in texts(dev)))
        shares = [len(grams(text) & known) / len(grams(text)) for text in texts(unseen) if grams(text)]
        assert not set(texts(dev)) & set(texts(unseen))
        assert sum(shares) / len(shares) < 0.2

    def test_call_the_parties_and_their_papers_differently(self) -> None:
        dev, unseen = bank_of("dev"), bank_of("unseen")
        titles = [{title for paper in bank.papers for title in paper.titles} for bank in (dev, unseen)]
        headings = [
            {text for paper in bank.papers for part in paper.sections for text in part.headings}
            for bank in (dev, unseen)
        ]
        assert not titles[0] & titles[1]
        assert len(headings[0] & headings[1]) <= 2
        assert {grid.heads for grids in dev.grids.values() for grid in grids}.isdisjoint(
            {grid.heads for grids in unseen.grids.values() for grid in grids}
        )


class TestTheScore:
    def test_of_a_perfect_reading_is_perfect(self) -> None:
        for seed in SEEDS:
            sample = contract(seed, "dev")
            judged = judge(sample, perfect(sample.deal))
            assert not judged.slips

    def test_of_no_reading_makes_nothing_up(self) -> None:
        judged = judge(contract(1, "dev"), Reading())
        assert all(counts.tp == counts.fp == 0 for counts in judged.counts.values())
        assert {slip.kind for slip in judged.slips} == {"missed"}

    def test_counts_a_wrong_value_as_made_up_and_missed(self) -> None:
        sample = contract(1, "dev")
        judged = judge(sample, Reading((Term(T.PAYMENT_DAYS, "31", PROOF, "test"),)))
        counts = judged.counts[T.PAYMENT_DAYS]
        assert (counts.tp, counts.fp, counts.fn) == (0, 1, 1)

    def test_counts_a_value_of_what_was_not_agreed_as_made_up(self) -> None:
        sample = next(one for one in samples() if one.deal.sla is None)
        counts = judge(sample, Reading((Term(T.UPTIME, "99.9", PROOF, "test"),))).counts[T.UPTIME]
        assert (counts.tp, counts.fp, counts.fn) == (0, 1, 0)

    def test_neither_wants_nor_punishes_what_follows_from_the_deal(self) -> None:
        sample = next(one for one in samples() if one.deal.expires is None)
        (day,) = allowed_terms(sample.deal)[T.EXPIRATION_DATE]
        counts = judge(sample, Reading((Term(T.EXPIRATION_DATE, day, PROOF, "test"),))).counts[T.EXPIRATION_DATE]
        assert (counts.tp, counts.fp, counts.fn) == (0, 0, 0)

    @pytest.mark.parametrize(
        ("name", "gold", "told", "right"),
        [
            (T.INITIAL_TERM, "P12M", "P1Y", True),
            (T.INITIAL_TERM, "P12M", "P12D", False),
            (T.TERMINATION_FOR_CONVENIENCE, "either P1M", "either P1M", True),
            (T.TERMINATION_FOR_CONVENIENCE, "either P30D", "customer P30D", False),
            (T.UPTIME, "99.9", "99.90", True),
            (T.UPTIME, "99.9", "99.99", False),
            (T.SERVICE_CREDIT, "99..99.9: 10", "99.0..99.9: 10", True),
            (T.SERVICE_CREDIT, "..95: 30", "..95.0: 30", True),
            (T.SERVICE_CREDIT, "..95: 30", "95..99: 30", False),
            (T.DISCOUNT, "10 %", "10%", True),
            (T.DISCOUNT, "10 %", "10.00 USD", False),
            (T.LIABILITY_CAP, "2x fees P12M", "2x fees P1Y", True),
            (T.LIABILITY_CAP, "2x fees P12M", "fees P12M", False),
            (T.MINIMUM_COMMITMENT, "500.00 USD", "500.00 EUR", False),
            (T.LATE_INTEREST, "1.5 monthly", "1.50 monthly", True),
            (T.LATE_INTEREST, "1.5 monthly", "1.5 annually", False),
            (T.CHRONIC_BREACH, "3 in P12M", "3 in P1Y", True),
            (T.INSURANCE, "cyber_liability 1000000.00 USD", "cyber 1000000 USD", True),
            (T.INSURANCE, "cyber_liability 1000000.00 USD", "general_liability 1000000.00 USD", False),
            (T.GOVERNING_LAW, "New York", "State of New York", True),
            (T.PROMOTION, "25 %", "25 % off until 2026-06-30", True),
            (T.PROMOTION, "25 %", "introductory price", False),
        ],
    )
    def test_compares_what_values_mean(self, name: TermField, gold: str, told: str, right: bool) -> None:
        assert found(name, gold, told) is right

    def test_is_measured_contract_by_contract(self) -> None:
        result = measure("dev", 5, 10, reader=lambda read: Reading())
        assert len(result.judged) == 5
        assert result.counts((T.PAYMENT_DAYS,)).fn == 5
        assert result.interval((T.PAYMENT_DAYS,)) == (0.0, 0.0)

    def test_reads_the_pages_of_a_sample(self) -> None:
        sample = contract(2, "dev")
        assert document(sample).text == sample.text


class TestTheCommand:
    def test_never_shows_the_errors_of_the_held_out_bank(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.argv", ["saas", "--bank", "unseen", "--show-errors"])
        with pytest.raises(SystemExit, match="held-out"):
            main()

    def test_prints_every_group_with_its_interval(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("sys.argv", ["saas", "--count", "4"])
        main()
        told = capsys.readouterr().out
        assert "4 contracts" in told
        assert all(name in told for name in ("fees", "escalation", "minimums", "payment_days", "service_credit"))


def texts(bank: Bank) -> list[str]:
    return [text for phrases in bank.phrases.values() for text in phrases]


def ways(bank: Bank, field: str) -> int:
    return sum(len(phrases) for key, phrases in bank.phrases.items() if field in re.split(r"[.+]", key))


def grams(text: str) -> set[tuple[str, ...]]:
    plain_words = re.findall(r"[a-z]+|\{", re.sub(r"\{[^}]*\}", "{", text.casefold()))
    return set(zip(plain_words, plain_words[1:], plain_words[2:], strict=False))
