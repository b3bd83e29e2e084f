"""A CRM without an account: deals are rows of the outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.comparison import normal_name
from domain.deals import Account, Contact, Deal, DealLine, Fact, Promise, Stage
from domain.errors import Permanent
from domain.money import Money
from domain.periods import Period
from domain.ports import Attachment, ClosedWon, CrmTask, DealQuery, Health, Outbox, Reference, RenewalDates

_STAGES = {"closed_won": Stage.WON, "closed_lost": Stage.LOST}


class ConsoleCrm:
    """Play a CRM on the outbox; deals are imported with `aftersign demo` or `crm import`."""

    def __init__(self, outbox: Outbox, public_url: str) -> None:
        self._outbox = outbox
        self._public_url = public_url

    def find_deal(self, query: DealQuery) -> Deal | None:
        """Return the deal by id, by signed document, or by an unambiguous customer name."""
        if query.deal_id:
            row = self._outbox.get("crm", "deal", query.deal_id)
            return read_deal(row) if row else None
        rows = [row for _, row in self._outbox.find("crm", "deal")]
        for fits in (
            lambda row: query.document and row.get("document") == query.document,
            lambda row: query.customer and _same_customer(row, query.customer),
        ):
            found = [row for row in rows if fits(row)]
            if len(found) == 1:
                return read_deal(found[0])
        return None

    def close_won(self, facts: ClosedWon, *, key: str) -> Reference:
        """Set the deal to won; a lost deal is never reopened by a machine."""
        row = self._outbox.get("crm", "deal", facts.deal_id)
        if row is None:
            raise Permanent(f"There is no deal {facts.deal_id} in the CRM", fix="import it with `aftersign crm import`")
        stage = _STAGES.get(str(row.get("stage")), Stage.OPEN)
        if stage is Stage.LOST:
            raise Permanent(
                f"Deal {facts.deal_id} is closed as lost in the CRM",
                why="the paper is signed, but a person closed the deal as lost",
                fix="reopen the deal in the CRM, then press Retry",
            )
        won = {
            "stage": "closed_won",
            "closed_on": row.get("closed_on") or facts.closed_on.isoformat(),
            "contract_id": facts.contract_id,
            "document_sha256": facts.document_sha256,
            "document_url": facts.document_url,
            "handoff_key": key,
        }
        if facts.note:
            won["handoff_note"] = facts.note
        if stage is not Stage.WON or any(row.get(name) != value for name, value in won.items()):
            self._outbox.put("crm", "deal", facts.deal_id, {**row, **won})
        return Reference(facts.deal_id, f"{self._public_url}/outbox/crm/{facts.deal_id}")

    def write_renewal(self, dates: RenewalDates, *, key: str) -> Reference:
        """Put the renewal dates on the deal; equal is a no-op."""
        row = self._outbox.get("crm", "deal", dates.deal_id)
        if row is None:
            raise Permanent(f"There is no deal {dates.deal_id} in the CRM", fix="import it with `aftersign crm import`")
        known = {
            "starts_on": dates.starts_on,
            "ends_on": dates.ends_on,
            "notice_deadline": dates.notice_deadline,
            "decide_by": dates.decide_by,
            "auto_renews": dates.auto_renews,
            "value": dates.value.display() if dates.value else None,
        }
        told = {name: v.isoformat() if isinstance(v, date) else v for name, v in known.items() if v is not None}
        before = row.get("renewal")
        merged = {**(before if isinstance(before, Mapping) else {}), **told}
        if before != merged:
            self._outbox.put("crm", "deal", dates.deal_id, {**row, "renewal": merged, "renewal_key": key})
        return Reference(dates.deal_id, f"{self._public_url}/outbox/crm/{dates.deal_id}")

    def write_answers(self, deal_id: str, answers: Mapping[str, str], *, key: str) -> Reference:
        """Put answers on the deal where it has none yet."""
        row = self._outbox.get("crm", "deal", deal_id)
        if row is None:
            raise Permanent(f"There is no deal {deal_id} in the CRM", fix="import it with `aftersign crm import`")
        before = row.get("answers")
        held = dict(before) if isinstance(before, Mapping) else {}
        merged = {**answers, **{name: value for name, value in held.items() if value}}
        if held != merged:
            self._outbox.put("crm", "deal", deal_id, {**row, "answers": merged, "answers_key": key})
        return Reference(deal_id, f"{self._public_url}/outbox/crm/{deal_id}")

    def find_file(self, deal_id: str, key: str) -> Reference | None:
        """Return the file under that key."""
        del deal_id
        return Reference(key, f"{self._public_url}/outbox") if self._outbox.get("crm", "file", key) else None

    def attach_file(self, deal_id: str, file: Attachment, *, key: str) -> Reference:
        """Store what the file is, not its bytes: the vault has them."""
        body = {
            "deal_id": deal_id,
            "name": file.name,
            "title": file.title,
            "bytes": len(file.content),
            "sha256": hashlib.sha256(file.content).hexdigest(),
        }
        return Reference(key, f"{self._public_url}/outbox/{self._outbox.put('crm', 'file', key, body)}")

    def check(self) -> Health:
        """Count the deals."""
        return Health(f"{len(self._outbox.find('crm', 'deal'))} deals in the outbox")

    def find_task(self, key: str) -> Reference | None:
        """Return the task under that key."""
        return Reference(key, f"{self._public_url}/outbox") if self._outbox.get("crm", "task", key) else None

    def create_task(self, task: CrmTask, *, key: str) -> Reference:
        """Store the task."""
        body = {
            "deal_id": task.deal_id,
            "owner": task.owner_email,
            "subject": task.subject,
            "body": task.body,
            "due": task.due.isoformat(),
        }
        identity = self._outbox.put("crm", "task", key, body)
        return Reference(key, f"{self._public_url}/outbox/{identity}")


def read_deal(row: Mapping[str, Any]) -> Deal:
    """Turn a console CRM row (the shape of samples/crm.yaml) into a deal."""
    account, owner = row.get("account") or {}, row.get("owner") or {}
    names = set(Account.__slots__)
    source = f"CRM deal {row['id']}"
    return Deal(
        id=str(row["id"]),
        name=str(row.get("name", "")),
        stage=_STAGES.get(str(row.get("stage")), Stage.OPEN),
        account=Account(**{k: str(v) for k, v in account.items() if k in names and v is not None}),
        type=str(row.get("type") or ""),
        url=str(row.get("url") or ""),
        rep_name=str(owner.get("name", "")),
        rep_email=str(owner.get("email", "")),
        amount=Money.parse(row["amount"]) if row.get("amount") else None,
        term=Period.parse(row["term"]) if row.get("term") else None,
        start=_day(row.get("start")),
        contacts=tuple(
            Contact(c.get("name", ""), c.get("email", ""), c.get("title", "") or "", tuple(c.get("roles", ())), source)
            for c in row.get("contacts") or ()
        ),
        lines=tuple(_line(line) for line in row.get("lines") or ()),
        facts={
            key: Fact(str(value["value"]), source, _day(value.get("updated")))
            for key, value in (row.get("fields") or {}).items()
            if value and value.get("value")
        },
        promises=tuple(
            Promise(p["text"], p.get("who", ""), str(p.get("when", "")), p.get("source", "") or source)
            for p in row.get("promises") or ()
        ),
    )


def _line(row: Mapping[str, Any]) -> DealLine:
    quantity, price = row.get("quantity"), row.get("unit_price")
    return DealLine(
        str(row["product"]),
        Decimal(str(quantity)) if quantity is not None else None,
        Money.parse(str(price)) if price else None,
    )


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _same_customer(row: Mapping[str, Any], customer: str) -> bool:
    account = row.get("account") or {}
    names = {normal_name(str(account.get(name) or "")) for name in ("legal_name", "name")}
    return normal_name(customer) in names - {""}
