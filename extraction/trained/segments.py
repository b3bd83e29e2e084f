"""Cut the text of a contract into the passages that the trained reader judges: sentences and list items."""

from __future__ import annotations

import re

Span = tuple[int, int]

_ABBREVIATION = re.compile(
    r"(?:\b(?:[ap]\.m|Nos?|Inc|Ltd|Co|Corp|Mr|Mrs|Ms|Dr|Art|Sec|Section|St|e\.g|i\.e|vs|v|Jr|Sr|cf|Messrs|approx|est"
    r"|Ave|Blvd|Dept|Univ|U\.S|U\.K|L\.P|N\.A|S\.A|B\.V|N\.V|L\.L\.C|D\.C|P\.O|Ph\.D|[A-Z])"
    r"|(?:^|\s)(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,4}|[IVX]{1,4}|[a-z]))\.\Z"
)
_STOP = re.compile(r"[.!?;:][\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9(•])|\n\s*\n\s*|\s{4,}")


def segments(text: str) -> list[Span]:
    """Return the spans of the passages in order, without the white space around them.

    A sentence that a page break or an empty line interrupts stays one passage.
    """
    found: list[Span] = []
    start = 0
    for match in _STOP.finditer(text):
        mark = match[0].rstrip()
        if not mark and text[match.end() : match.end() + 1].islower():
            continue
        if mark.startswith(".") and _ABBREVIATION.search(text, max(start, match.start() - 12), match.start() + 1):
            continue
        found += _trimmed(text, start, match.start() + len(mark))
        start = match.end()
    return found + _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    raw = text[start:end]
    body = raw.strip()
    if not body:
        return []
    start += len(raw) - len(raw.lstrip())
    return [(start, start + len(body))]
