"""How much of a contract is read rightly: values and spans against CUAD's annotations.

`python -m bench.extraction` measures the contracts of the training split and says which targets
are missed; `--data FILE --predictions OUT` reads any file of the same shape, so that the figures
can be checked by another scorer on contracts that nobody here has seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from bench.cuad import TRAIN, Candidate, Contract, Counts, document_counts, interval, load, resampled, span_counts
from domain.documents import Document, Page
from domain.periods import add
from domain.terms import ContractTerms, Term, TermField
from extraction import read_terms, verify
from extraction.values import places_in

# CUAD's category: our term, and the F1 of its value that issue and users want.
FIELDS: Mapping[str, tuple[TermField, float]] = {
    "Agreement Date": (TermField.AGREEMENT_DATE, 0.90),
    "Effective Date": (TermField.EFFECTIVE_DATE, 0.80),
    "Expiration Date": (TermField.EXPIRATION_DATE, 0.80),
    "Renewal Term": (TermField.RENEWAL_TERM, 0.88),
    "Notice Period To Terminate Renewal": (TermField.NOTICE_PERIOD, 0.85),
    "Governing Law": (TermField.GOVERNING_LAW, 0.98),
}
_BOOTSTRAPS = 300
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2,4})")
_LENGTH = re.compile(r"(\d+)\s*(day|week|month|year)")
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
_PERIOD = re.compile(r"P(\d+)([DWMY])")
_LETTERS = {"D": "day", "W": "week", "M": "month", "Y": "year"}


@dataclass(frozen=True, slots=True)
class Value:
    """Hold one value that a reader asserts."""

    title: str
    field: str
    value: str
    confidence: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Run:
    """Hold what was read from all contracts, and what it cost."""

    spans: tuple[Candidate, ...]
    values: tuple[Value, ...]
    unproven: int
    seconds: float


def read(contracts: Sequence[Contract]) -> Run:
    """Read every contract with the rules."""
    spans: list[Candidate] = []
    values: list[Value] = []
    unproven, started = 0, time.process_time()
    for contract in contracts:
        document = Document(hashlib.sha256(contract.text.encode()).hexdigest(), (Page(1, contract.text),))
        reading = read_terms(document)
        for category, (field, _) in FIELDS.items():
            term = reading.get(field)
            if term is None:
                continue
            unproven += not verify(document, term)
            spans.append(_span(contract, category, term))
            values.append(Value(contract.title, category, term.value, None, "one reader"))
        values += _derived(contract, ContractTerms.of(reading.terms))
        for party in reading.parties:
            cited = party.citation
            spans.append(Candidate(contract.title, "Parties", cited.quote, cited.start, cited.end, 1.0))
    return Run(tuple(spans), tuple(values), unproven, time.process_time() - started)


def _derived(contract: Contract, terms: ContractTerms) -> list[Value]:
    """Return the end of a term that the paper states as a begin and a length, as CUAD's answers do."""
    start, length = terms.start, terms.period(TermField.INITIAL_TERM)
    if start is None or length is None or terms.day(TermField.EXPIRATION_DATE) is not None:
        return []
    return [Value(contract.title, "Expiration Date", add(start, length).isoformat(), None, "derived")]


def _span(contract: Contract, category: str, term: Term) -> Candidate:
    cited = term.citation
    return Candidate(contract.title, category, cited.quote, cited.start, cited.end, 1.0)


def same(category: str, answer: str, value: str) -> bool | None:
    """Tell whether a value is CUAD's answer; `None` where the answer cannot be read as a value.

    Dates must be equal, an expiration within a day; lengths within 2 %; laws after their
    canonical names.
    """
    if category.endswith("Date"):
        wanted = _day(answer)
        if wanted is None:
            return None
        given = date.fromisoformat(value)
        return abs((given - wanted).days) <= (1 if category == "Expiration Date" else 0)
    if category == "Governing Law":
        return _place(answer) == _place(value)
    wanted_days, given_days = _length(answer), _iso_length(value)
    if wanted_days is None or given_days is None:
        return None if wanted_days is None else False
    return abs(wanted_days - given_days) <= 0.02 * wanted_days


def value_counts(contracts: Sequence[Contract], values: Sequence[Value], category: str) -> Counts:
    """Count right, wrong and missing values of one category; unreadable answers are left out."""
    told = {one.title: one.value for one in values if one.field == category}
    counts = Counts()
    for contract in contracts:
        answer, value = contract.answers.get(category) or "", told.get(contract.title)
        right = same(category, answer, value or _anything(category)) if answer else False
        if right is None or (not answer and contract.spans.get(category)):
            continue  # annotated, but with no answer that can be compared
        if value is None:
            counts.fn += bool(answer)
        elif answer and right:
            counts.tp += 1
        else:
            counts.fp += 1
            counts.fn += bool(answer)
    return counts


def _anything(category: str) -> str:
    return "1900-01-01" if category.endswith("Date") else "P1D" if category != "Governing Law" else "-"


def _day(answer: str) -> date | None:
    found = _US_DATE.search(answer)
    if not found:
        return None
    month, day, year = (int(part) for part in found.groups())
    try:
        return date(year + (0 if year > 99 else 1900 if year > 50 else 2000), month, day)
    except ValueError:
        return None


def _length(answer: str) -> float | None:
    found = _LENGTH.search(answer.casefold())
    return int(found[1]) * _DAYS[found[2]] if found else None


def _iso_length(value: str) -> float | None:
    found = _PERIOD.fullmatch(value)
    return int(found[1]) * _DAYS[_LETTERS[found[2]]] if found else None


def _place(text: str) -> str:
    return next((found.value for found in places_in(text)), text).casefold()


def report(contracts: Sequence[Contract], run: Run) -> int:
    """Print figures with intervals and say what is missed; return how many targets are."""
    missed = 0
    samples = [resampled(contracts, seed) for seed in range(_BOOTSTRAPS)]
    print(f"{len(contracts)} contracts, one reader (rules). Rules were written while looking at such contracts:")
    print("these figures describe the training split, not contracts that nobody has seen.")
    for category, (_, wanted) in FIELDS.items():
        counts = value_counts(contracts, run.values, category)
        low, high = interval([value_counts(sample, run.values, category).f1 for sample in samples])
        missed += counts.f1 < wanted
        told = "reached" if counts.f1 >= wanted else "MISSED"
        print(
            f"value {category:<36} P {counts.precision:.3f} R {counts.recall:.3f} F1 {counts.f1:.3f} "
            f"[{low:.3f}, {high:.3f}] wanted {wanted:.2f}: {told}"
        )
    names = [*FIELDS, "Parties"]
    spans, documents = span_counts(contracts, run.spans, names), document_counts(contracts, run.spans, names)
    print(f"spans of these {len(names)} categories: micro F1 {spans.f1:.3f}; documents: F1 {documents.f1:.3f}")
    print(f"values whose quote does not prove them: {run.unproven}")
    rate = len(contracts) / run.seconds
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{run.seconds:.1f} CPU s, {rate:.1f} contracts a CPU second, {memory:.0f} MiB at most")
    print("not measured yet: 41 categories ranked (AUPR), calibration, generated SaaS contracts, hostile files")
    return missed


def main() -> None:
    """Measure, and write predictions where asked."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=TRAIN)
    arguments.add_argument("--predictions", type=Path)
    chosen = arguments.parse_args()
    contracts = load(chosen.data)
    run = read(contracts)
    if chosen.predictions:
        body = {"spans": [asdict(one) for one in run.spans], "values": [asdict(one) for one in run.values]}
        chosen.predictions.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"{len(run.spans)} spans and {len(run.values)} values written to {chosen.predictions}")
    if any(contract.answers for contract in contracts):
        missed = report(contracts, run)
        print(f"{missed} of {len(FIELDS)} value targets are missed" if missed else "every value target is reached")


if __name__ == "__main__":
    main()
