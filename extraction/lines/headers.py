"""Which line is the header of a price table: one made of the words that headers are made of."""

from __future__ import annotations

import re

from extraction.lines.units import THING, UNIT

_WORDS = frozenset(
    """
    add-on agreed amount and annual annum applicable application applications article band bands basis begin
    begins billing by calls charge charged charges charging code committed component components consumption
    contract cost costs currency date deliverable deliverables description duration each edition end ends eur
    extended feature features fee fees fees' first for frequency from functionality gbp gross in item items last
    level licence licences license licenses line lines list listed lower max maximum measure min minimum module
    month monthly name net no number of offering one or order ordered package per period plan pos position price
    prices pricing product products qty quantities quantity quarterly range rate rates recurring rhythm seats
    service service's services sku software solution solutions start steps sub subscription subscriptions
    subtotal sum term the tier tiers time to total totals type unit unit's units until uom up upper usage usd
    used user users valid validity volume volumes year yearly
    """.split()  # noqa: SIM905 - a list of so many words is easier to read as text
)
_SEPARATED = re.compile(r"\||\t|\S\s{2,}\S")
_SHARE, _SHARE_OF_CELLS = 0.75, 0.6  # of the words of a header, how many are known
_LONGEST = 200


def is_header(text: str) -> bool:
    """Tell whether a line of a table is its header, or a piece of one."""
    if len(text) > _LONGEST or text[-1:] in ".;" or re.search(r"\d", text):
        return False
    if UNIT.fullmatch(text):
        return True
    words = re.findall(r"[A-Za-z']+", THING.sub(" ", UNIT.sub(" ", text)))
    known = sum(word.casefold() in _WORDS for word in words)
    share = _SHARE_OF_CELLS if _SEPARATED.search(text) else _SHARE
    return known > 0 and known >= share * len(words)
