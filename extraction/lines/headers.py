"""Which line is the header of a price table: one made of the words that headers are made of."""

from __future__ import annotations

import re

from extraction.lines.units import THING, UNIT

_WORDS = frozenset(
    """
    # achieved add-on agreed amount and annual annum applicable application applications article band bands
    basis begin begins billed billing bound bounds bracket brackets by calls charge charged charges charging
    code commences committed component components consumption contract cost costs count currency date
    deliverable deliverables description designation discounted duration each edition end ends eur excess
    extended feature features fee fees fees' finish first for frequency from functionality gbp get gross how in
    it item items last level licence licences license licenses limit line lines list listed lower many max
    maximum measure metric min minimum module month monthly much name net no number of offering one or order
    ordered our package payable per period plan pos position price prices pricing product products qty
    quantities quantity quarterly range rate rates recurrence recurring ref rhythm seats sell service service's
    services sku software solution solutions start steps sub subscriber subscribers subscription subscriptions
    subtotal sum tariff tariffs term the threshold thresholds tier tiers time to total totals type unit unit's
    units until uom up upper usage usd used user users valid validity volume volumes what year yearly you your
    yr
    """.split()  # noqa: SIM905 - a list of so many words is easier to read as text
)
_SEPARATED = re.compile(r"\||\t|\S\s{2,}\S")
_SHARE, _SHARE_OF_CELLS = 0.75, 0.34  # of the words of a header, how many are known
_LONGEST = 200


def is_header(text: str) -> bool:
    """Tell whether a line of a table is its header, or a piece of one."""
    if len(text) > _LONGEST or text[-1:] in ".;" or re.search(r"\d", text):
        return False
    if UNIT.fullmatch(text):
        return True
    words = re.findall(r"[A-Za-z']+", THING.sub(" ", UNIT.sub(" ", text)))
    known = sum(_is_known(word) for word in words)
    share = _SHARE_OF_CELLS if _SEPARATED.search(text) else _SHARE
    return known > 0 and known >= share * len(words)


def _is_known(word: str) -> bool:
    low = word.casefold()
    return low in _WORDS or low.removesuffix("s") in _WORDS or f"{low}s" in _WORDS


def of_headers(name: str) -> bool:
    """Tell whether a name is only made of the words of headers, such as `Bracket Unit`."""
    return all(_is_known(word) for word in re.findall(r"[A-Za-z']+", name))
