"""Read a page a second time, with pdfminer, and say where the two readers see different words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from io import BytesIO

_LETTER = re.compile(r"[^\W_]")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+")
_SAME_LETTERS = 0.995  # of 20 real contracts every page has 1.0; see docs/adr/0011
_SHOWN = 5


def second_text(data: bytes, index: int) -> str | None:
    """Read one page with pdfminer, which needs `all_texts` to see text inside form objects."""
    from pdfminer.high_level import extract_text  # noqa: PLC0415 - slow to import, rarely needed
    from pdfminer.layout import LAParams  # noqa: PLC0415

    try:
        return extract_text(BytesIO(data), page_numbers=[index], laparams=LAParams(all_texts=True))
    except Exception:  # noqa: BLE001 - pdfminer raises anything; an unread page is reported
        return None


def disagreement(first: str, second: str) -> str:
    """Say what only one of two readings holds; empty when they agree in substance.

    Letters are counted, not words: the readers join "20" and "th" or "2 0 2 6" in different places,
    and neither is wrong. One digit that only one of them reads is material, however long the page.
    """
    ours, theirs = _folded(first), _folded(second)
    if _counted(_DIGIT, ours) != _counted(_DIGIT, theirs):
        return _only_one_reads(_counted(_NUMBER, ours), _counted(_NUMBER, theirs))
    mine, other = _counted(_LETTER, ours), _counted(_LETTER, theirs)
    shared, most = (mine & other).total(), max(mine.total(), other.total())
    if shared >= most * _SAME_LETTERS:
        return ""
    return f"{mine.total()} letters and digits against {other.total()}, {shared} of them the same"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _counted(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(pattern.findall(text))


def _only_one_reads(first: Counter[str], second: Counter[str]) -> str:
    parts = {"only the first reads": first - second, "only the second reads": second - first}
    return ", ".join(f"{what} {' '.join(list(found)[:_SHOWN])}" for what, found in parts.items() if found)
