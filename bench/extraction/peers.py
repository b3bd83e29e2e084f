"""What plainer means give on the same contracts in the same run: first matches by pattern, and pdfminer.six's text."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from bench.cuad import SHARED, Contract
from bench.extraction import targets
from bench.extraction.figures import Tally, value_counts
from bench.extraction.reading import Value
from extraction import read_contract, read_document
from extraction.values import dates_in, durations_in, places_in

_PDFS = SHARED / "data/cuad/pdf"
_SAMPLE = 12  # pdfminer.six is slow
_AHEAD = 200


def report(contracts: Sequence[Contract], tally: Tally) -> None:
    """Print the F1 of plain patterns and the speed of reading PDFs beside pdfminer.six."""
    told = [value for contract in contracts for value in _patterns(contract)]
    print("plain patterns, first match (as LexNLP reads), value F1:")
    for category in targets.VALUES:
        counts = value_counts(contracts, told, category)
        print(f"  {category:<36} {counts.f1:.3f} (P {counts.precision:.3f} R {counts.recall:.3f})")
    files = sorted(_PDFS.glob("*.pdf"))
    if not files:
        print(f"no PDFs in {_PDFS}: reading is not measured")
        return
    began = time.monotonic()
    with ThreadPoolExecutor(2) as both:
        pages = sum(both.map(_text, files))
    seconds = time.monotonic() - began
    slow, few = _pdfminer(files[:_SAMPLE])
    print(
        f"  text of {pages} pages: {pages / seconds:.0f} pages/s on two cores, {pages / seconds / slow:.1f} x pdfminer.six"
    )
    print(f"  (pdfminer.six alone: {slow:.1f} pages/s over {few} pages on one core)")
    tally.line("PDFs read whole, a second on two cores", _throughput(files), targets.CONTRACTS_A_SECOND)


def _throughput(files: Sequence[Path]) -> float:
    """Return how many PDFs are read a second, from bytes to terms and clauses, by two processes."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as both:
        list(both.map(_whole, files[:2]))
        began = time.monotonic()
        list(both.map(_whole, files))
        return len(files) / (time.monotonic() - began)


def _whole(file: Path) -> int:
    return len(read_contract(read_document(file.read_bytes())).terms)


def _text(file: Path) -> int:
    return len(read_document(file.read_bytes()).pages)


def _pdfminer(files: Sequence[Path]) -> tuple[float, int]:
    from pdfminer.high_level import extract_text
    from pdfminer.layout import LAParams

    began = time.monotonic()
    texts = [extract_text(BytesIO(file.read_bytes()), laparams=LAParams(all_texts=True)) for file in files]
    pages = sum(text.count("\f") for text in texts)
    return pages / (time.monotonic() - began), pages


Find = Callable[[str], Iterator[str]]


def _patterns(contract: Contract) -> list[Value]:
    found = ((category, next(find(contract.text), None)) for category, find in _FIND.items())
    return [Value(contract.title, category, value, None, "pattern") for category, value in found if value]


def _first_date(text: str) -> Iterator[str]:
    return (found.value.isoformat() for found in dates_in(text[:4000]))


def _effective(text: str) -> Iterator[str]:
    for match in re.finditer(r"effective", text, re.IGNORECASE):
        yield from (one.value.isoformat() for one in dates_in(text[max(0, match.start() - 80) : match.end() + 80]))


def _end(text: str) -> Iterator[str]:
    for match in re.finditer(r"\b(?:until|expires?|ends?|through)\b", text, re.IGNORECASE):
        yield from (one.value.isoformat() for one in dates_in(text[match.end() : match.end() + 60]))


def _length_after(words: str) -> Find:
    def find(text: str) -> Iterator[str]:
        for match in re.finditer(words, text, re.IGNORECASE):
            yield from (str(one.value.period) for one in durations_in(text[match.end() : match.end() + _AHEAD]))

    return find


def _law(text: str) -> Iterator[str]:
    for match in re.finditer(r"\blaws?\s+of\b", text, re.IGNORECASE):
        yield from (one.value for one in places_in(text[match.end() : match.end() + 60]))


_FIND: dict[str, Find] = {
    "Agreement Date": _first_date,
    "Effective Date": _effective,
    "Expiration Date": _end,
    "Renewal Term": _length_after(r"\brenew\w*"),
    "Notice Period To Terminate Renewal": _length_after(r"\bunless\b"),
    "Governing Law": _law,
}
