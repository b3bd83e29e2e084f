"""Full stops that end no thought: after `min.`, and before a sentence that goes on with `it` or `the cap`."""

from __future__ import annotations

import re

from extraction.values.numbers import WORDS

_NAMES = (
    r"(?:cap|limit|ceiling|maximum|target|level|figure|value|percentage|deadline|time\s+limit|application|claim|request"
    r"|(?:period|basis)\s+of\s+\w+|measur\w+\s+(?:period|interval))"
)
_HAS = rf"(?:The\s+)?[A-Z]\w+\s+(?:has|have|shall\s+have)\s+(?:\d|(?:{WORDS})\b)"
REFERS = re.compile(
    rf"\s*(?:{_HAS}|(?:It|These|They|The\s+(?:(?:upper|applicable|relevant|agreed|claim)\s+)?{_NAMES}|Period\s+of\s+measur\w+"
    rf"|Measur\w+\s+(?:period|interval))\b)"
)
_SHORTENED = re.compile(r"(?<=\b[Mm](?:in|ax))\.")
_STOP = re.compile(rf"[.](?={REFERS.pattern})")


def joined(text: str) -> str:
    """Return the text, of the same length, without stops that part a value from what it is a value of."""
    return _STOP.sub(",", _SHORTENED.sub(" ", text))
