"""Fill a database with contracts as imports and nightly plans leave them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert

from bench.web.vocabulary import RARE, Vocabulary, vocabulary
from domain.money import Money
from domain.searching import trigrams, words
from store import facts, search_index
from store.database import Database
from store.tables import contracts, documents, families, pages
from store.tables_ledger import deadlines
from store.tables_search import search_contracts

NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
PAGE_WORDS = 400
_CHUNK = 250
_TYPES = ("master_agreement", "order_form", "statement_of_work", "nda", "dpa", "amendment")
_RENEWALS = ("auto", "manual", "none", "evergreen")
_REGIONS = ("EMEA", "AMER", "APAC")


def fill(database: Database, count: int, length: int, owners: Sequence[str], seed: int = 11) -> None:
    """Store that many contracts of that many words each, with facts, deadlines and the search index."""
    rng, known = np.random.default_rng(seed), vocabulary()
    for first in range(0, count, _CHUNK):
        with database.write() as connection:
            for number in range(first, min(first + _CHUNK, count)):
                _contract(database, connection, number, owners, rng)
                _paper(connection, number, known, rng, length)


def _contract(
    database: Database, connection: Connection, number: int, owners: Sequence[str], rng: np.random.Generator
) -> None:
    identity, name = f"{number:036d}", _name(number)
    if number % 4 == 0:
        family = {"id": identity, "customer": name, "customer_key": name.lower(), "created_at": NOW}
        connection.execute(insert(families).values(**family))
    sha = f"{number:064d}"
    connection.execute(
        insert(documents).values(sha256=sha, size=1, media_type="application/pdf", name="x", stored_at=NOW)
    )
    owner = owners[number % len(owners)] if number % 50 else None
    row = {
        "id": identity, "family_id": f"{number - number % 4:036d}", "source": "bench", "source_document": identity,
        "title": f"{_TYPES[number % 6].replace('_', ' ').capitalize()} {number}", "customer": name,
        "document_sha256": sha, "signed_at": NOW - timedelta(days=int(rng.integers(1, 1500))), "signers": [],
        "reference": {}, "created_at": NOW, "owner_email": owner, "backup_email": owners[(number + 1) % len(owners)],
    }  # fmt: skip
    connection.execute(insert(contracts).values(**row))
    values = _facts(number, name, rng)
    facts.keep(database, connection, identity, values, NOW)
    connection.execute(insert(deadlines).values(**_deadline(identity, values["ends"])))
    said = f"Governing law: State {number % 50}\nNotice period: {30 * (1 + number % 4)} days notice"
    entry = {
        "number": number + 1,
        "contract_id": identity,
        "names": name,
        "terms": said,
        "prices": str(values["value"]),
    }
    connection.execute(insert(search_contracts).values(**entry))
    about = {key: words(str(entry[key])) for key in ("names", "terms", "prices")}
    search_index.index_of(connection).keep_about(connection, number + 1, {**about, "grams": trigrams(name)})


def _facts(number: int, name: str, rng: np.random.Generator) -> dict[str, Any]:
    starts = date(2024, 1, 1) + timedelta(days=int(rng.integers(0, 1200)))
    value = Money.parse(f"{int(rng.integers(5, 900)) * 1000}.00 {('USD', 'EUR', 'GBP')[number % 3]}")
    return {
        "type": _TYPES[number % 6], "region": _REGIONS[number % 3], "tier": "standard", "product": "Platform",
        "counterparty": name, "value": value, "annual": value, "starts": starts,
        "ends": starts + timedelta(days=365 * (1 + number % 3)), "ended_on": None,
        "renewal_type": _RENEWALS[number % 4], "notice_period": "P60D", "governing_law": "New York",
        "contract_number": f"C-{number}", "doubts": number % 7 // 5, "missing": [],
        "standing": "amends" if number % 6 == 5 else "own", "parent_id": f"{number - 5:036d}" if number % 6 == 5 else None,
    }  # fmt: skip


def _deadline(identity: str, ends: date) -> dict[str, Any]:
    return {
        "contract_id": identity, "version": "1", "term_end": ends, "send_by": ends - timedelta(days=70),
        "decide_by": ends - timedelta(days=90), "renewals": 0, "explanation": [], "inputs": {}, "calendar": "US",
        "calendar_version": "1", "formula": 1, "provisional": False, "computed_at": NOW, "because": "",
    }  # fmt: skip


def _paper(connection: Connection, number: int, known: Vocabulary, rng: np.random.Generator, length: int) -> None:
    texts = list(_texts(number, known, rng, length))
    rows = [{"sha256": f"{number:064d}", "number": place, "text": text} for place, text in enumerate(texts, 1)]
    connection.execute(insert(pages), rows)
    index = search_index.index_of(connection)
    index.keep_pages(connection, [(number + 1, place, words(text)) for place, text in enumerate(texts, 1)])


def _texts(number: int, known: Vocabulary, rng: np.random.Generator, length: int) -> Iterator[str]:
    for place in range(-(-length // PAGE_WORDS)):
        page = known.page(rng, PAGE_WORDS)
        if place == 3 and number % 400 == 0:
            page[100] = RARE
        if place == 5 and number % 3 == 0:
            page[50:53] = ["notice", "of", "termination"]
        yield " ".join(page)


def _name(number: int) -> str:
    stems = ("Harrow", "Tidewell", "Meridian", "Vela", "Lindgren", "Okoro", "Castell", "Brightwater")
    return (
        f"{stems[number // 4 % 8]} {('Mills', 'Foods', 'Freight', 'Optics', 'Energy')[number // 32 % 5]} {number // 4}"
    )
