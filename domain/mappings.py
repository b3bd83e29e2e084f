"""How a team's own CRM and work tool name things; read from `crm.yaml` and `work.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.deals import Role
from domain.handoff import DealType
from domain.invoices import Direction


@dataclass(frozen=True, slots=True)
class CrmMapping:
    """Hold the names of a CRM's fields.

    `facts` maps a brief field to a field of the deal; `account` maps an attribute of
    `domain.deals.Account` to a field of the account or company; `roles` maps the CRM's own
    contact role to ours, `types` its kinds of deal; `renewal` maps an attribute of `RenewalDates` to a field of the deal,
    `answers` a line of the brief to the field that takes what rep or customer answered.
    An empty `won_stage` takes the CRM's own won stage. `key_field` is the unique field that
    carries our key on tasks, `document_field` the deal's field with the e-sign document id.
    Amounts are read only where `currency_field` or else `currency` says in which currency.
    """

    key_field: str
    won_stage: str = ""
    document_field: str = ""
    type_field: str = ""
    term_months_field: str = ""
    start_field: str = ""
    closed_note_field: str = ""
    currency_field: str = ""
    currency: str = ""
    types: Mapping[str, DealType] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    account: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    renewal: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def deal_type(self, text: str) -> str:
        """Return what the CRM's kind of deal means to us; a kind nobody mapped is left as it is."""
        known = {name.casefold(): str(kind) for name, kind in self.types.items()}
        plain = text.strip().casefold()
        return known.get(plain) or (plain if plain in set(DealType) else text.strip())


@dataclass(frozen=True, slots=True)
class WorkMapping:
    """Hold the names of a work tool's things.

    `templates` maps one of our onboarding templates to the vendor's own project template;
    `roles` maps one of our roles to the role in that template, by id or by name; `people` maps an
    e-mail address to the vendor's user id where the vendor cannot be asked; `item_types` maps
    `project`, `task` and `milestone` to the vendor's types. `fields` maps the same three words to
    the values of the vendor's custom fields, by field id; texts may hold `{key}`, `{name}`,
    `{start}` and `{due}`.
    """

    templates: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    item_types: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def custom(self, kind: str, **facts: str) -> dict[str, object]:
        """Return the custom fields of a `project`, `task` or `milestone`, with the facts filled in.

        A milestone without an entry of its own takes the values of a task.
        """
        chosen = self.fields.get(kind, self.fields.get("task", {}) if kind == "milestone" else {})
        return {name: _filled(value, facts) for name, value in chosen.items()}


def _filled(value: object, facts: Mapping[str, str]) -> object:
    """Return a value with `{name}` replaced by that fact, at any depth; other braces stay as they are."""
    if isinstance(value, str):
        return re.sub(r"{(\w+)}", lambda found: facts.get(found[1], found[0]), value)
    if isinstance(value, Mapping):
        return {name: _filled(inner, facts) for name, inner in value.items()}
    return [_filled(inner, facts) for inner in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class BillingMapping:
    """Hold how a billing source is to be read.

    `zone` is where the source's days begin; `order_field` and `contract_field` name its fields
    with our purchase order and contract number; `currency` stands where it names none; `since` is
    the first day of a first read; `direction` says who pays for files; `ours` are names of our own
    company in files, which decide the direction where they stand.
    """

    zone: str = "UTC"
    order_field: str = ""
    contract_field: str = ""
    currency: str = "USD"
    since: date | None = None
    direction: Direction = Direction.PAYABLE
    ours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UptimeMapping:
    """Hold how outages are found: `services` maps ours to a status page's components, `queries` to a query.

    A sample below `threshold` is down; samples are asked every `step_seconds`; in files a silence
    longer than `max_gap_minutes` is unknown, unless that is 0; `zone` is theirs.
    """

    services: Mapping[str, str] = field(default_factory=dict)
    queries: Mapping[str, str] = field(default_factory=dict)
    step_seconds: int = 60
    threshold: Decimal = Decimal(1)
    zone: str = "UTC"
    max_gap_minutes: int = 0
