"""Held out: phrasings that no rule was developed on; whoever writes rules does not read them."""

from bench.saas.bank import Bank
from bench.saas.phrases_unseen import changes, fillers, items, law, paper, payment, service, tables, term

_PARTS = (term, law, payment, changes, items, service)
BANK = Bank(
    name="unseen",
    roles=paper.ROLES,
    words=tables.WORDS,
    phrases={key: said for part in _PARTS for key, said in part.PHRASES.items()},
    pairs={key: said for part in _PARTS for key, said in part.PAIRS.items()},
    grids=tables.GRIDS,
    papers=paper.PAPERS,
    fillers=fillers.FILLERS,
    joins=0.35,
)
