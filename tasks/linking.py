"""Find out to which papers a new one belongs, and what follows once that is decided."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping

from domain.documents import Document, Page
from domain.errors import Permanent
from domain.families import propose
from domain.kinship import Link
from domain.papers import LinkKind, Paper, Proposal
from store import contracts, families, ledger, readings
from tasks.amending import propose_changes
from tasks.context import Context
from tasks.file import open_contract
from tasks.looking import paper_of
from tasks.planning import plan

_SURE = 0.9  # a number or a date that only one paper has; anything less waits for a person
_US = "aftersign"


def link_new(ctx: Context, contract_id: str) -> list[str]:
    """Link a paper that has just been read, and older ones that wait for it; return what was done.

    A link that a number proves is taken; every other one is proposed and waits for a person.
    """
    with ctx.database.read() as connection:
        known = families.papers(connection)
        fresh = [
            _with_mentions(connection, one) for one in known if one.id in {contract_id, *_orphans(connection, known)}
        ]
    seen = {one.id for one in fresh}
    found = propose(fresh, [one for one in known if one.id not in seen])
    ours = [one for one in found.proposals if contract_id in {one.child, one.parent}]
    with ctx.database.write() as connection:
        families.save(ctx.database, connection, ours, ctx.clock())
    return [_settled(ctx, one) for one in ours]


def accept_link(ctx: Context, number: int, *, who: str, because: str = "") -> str:
    """Take a proposed link and do what follows from it. Raises `Permanent` when it is not open."""
    with ctx.database.write() as connection:
        row = _open(connection, number)
        ledger.kin(connection).refuse_circle(Link(row["child_id"], row["parent_id"], LinkKind(row["kind"])))
        families.decide(connection, row, accept=True, who=who, because=because, now=ctx.clock())
    return _follow(ctx, row["child_id"], row["parent_id"], LinkKind(row["kind"]))


def reject_link(ctx: Context, number: int, *, who: str, because: str = "") -> str:
    """Set a proposed link aside. Raises `Permanent` when it is not open."""
    with ctx.database.write() as connection:
        row = _open(connection, number)
        families.decide(connection, row, accept=False, who=who, because=because, now=ctx.clock())
    return "rejected"


def _settled(ctx: Context, one: Proposal) -> str:
    if one.ambiguous or one.confidence < _SURE:
        return f"{one.kind} {one.parent}: waits for a person"
    with ctx.database.read() as connection:
        row = families.between(connection, one.child, one.parent, one.kind)
    if row is None or row["state"] not in families.OPEN:
        return f"{one.kind} {one.parent}: {row['state'] if row else 'unknown'}"
    return accept_link(ctx, row["id"], who=_US, because=one.evidence)


def _follow(ctx: Context, child: str, parent: str, kind: LinkKind) -> str:
    """Bring what hangs on a link in line with it."""
    if kind is LinkKind.AMENDS:
        propose_changes(ctx, child)
        plan(ctx, open_contract(ctx, child), because=f"it amends {parent}")
        return f"amends {parent}: its changes wait for approval"
    touched = child if kind in {LinkKind.GOVERNED_BY, LinkKind.INCORPORATES} else parent
    planned = plan(ctx, open_contract(ctx, touched), because=f"{child} {kind.replace('_', ' ')} {parent}")
    return f"{kind} {parent}: {planned.detail}"


def _open(connection: Connection, number: int) -> RowMapping:
    row = families.get(connection, number)
    if row is None or row["state"] not in families.OPEN:
        raise Permanent(
            f"There is no open link {number}",
            why=f"it is {row['state']} by {row['decided_by']}" if row else "",
            fix="see `aftersign contracts families list`",
        )
    return row


def _orphans(connection: Connection, known: list[Paper]) -> set[str]:
    """Return the papers that belong to another one, which nobody has found yet."""
    linked = {link.child for link in ledger.kin(connection).links}
    return {one.id for one in known if one.child_kind and one.id not in linked}


def _with_mentions(connection: Connection, paper: Paper) -> Paper:
    about = contracts.get(connection, paper.id)
    pages = tuple(Page(number, text) for number, text in contracts.page_texts(connection, about["document_sha256"]))
    document = Document(about["document_sha256"], pages)
    return paper_of(document, readings.load(connection, paper.id), identity=paper.id, file=paper.file)
