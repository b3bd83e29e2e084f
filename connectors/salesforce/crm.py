"""Salesforce in the CRM role."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any

from connectors.salesforce.client import SalesforceClient, literal
from connectors.salesforce.deal import read_deal, stage
from connectors.salesforce.errors import DUPLICATE, Refusal
from domain.comparison import normal_name
from domain.deals import Deal, Stage
from domain.errors import Permanent, Transient
from domain.mappings import CrmMapping
from domain.ports import Attachment, ClosedWon, CrmTask, DealQuery, Health, Reference, RenewalDates

_LARGEST = 35 * 1024 * 1024  # base64 makes it 47 MB; Salesforce takes 50
_NEARLY = 0.9
_MANY = 2000


class SalesforceCrm:
    """Read opportunities and write the few things the handoff owes them."""

    def __init__(self, client: SalesforceClient, mapping: CrmMapping) -> None:
        self._client = client
        self._mapping = mapping

    def find_deal(self, query: DealQuery) -> Deal | None:
        """Return the opportunity by id, by signed document, or of an account with exactly one."""
        identity = query.deal_id or self._by_document(query.document) or self._by_customer(query.customer)
        if not (identity.isalnum() and len(identity) in {15, 18}):
            return None
        return read_deal(self._client, self._mapping, identity)

    def close_won(self, facts: ClosedWon, *, key: str) -> Reference:
        """Set the opportunity to the won stage; a won one is left alone, a lost one never reopened."""
        del key  # absolute: repeating it changes nothing
        row = self._opportunity(facts.deal_id, "StageName, IsWon, IsClosed")
        if stage(row) is Stage.LOST:
            raise Permanent(
                f"Opportunity {facts.deal_id} is closed as lost in Salesforce",
                why="the paper is signed, but a person closed the deal as lost",
                fix="reopen the opportunity in Salesforce, then press Retry",
            )
        if stage(row) is Stage.OPEN:
            values = {"StageName": self._won_stage(), "CloseDate": facts.closed_on.isoformat()}
            if self._mapping.closed_note_field and facts.note:
                values[self._mapping.closed_note_field] = facts.note
            self._client.update("Opportunity", facts.deal_id, values)
        return self._reference(facts.deal_id)

    def write_renewal(self, dates: RenewalDates, *, key: str) -> Reference:
        """Set the mapped renewal fields that differ."""
        del key
        wanted = {field: _plain(getattr(dates, name)) for name, field in self._mapping.renewal.items()}
        wanted = {field: value for field, value in wanted.items() if value is not None}
        if wanted:
            row = self._opportunity(dates.deal_id, ", ".join(wanted))
            changed = {field: value for field, value in wanted.items() if not _same(row.get(field), value)}
            if changed:
                self._client.update("Opportunity", dates.deal_id, changed)
        return self._reference(dates.deal_id)

    def write_answers(self, deal_id: str, answers: Mapping[str, str], *, key: str) -> Reference:
        """Fill the mapped fields that are empty; what a person wrote there stays."""
        del key
        wanted = {field: answers[name] for name, field in self._mapping.answers.items() if answers.get(name)}
        if wanted:
            row = self._opportunity(deal_id, ", ".join(dict.fromkeys(wanted)))
            empty = {field: value for field, value in wanted.items() if row.get(field) in {None, ""}}
            if empty:
                self._client.update("Opportunity", deal_id, empty)
        return self._reference(deal_id)

    def find_task(self, key: str) -> Reference | None:
        """Return the task that carries the key in the unique field."""
        found = self._client.by_key("Task", self._mapping.key_field, key)
        return self._reference(str(found["Id"])) if found else None

    def create_task(self, task: CrmTask, *, key: str) -> Reference:
        """Create the task, or bring the one with this key up to date: Salesforce upserts by the unique field."""
        values = {
            "Subject": task.subject[:255],
            "Description": task.body[:32000],
            "ActivityDate": task.due.date().isoformat(),
            "WhatId": task.deal_id,
            **self._owner(task.owner_email),
        }
        return self._reference(self._client.upsert("Task", self._mapping.key_field, key, values))

    def find_file(self, deal_id: str, key: str) -> Reference | None:
        """Return the file that carries the key in the unique field."""
        del deal_id
        field = self._mapping.key_field
        rows = self._client.query(
            f"SELECT ContentDocumentId FROM ContentVersion WHERE {field} = {literal(key)} LIMIT 1"
        )
        return self._reference(str(rows[0]["ContentDocumentId"])) if rows else None

    def attach_file(self, deal_id: str, file: Attachment, *, key: str) -> Reference:
        """Create the file on the opportunity; the unique field keeps a second one out."""
        if len(file.content) > _LARGEST:
            raise Permanent(
                f"{file.name} is too large for Salesforce",
                why=f"{len(file.content) // 2**20} MiB; its API takes {_LARGEST // 2**20} MiB in one request",
                fix="attach it by hand, then `aftersign effects resolve` the step's effect",
            )
        values = {
            "Title": (file.title or file.name)[:255],
            "PathOnClient": file.name[:500],
            "VersionData": base64.b64encode(file.content).decode(),
            "FirstPublishLocationId": deal_id,
            self._mapping.key_field: key,
        }
        try:
            self._client.create("ContentVersion", values)
        except Refusal as error:
            if error.code != DUPLICATE:
                raise
        found = self.find_file(deal_id, key)
        if found is None:
            raise Transient(f"{file.name} was taken by Salesforce and is not listed yet", retry_after=10)
        return found

    def check(self) -> Health:
        """Name the org, and every field that is mapped and does not exist or may not be written."""
        org = self._client.query("SELECT Name, OrganizationType, IsSandbox FROM Organization LIMIT 1")[0]
        limit = self._client.limits().get("DailyApiRequests") or {}
        kind = "sandbox" if org.get("IsSandbox") else str(org.get("OrganizationType") or "")
        return Health(f"{org['Name']} ({kind})", tuple(self._missing()), tuple(_used_up(limit)))

    def _missing(self) -> list[str]:
        mapping, key = self._mapping, self._mapping.key_field
        found = []
        for kind in ("Task", "ContentVersion"):
            field = self._client.fields(kind).get(key)
            if field is None:
                found.append(f"create the text field {key} on {kind} (255, unique, external id) and give access to it")
            elif not (field.get("unique") and field.get("externalId")):
                found.append(
                    f"make the field {key} on {kind} unique and an external id: without it nothing is found again"
                )
        accounts = self._client.fields("Account")
        for name in dict.fromkeys(mapping.account.values()):
            if name not in accounts:
                found.append(f"the account field {name} of config/crm.yaml does not exist, or access is missing")
        known = self._client.fields("Opportunity")
        reads = (
            mapping.currency_field,
            mapping.document_field,
            mapping.type_field,
            mapping.term_months_field,
            mapping.start_field,
            *mapping.facts.values(),
        )
        written = (*mapping.renewal.values(), *mapping.answers.values(), mapping.closed_note_field)
        for name in dict.fromkeys(filter(None, (*reads, *written))):
            if name not in known:
                found.append(f"the opportunity field {name} of config/crm.yaml does not exist, or access is missing")
        for name in dict.fromkeys(filter(None, ("StageName", "CloseDate", *written))):
            if name in known and not known[name].get("updateable"):
                found.append(f"give edit access to the opportunity field {name}")
        return found

    def _by_document(self, document: str) -> str:
        field = self._mapping.document_field
        if not field or not document:
            return ""
        rows = self._client.query(f"SELECT Id FROM Opportunity WHERE {field} = {literal(document)} LIMIT 2")
        return str(rows[0]["Id"]) if len(rows) == 1 else ""

    def _by_customer(self, customer: str) -> str:
        """Return the only open opportunity of the only account with that name, else its only recent one."""
        normal = normal_name(customer)
        begin = "".join(takewhile(str.isalnum, customer.strip()))  # as it is written, for LIKE
        if not normal or not begin:
            return ""
        accounts = self._client.query(
            f"SELECT Id, Name FROM Account WHERE Name LIKE {literal(begin + '%')} LIMIT {_MANY}"
        )
        if len(accounts) == _MANY:  # another account of that name may be beyond them
            return ""
        found = [row for row in accounts if normal_name(str(row["Name"])) == normal]
        if len(found) != 1:
            return ""
        rows = self._client.query(
            f"SELECT Id, IsClosed FROM Opportunity WHERE AccountId = {literal(str(found[0]['Id']))}"
            " AND (IsClosed = false OR (IsWon = true AND CloseDate = LAST_N_DAYS:30)) LIMIT 20"
        )
        candidates = [row for row in rows if not row.get("IsClosed")] or rows
        return str(candidates[0]["Id"]) if len(candidates) == 1 else ""

    def _opportunity(self, identity: str, fields: str) -> Mapping[str, Any]:
        rows = self._client.query(f"SELECT Id, {fields} FROM Opportunity WHERE Id = {literal(identity)}")
        if not rows:
            raise Permanent(
                f"There is no opportunity {identity} in Salesforce",
                why="it was deleted, or the integration user may not see it",
                fix="restore it or give access, then press Retry",
            )
        return rows[0]

    def _won_stage(self) -> str:
        if self._mapping.won_stage:
            return self._mapping.won_stage
        rows = self._client.query(
            "SELECT ApiName FROM OpportunityStage WHERE IsWon = true AND IsActive = true ORDER BY SortOrder LIMIT 1"
        )
        if not rows:
            raise Permanent("Salesforce has no active won stage", fix="name one as won_stage in config/crm.yaml")
        return str(rows[0]["ApiName"])

    def _owner(self, email: str) -> dict[str, str]:
        """Return the owner; somebody without an active user leaves the task with the integration user."""
        rows = self._client.query(f"SELECT Id FROM User WHERE Email = {literal(email)} AND IsActive = true LIMIT 2")
        return {"OwnerId": str(rows[0]["Id"])} if len(rows) == 1 else {}

    def _reference(self, identity: str) -> Reference:
        return Reference(identity, f"{self._client.web}/{identity}")


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value.amount) if value is not None and hasattr(value, "amount") else value


def _same(held: object, wanted: object) -> bool:
    """Tell whether a field holds a value already, whatever its number of decimals."""
    if isinstance(held, int | float | Decimal) and not isinstance(held, bool):
        return Decimal(str(held)) == Decimal(str(wanted))
    return held is not None and str(held) == str(wanted)


def _used_up(limit: Mapping[str, Any]) -> list[str]:
    most, left = int(limit.get("Max") or 0), int(limit.get("Remaining") or 0)
    if not most or left > most * (1 - _NEARLY):
        return []
    return [f"{most - left} of {most} API requests of these 24 hours are used up"]
