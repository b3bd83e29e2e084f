"""Normalisers: the words of a contract turned into canonical values, and nothing guessed."""

from extraction.values.dates import dates_in, parse_date
from extraction.values.durations import Duration, durations_in, parse_duration
from extraction.values.money import money_in, parse_money
from extraction.values.percents import parse_percent, percents_in
from extraction.values.places import places_in
from extraction.values.windows import Found

__all__ = [
    "Duration",
    "Found",
    "dates_in",
    "durations_in",
    "money_in",
    "parse_date",
    "parse_duration",
    "parse_money",
    "parse_percent",
    "percents_in",
    "places_in",
]
