"""Read a HubSpot deal with everything around it."""

from __future__ import annotations

from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.models import Link, Owner, Record
from connectors.hubspot.stages import stage_of
from connectors.hubspot.values import day, day_of, money, months, number
from domain.deals import Account, Contact, Deal, DealLine, Fact, Promise
from domain.mappings import CrmMapping

SOURCE = "HubSpot"
PROMISES = "promises"
_DEAL = ("dealname", "dealstage", "pipeline", "amount", "hubspot_owner_id", "hs_lastmodifieddate")
_ACCOUNT = {"industry": "industry", "country": "country", "size": "numberofemployees"}
_PERSON = ("firstname", "lastname", "email", "jobtitle", "hs_buying_role")
_LINE = ("name", "quantity", "price", "hs_position_on_quote")
_PRIMARY = 5  # deal to primary company
_BULLETS = " -*•\t\r"


def read_deal(client: HubSpotClient, mapping: CrmMapping, identity: str, url: str) -> Deal | None:
    """Return the deal of an id with company, people, lines and facts; `None` when there is none to see."""
    row = client.record("deals", identity, _properties(mapping), history=tuple(dict.fromkeys(mapping.facts.values())))
    if row is None:
        return None
    currency = row.text(mapping.currency_field) or mapping.currency
    owner = client.owner(row.text("hubspot_owner_id")) if row.text("hubspot_owner_id") else None
    rep = _name(owner)
    return Deal(
        id=row.id,
        name=row.text("dealname"),
        stage=stage_of(row, client.pipelines()),
        account=_account(client, mapping, identity),
        type=mapping.deal_type(row.text(mapping.type_field or "dealtype")),
        url=url,
        rep_name=rep,
        rep_email=(owner.email or "") if owner else "",
        amount=money(row, "amount", currency),
        term=months(row, mapping.term_months_field),
        start=day(row, mapping.start_field),
        contacts=_contacts(client, mapping, identity),
        lines=_lines(client, identity, currency),
        facts={key: _fact(row, name) for key, name in mapping.facts.items() if key != PROMISES and row.text(name)},
        promises=_promises(row, mapping.facts.get(PROMISES, ""), rep),
    )


def _properties(mapping: CrmMapping) -> tuple[str, ...]:
    extra = (
        mapping.type_field or "dealtype",
        mapping.term_months_field,
        mapping.start_field,
        mapping.currency_field,
        *mapping.facts.values(),
    )
    return tuple(dict.fromkeys((*_DEAL, *filter(None, extra))))


def _fact(row: Record, name: str) -> Fact:
    """Return a fact with the day its own property was last changed, else the deal."""
    changes = row.history.get(name, [])
    updated = day_of(changes[0].timestamp, name) if changes else day(row, "hs_lastmodifieddate")
    return Fact(row.text(name), f"{SOURCE} {name}", updated)


def _promises(row: Record, name: str, rep: str) -> tuple[Promise, ...]:
    lines = [line.strip(_BULLETS) for line in row.text(name).splitlines()]
    return tuple(Promise(line, rep, "", f"{SOURCE} {name}") for line in lines if line)


def _account(client: HubSpotClient, mapping: CrmMapping, identity: str) -> Account:
    """Return the primary company, else the first one; empty where the deal has none."""
    links = sorted(client.links("deals", identity, "companies"), key=lambda link: not _is_primary(link))
    fields = {**_ACCOUNT, **mapping.account}
    rows = client.records("companies", [link.id for link in links[:1]], ("name", *fields.values()))
    if not rows:
        return Account("", "")
    row, name = rows[0], rows[0].text("name")
    known = {attribute: row.text(field) for attribute, field in fields.items()}
    known["legal_name"] = known.get("legal_name") or name
    return Account(id=row.id, name=name, **known)


def _contacts(client: HubSpotClient, mapping: CrmMapping, identity: str) -> tuple[Contact, ...]:
    """Return everybody on the deal; roles come from labels of the association and from the buying role."""
    links = client.links("deals", identity, "contacts")
    labels = {link.id: [kind.label or "" for kind in link.types] for link in links}
    rows = client.records("contacts", list(labels), _PERSON)
    return tuple(_contact(row, mapping, labels[row.id]) for row in rows)


def _contact(row: Record, mapping: CrmMapping, labels: list[str]) -> Contact:
    given = (*labels, *row.text("hs_buying_role").split(";"))
    roles = dict.fromkeys(str(mapping.roles[one]) for one in given if one in mapping.roles)
    name = f"{row.text('firstname')} {row.text('lastname')}".strip() or row.text("email")
    return Contact(name, row.text("email"), row.text("jobtitle"), tuple(roles), SOURCE)


def _lines(client: HubSpotClient, identity: str, currency: str) -> tuple[DealLine, ...]:
    links = client.links("deals", identity, "line_items")
    rows = client.records("line_items", [link.id for link in links], _LINE)
    ordered = sorted(rows, key=lambda row: number(row, "hs_position_on_quote") or 0)
    return tuple(DealLine(row.text("name"), number(row, "quantity"), money(row, "price", currency)) for row in ordered)


def _is_primary(link: Link) -> bool:
    return any(kind.id == _PRIMARY for kind in link.types)


def _name(owner: Owner | None) -> str:
    return f"{owner.first or ''} {owner.last or ''}".strip() if owner else ""
