"""Phrasings in many voices that rules may be developed on; what is not said here is said as in `phrases_dev`."""

from dataclasses import replace

from bench.saas.phrases_dev import BANK as DEV
from bench.saas.phrases_wide import changes, items, law, odd_money, odd_service, payment, service, tables, term

_PARTS = (term, law, payment, changes, items, service)
_SAID = {key: said for part in _PARTS for key, said in part.PHRASES.items()}
_ODD = odd_money.PHRASES | odd_service.PHRASES
BANK = replace(
    DEV,
    name="wide",
    words=tables.WORDS,
    phrases=DEV.phrases | {key: (*said, *_ODD.get(key, ())) for key, said in _SAID.items()},
    pairs=DEV.pairs | {key: said for part in _PARTS for key, said in part.PAIRS.items()},
    grids=DEV.grids | tables.GRIDS,
)
