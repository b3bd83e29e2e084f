"""The normalisers read what is plain and refuse what can be read two ways."""

from __future__ import annotations

import time
from datetime import date

import pytest

from extraction.values import (
    dates_in,
    durations_in,
    money_in,
    parse_date,
    parse_duration,
    parse_money,
    parse_percent,
    percents_in,
    places_in,
)


class TestADate:
    @pytest.mark.parametrize(
        "text",
        [
            "1 December 2026", "December 1, 2026", "2026-12-01", "December 1st, 2026", "Dec. 1, 2026",
            "1st day of December, 2026", "1st of December 2026", "01.12.2026", "DECEMBER 1, 2026",
            "December\n1, 2026",
        ],
    )  # fmt: skip
    def test_is_read_in_every_usual_form(self, text: str) -> None:
        assert parse_date(text) == date(2026, 12, 1)

    @pytest.mark.parametrize("text", ["12/25/2026", "25/12/2026"])
    def test_in_numbers_is_read_where_only_one_order_is_possible(self, text: str) -> None:
        assert parse_date(text) == date(2026, 12, 25)

    @pytest.mark.parametrize(
        "text", ["02/03/2027", "31 February 2027", "December 2026", "32 May 2026", "2026-13-01", "1/2/27"]
    )
    def test_is_not_guessed(self, text: str) -> None:
        assert parse_date(text) is None

    def test_is_found_in_a_sentence_with_its_place(self) -> None:
        text = "from 1 December 2026 through 30 November 2027."
        assert [text[found.start : found.end] for found in dates_in(text)] == [
            "1 December 2026",
            "30 November 2027",
        ]


class TestADuration:
    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("twelve (12) months", "P12M"), ("Twenty-four (24) months", "P24M"), ("one year", "P1Y"),
            ("60 days", "P60D"), ("sixty (60) days", "P60D"), ("six weeks", "P6W"),
            ("one (1) additional year", "P1Y"), ("12-month", "P12M"), ("30 (thirty) days", "P30D"),
            ("one hundred and eighty (180) days", "P180D"), ("ninety\n(90) days", "P90D"),
        ],
    )  # fmt: skip
    def test_is_read_in_words_and_digits(self, text: str, period: str) -> None:
        duration = parse_duration(text)
        assert duration is not None
        assert str(duration.period) == period

    def test_knows_business_days(self) -> None:
        duration = parse_duration("30 business days")
        assert duration is not None
        assert duration.business

    def test_whose_words_contradict_its_digits_is_left_out(self) -> None:
        assert parse_duration("sixty (90) days") is None
        assert not list(durations_in("upon sixty (90) days notice"))


class TestMoney:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("EUR 96,000.00", "96000.00 EUR"), ("96.000,00 EUR", "96000.00 EUR"),
            ("$48,000", "48000.00 USD"), ("US $540,000.00", "540000.00 USD"),
            ("CHF 10'000.\u2013", "10000.00 CHF"), ("CHF 10\u2019000.50", "10000.50 CHF"),
            ("\u00a3162,000.00", "162000.00 GBP"), ("\u20ac28,350.00", "28350.00 EUR"),
            ("A$75.00", "75.00 AUD"), ("JPY 4,800,000", "4800000 JPY"), ("$1.5 million", "1500000.00 USD"),
            ("12,000 US dollars", "12000.00 USD"), ("CAD 36,000.00", "36000.00 CAD"),
        ],
    )  # fmt: skip
    def test_is_read_with_its_currency(self, text: str, value: str) -> None:
        assert str(parse_money(text)) == value

    @pytest.mark.parametrize("text", ["10.000 EUR", "48,000", "EUR", "$1.2.3", "USD 1,23,456"])
    def test_is_not_guessed(self, text: str) -> None:
        assert parse_money(text) is None

    def test_in_a_row_of_a_table_stays_in_its_column(self) -> None:
        row = "Insight Platform 80 EUR 480.00 EUR 38,400.00"
        assert [str(found.value) for found in money_in(row)] == ["480.00 EUR", "38400.00 EUR"]


class TestAPercentage:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("5%", "5"), ("3.5 per cent", "3.5"), ("seven percent (7%)", "7"), ("99.90%", "99.9"),
            ("99.9 %", "99.9"), ("ten percent", "10"), ("100%", "100"),
        ],
    )  # fmt: skip
    def test_is_written_without_trailing_zeros(self, text: str, value: str) -> None:
        assert parse_percent(text) == value

    def test_whose_words_contradict_its_digits_is_left_out(self) -> None:
        assert not list(percents_in("seven percent (8%)"))


class TestAPlace:
    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("the laws of England and Wales", "England and Wales"), ("Swiss law applies", "Switzerland"),
            ("the Commonwealth of Massachusetts", "Massachusetts"), ("Scots law", "Scotland"),
            ("the State of\nNew York", "New York"), ("Dutch law", "Netherlands"),
        ],
    )  # fmt: skip
    def test_is_given_its_usual_name(self, text: str, place: str) -> None:
        assert [found.value for found in places_in(text)] == [place]


class TestTheSearch:
    @pytest.mark.parametrize(
        "text", ["one hundred and " * 20_000, "1,000 " * 50_000, "$" * 100_000, "twenty-" * 40_000, "(" * 200_000]
    )
    def test_does_not_slow_down_on_repetition(self, text: str) -> None:
        began = time.perf_counter()
        for search in (dates_in, durations_in, money_in, percents_in, places_in):
            list(search(text + " days"))
        assert time.perf_counter() - began < 5
