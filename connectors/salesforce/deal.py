"""Read an opportunity with everything around it as a deal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.salesforce.client import Record, SalesforceClient, literal
from domain.deals import Account, Contact, Deal, DealLine, Fact, Promise, Stage
from domain.errors import Permanent
from domain.mappings import CrmMapping
from domain.money import Money
from domain.periods import Period, Unit

SOURCE = "Salesforce"
_OPPORTUNITY = ("Id", "Name", "StageName", "IsWon", "IsClosed", "CloseDate", "Amount", "Type", "LastModifiedDate")
_ACCOUNT = {"industry": "Industry", "country": "BillingCountry", "size": "NumberOfEmployees"}
PROMISES = "promises"


def read_deal(client: SalesforceClient, mapping: CrmMapping, identity: str) -> Deal | None:
    """Return the deal of an opportunity id; `None` when there is none that the user may see."""
    found = client.query(f"SELECT {', '.join(_fields(mapping))} FROM Opportunity WHERE Id = {literal(identity)}")
    if not found:
        return None
    row = found[0]
    currency = str(row.get(mapping.currency_field) or mapping.currency) if mapping.currency_field else mapping.currency
    owner, custom = row.get("Owner") or {}, mapping.facts
    updated = _day(row.get("LastModifiedDate"))
    return Deal(
        id=str(row["Id"]),
        name=str(row["Name"]),
        stage=stage(row),
        account=_account(row.get("Account") or {}, mapping),
        type=mapping.deal_type(_text(row, mapping.type_field or "Type")),
        url=f"{client.web}/{row['Id']}",
        rep_name=_text(owner, "Name"),
        rep_email=_text(owner, "Email"),
        amount=_money(row.get("Amount"), currency),
        term=_months(row.get(mapping.term_months_field)),
        start=_day(row.get(mapping.start_field)),
        contacts=_contacts(client, mapping, identity),
        lines=_lines(client, identity, currency),
        facts={
            key: Fact(_text(row, name), f"{SOURCE} {name}", updated)
            for key, name in custom.items()
            if key != PROMISES and _text(row, name)
        },
        promises=tuple(
            Promise(line.strip(" -*•\t"), _text(owner, "Name"), "", f"{SOURCE} {custom[PROMISES]}")
            for line in _text(row, custom.get(PROMISES, "")).splitlines()
            if line.strip(" -*•\t")
        ),
    )


def stage(row: Record) -> Stage:
    """Return where an opportunity stands; labels are the admin's, the two flags are Salesforce's."""
    if row.get("IsWon"):
        return Stage.WON
    return Stage.LOST if row.get("IsClosed") else Stage.OPEN


def _fields(mapping: CrmMapping) -> list[str]:
    extra = (
        mapping.type_field,
        mapping.term_months_field,
        mapping.start_field,
        mapping.currency_field,
        *mapping.facts.values(),
    )
    account = [f"Account.{name}" for name in ("Id", "Name", *{**_ACCOUNT, **mapping.account}.values())]
    return list(dict.fromkeys([*_OPPORTUNITY, "Owner.Name", "Owner.Email", *account, *filter(None, extra)]))


def _account(row: Record, mapping: CrmMapping) -> Account:
    known = {name: _text(row, field) for name, field in {**_ACCOUNT, **mapping.account}.items()}
    name = _text(row, "Name")
    known["legal_name"] = known.get("legal_name") or name
    return Account(id=_text(row, "Id"), name=name, **known)


def _contacts(client: SalesforceClient, mapping: CrmMapping, identity: str) -> tuple[Contact, ...]:
    """Return everybody with a role on the opportunity; several roles of one person are joined."""
    rows = client.query(
        "SELECT Role, IsPrimary, Contact.Name, Contact.Email, Contact.Title FROM OpportunityContactRole"
        f" WHERE OpportunityId = {literal(identity)} ORDER BY IsPrimary DESC"
    )
    found: dict[str, Contact] = {}
    for row in rows:
        person, role = row.get("Contact") or {}, mapping.roles.get(_text(row, "Role"))
        name, email = _text(person, "Name"), _text(person, "Email")
        before = found.get(email or name)
        roles = (*(before.roles if before else ()), *((str(role),) if role else ()))
        found[email or name] = Contact(name, email, _text(person, "Title"), tuple(dict.fromkeys(roles)), SOURCE)
    return tuple(found.values())


def _lines(client: SalesforceClient, identity: str, currency: str) -> tuple[DealLine, ...]:
    rows = client.query(
        "SELECT Product2.Name, Quantity, UnitPrice FROM OpportunityLineItem"
        f" WHERE OpportunityId = {literal(identity)} ORDER BY SortOrder, Id"
    )
    return tuple(
        DealLine(
            _text(row.get("Product2") or {}, "Name"),
            _number(row.get("Quantity")),
            _money(row.get("UnitPrice"), currency),
        )
        for row in rows
    )


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field) if field else None
    return "" if value is None else str(value)


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _money(value: object, currency: str) -> Money | None:
    """Return an amount; without a known currency there is none."""
    return None if value is None or not currency else Money(Decimal(str(value)), currency)


def _months(value: object) -> Period | None:
    if not value:
        return None
    try:
        months = Decimal(str(value))
    except InvalidOperation:
        months = Decimal("0.5")
    if months != int(months):
        raise Permanent(
            f"The deal's term is {str(value)[:40]!r} in Salesforce",
            why="the field named by term_months_field holds no whole number of months",
            fix="correct the deal, or name another field in config/crm.yaml",
        )
    return Period(int(months), Unit.MONTH)


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None
