"""The rules of access as a condition in SQL: one filter for lists, search, counts, exports and feeds.

It says exactly what `domain.access` says; a test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, exists, false, func, not_, or_, select, true

from domain.access import Act, FieldClass, Rule, Subject, Viewer, Where
from domain.money import Money
from domain.people import Person
from store.tables import contracts, handoffs
from store.tables_desk import contract_facts as facts

Condition = ColumnElement[bool]


def visible(viewer: Viewer, people: Mapping[str, Person]) -> Condition:
    """Return which rows of `contracts` this person may know of; it stands on its own, no join is needed."""
    return _granted(viewer, people, list(viewer.rules))


def showing(viewer: Viewer, people: Mapping[str, Person], kind: FieldClass) -> Condition:
    """Return for which rows of `contracts` values of that kind are shown."""
    return _granted(viewer, people, [rule for rule in viewer.rules if rule.ban or kind in rule.show])


def allowed(viewer: Viewer, people: Mapping[str, Person], act: Act) -> Condition:
    """Return with which rows of `contracts` this person may do that."""
    return _granted(viewer, people, [rule for rule in viewer.rules if rule.ban or act in rule.may])


def subject(connection: Connection, contract_id: str, people: Mapping[str, Person]) -> Subject | None:
    """Return what rules ask about one contract, `None` when there is none of that id."""
    query = select(contracts.c.owner_email, contracts.c.backup_email, facts).join_from(
        contracts, facts, facts.c.contract_id == contracts.c.id, isouter=True
    )
    row = connection.execute(query.where(contracts.c.id == contract_id)).mappings().first()
    csms = select(handoffs.c.csm_email).where(handoffs.c.contract_id == contract_id)
    return None if row is None else _subject(row, connection.scalars(csms), people)


def _subject(row: RowMapping, csms: Iterable[str], people: Mapping[str, Person]) -> Subject:
    keepers = [email for email in (row["owner_email"], row["backup_email"]) if email]
    return Subject(
        type=row["type"] or "",
        region=row["region"] or "",
        counterparty=row["counterparty_key"] or "",  # unknown until the facts are noted, as in SQL
        value=Money.parse(row["value"]) if row["value"] else None,
        team=tuple(team for email in keepers if email in people for team in people[email].teams),
        people=tuple(email for email in (*keepers, *csms) if email),
    )


def _granted(viewer: Viewer, people: Mapping[str, Person], rules: Sequence[Rule]) -> Condition:
    opened = [_holds(rule.where, viewer, people) for rule in rules if not rule.ban]
    closed = [_holds(rule.where, viewer, people, doubt=True) for rule in rules if rule.ban]
    return and_(or_(false(), *opened), *(not_(one) for one in closed))


def _holds(where: Where, viewer: Viewer, people: Mapping[str, Person], *, doubt: bool = False) -> Condition:
    """Return one rule's conditions; `doubt` is the answer where an attribute is unknown."""
    parts = [
        *_facts(where, viewer, doubt=doubt),
        *_keepers(where.team, people, doubt=doubt),
        *(_keepers(viewer.teams or ("",), people, doubt=doubt) if where.own_team else ()),
        *([_mine(viewer, doubt=doubt)] if where.mine else ()),
    ]
    return and_(true(), *parts)


def _facts(where: Where, viewer: Viewer, *, doubt: bool) -> list[Condition]:
    asked = [
        (bool(where.type), func.lower(facts.c.type), where.type),
        (bool(where.region), facts.c.region_key, where.region),
        (where.own_region, facts.c.region_key, viewer.regions),
        (bool(where.counterparty), facts.c.counterparty_key, where.counterparty),
    ]
    inside = [_is(column, wanted, doubt=doubt) for stated, column, wanted in asked if stated]
    inside += [
        _value(limit, above=above, doubt=doubt)
        for limit, above in ((where.below, False), (where.at_least, True))
        if limit
    ]
    if not inside:
        return []
    own = facts.c.contract_id == contracts.c.id
    known = exists(select(1).select_from(facts).where(own, *inside).correlate(contracts))
    if not doubt:
        return [known]
    return [or_(known, not_(exists(select(1).select_from(facts).where(own).correlate(contracts))))]


def _is(column: ColumnElement[str], wanted: Sequence[str], *, doubt: bool) -> Condition:
    named = column.in_([one.casefold() for one in wanted])
    return or_(named, column == "") if doubt else and_(named, column != "")


def _value(limit: Money, *, above: bool, doubt: bool) -> Condition:
    rounded = limit.rounded()
    minor = int(rounded.amount.scaleb(rounded.minor_digits))
    column, same = facts.c.value_minor, facts.c.value_currency == limit.currency
    holds = and_(column.is_not(None), same, column >= minor if above else column < minor)
    return or_(holds, column.is_(None), not_(same)) if doubt else holds


def _keepers(teams: Sequence[str], people: Mapping[str, Person], *, doubt: bool) -> list[Condition]:
    """Return whether owner or backup is in one of the teams; nobody's team is unknown."""
    if not teams:
        return []
    wanted = {team.casefold() for team in teams}
    inside = [email for email, one in people.items() if wanted & {team.casefold() for team in one.teams if team}]
    teamed = [email for email, one in people.items() if any(one.teams)]
    columns = (contracts.c.owner_email, contracts.c.backup_email)
    found = or_(*(and_(column.is_not(None), column.in_(inside)) for column in columns))
    known = or_(*(and_(column.is_not(None), column.in_(teamed)) for column in columns))
    return [or_(found, not_(known))] if doubt else [found]


def _mine(viewer: Viewer, *, doubt: bool) -> Condition:
    me = viewer.email.casefold()
    own = handoffs.c.contract_id == contracts.c.id
    csm = exists(
        select(1).select_from(handoffs).where(own, func.lower(handoffs.c.csm_email) == me).correlate(contracts)
    )
    owner, backup = contracts.c.owner_email, contracts.c.backup_email
    found = or_(
        and_(owner.is_not(None), func.lower(owner) == me), and_(backup.is_not(None), func.lower(backup) == me), csm
    )
    if not doubt:
        return found
    somebody = exists(select(1).select_from(handoffs).where(own, handoffs.c.csm_email != "").correlate(contracts))
    known = or_(func.coalesce(owner, "") != "", func.coalesce(backup, "") != "", somebody)
    return or_(found, not_(known))
