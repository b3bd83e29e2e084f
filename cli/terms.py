"""What a contract says on a day, as far as it was known at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cli import output
from cli.review import opened
from domain.errors import Permanent
from domain.ledger import conflicts
from store import contracts, ledger, readings


def show_terms(contract_id: str, as_of: str, known_at: str, *, as_json: bool) -> int:
    """Print the terms in force with the words and the paper that say so, and where papers of a family differ."""
    with opened() as ctx, ctx.database.read() as connection:
        if contracts.find(connection, contract_id) is None:
            raise Permanent(f"There is no contract {contract_id!r}", fix="see `aftersign renewals list` for the ids")
        day = _day(as_of) or ctx.clock().date()
        moment, kin = _moment(known_at), ledger.kin(connection)
        reading = ledger.standing(connection, contract_id, day, moment, graph=kin)
        governing = [ledger.standing(connection, one, day, moment, graph=kin) for one in kin.governing(contract_id)]
    rows = [
        {
            "term": term.field, "value": term.value, "page": term.citation.page,
            "quote": " ".join(term.citation.quote.split())[:90], "sha256": term.citation.sha256, "says": term.rule,
            "standing": term.standing,
        }
        for term in reading.terms
    ]  # fmt: skip
    differing = [{"term": gap.field, "why": gap.why} for gap in conflicts(reading, governing)]
    if as_json:
        output.data(
            {
                "as_of": day,
                "known_at": moment,
                "terms": rows,
                "lines": [readings.line_row(line) for line in reading.lines],
                "conflicts": differing,
            }
        )
        return 0
    output.table(f"In force on {day}", ["term", "value", "page", "quote", "standing"], rows)
    for one in differing:
        output.say(f"differs: {one['term']} {one['why']}")
    return 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Permanent(f"{text!r} is no day", fix="write for example 2026-10-05") from error


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise Permanent(f"{text!r} is no moment", fix="write for example 2026-10-05T09:00:00+00:00") from error
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
