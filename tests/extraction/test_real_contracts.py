"""Real contracts are read without surprise; their labels come from CUAD (CC BY 4.0)."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from domain.documents import Document, Page
from domain.periods import Period
from domain.terms import TermField
from extraction import read_document, read_terms, verify
from extraction.values import durations_in, places_in

SHARED = Path(os.environ.get("AFTERSIGN_SHARED", Path(__file__).parents[3] / "shared"))
CUAD = SHARED / "data" / "cuad"
pytestmark = pytest.mark.skipif(
    not (CUAD / "train.json.gz").exists(), reason="needs the CUAD training split below AFTERSIGN_SHARED"
)
SHARE_OF_FILES = 10
SHARE_OF_TEXTS = 4


@lru_cache
def labelled() -> list[dict[str, Any]]:
    with gzip.open(CUAD / "train.json.gz", "rt", encoding="utf-8") as file:
        docs: list[dict[str, Any]] = json.load(file)["docs"]
    return docs


def day_in(answer: str) -> str | None:
    """Read an answer such as 6/21/1999."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", answer.strip())
    return date(int(match[3]), int(match[1]), int(match[2])).isoformat() if match else None


def days_in(answer: str) -> float | None:
    found = next(durations_in(answer or ""), None)
    return rough_days(str(found.value.period)) if found else None


def rough_days(period: str) -> float:
    parsed = Period.parse(period)
    return parsed.count * {"D": 1, "W": 7, "M": 30.44, "Y": 365.25}[parsed.unit]


def precision(field: TermField, label: str, agree: Callable[[str, str], bool | None]) -> float:
    """Return the share of our readings that the label confirms, where there is a label."""
    verdicts = []
    for doc in labelled()[::SHARE_OF_TEXTS]:
        term = read_terms(Document("0" * 64, (Page(1, doc["text"]),))).get(field)
        answer = doc["answers"].get(label) or ""
        verdict = agree(term.value, answer) if term and answer else None
        verdicts += [] if verdict is None else [verdict]
    assert len(verdicts) >= 8
    return sum(verdicts) / len(verdicts)


class TestRealFiles:
    def test_are_read_with_citations_that_hold(self) -> None:
        for path in sorted((CUAD / "pdf").glob("*.pdf"))[::SHARE_OF_FILES]:
            document = read_document(path.read_bytes())
            assert document.problem is None, path.name
            assert all(verify(document, term) for term in read_terms(document).terms), path.name


class TestAgreementWithTheLabels:
    def test_on_effective_dates(self) -> None:
        def agree(value: str, answer: str) -> bool | None:
            day = day_in(answer)
            return None if day is None else value == day

        assert precision(TermField.EFFECTIVE_DATE, "Effective Date", agree) >= 0.95

    def test_on_agreement_dates(self) -> None:
        def agree(value: str, answer: str) -> bool | None:
            day = day_in(answer)
            return None if day is None else value == day

        assert precision(TermField.AGREEMENT_DATE, "Agreement Date", agree) >= 0.9

    def test_on_the_governing_law(self) -> None:
        def agree(value: str, answer: str) -> bool | None:
            places = {found.value for found in places_in(answer)}
            return bool({value, *value.split(" and ")} & places) if places else None

        assert precision(TermField.GOVERNING_LAW, "Governing Law", agree) >= 0.95

    def test_on_renewal_terms(self) -> None:
        def agree(value: str, answer: str) -> bool | None:
            days = days_in(answer)
            return None if days is None else abs(rough_days(value) - days) <= 0.02 * days

        assert precision(TermField.RENEWAL_TERM, "Renewal Term", agree) >= 0.95

    def test_on_notice_periods(self) -> None:
        def agree(value: str, answer: str) -> bool | None:
            days = days_in(answer)
            return None if days is None else abs(rough_days(value) - days) <= 0.02 * days

        assert precision(TermField.NOTICE_PERIOD, "Notice Period To Terminate Renewal", agree) >= 0.9
