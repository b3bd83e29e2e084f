"""A small HubSpot behind its own contract: objects, associations, unique properties, and its silences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors import http
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.crm import HubSpotCrm
from domain.deals import Role
from domain.mappings import CrmMapping
from tests.contracts.server import Answer, Call, ContractServer, Handler

DEAL, COMPANY, OWNER, LEA, DEE, MAX = "9001", "7001", "31", "32", "501", "502"
PORTAL = "62515"
KEY = "aftersign_key"
O = "/crm/objects/2026-09"  # noqa: E741 - it stands in every line below
TASK, NOTE = f"POST {O}/tasks/batch/upsert", f"POST {O}/notes/batch/upsert"
ATTACH = NOTE
UPLOAD = "POST /files/2026-03/files"
READ, CLOSE = f"GET {O}/deals/{{dealId}}", f"PATCH {O}/deals/{{dealId}}"
HANG_TASK = f"PUT {O}/tasks/{{fromId}}/associations/default/deals/{{toId}}"
HANG_NOTE = f"PUT {O}/notes/{{fromId}}/associations/default/deals/{{toId}}"
FIND_DEALS, FIND_COMPANIES = f"POST {O}/deals/search", f"POST {O}/companies/search"
ACCOUNT, PROPERTIES = "GET /account-info/2026-03/details", "GET /crm/properties/2026-09/{objectType}"
STAMP = "2026-11-20T09:00:00.000Z"
NOW = 1795392000.0  # 2026-11-23
MAPPING = CrmMapping(
    KEY,
    document_field="document_id",
    facts={"primary_goal": "goal", "promises": "promises"},
    account={"tier": "tier"},
    roles={"DECISION_MAKER": Role.ECONOMIC_BUYER, "Champion": Role.CHAMPION},
    renewal={"ends_on": "ends", "notice_deadline": "notice", "auto_renews": "auto", "value": "renewal_value"},
    currency="EUR",
)
Row = dict[str, Any]


def objects() -> dict[str, dict[str, Row]]:
    """Return the account's objects: kind, id, properties."""
    deal = {
        "dealname": "Vela: Insight", "dealstage": "talking", "pipeline": "sales", "amount": "96000.50", "dealtype": "newbusiness",
        "hubspot_owner_id": OWNER, "hs_lastmodifieddate": STAMP, "closedate": "2026-12-31T00:00:00Z", "document_id": "doc-1",
        "goal": "See churn early", "promises": "- Onboarding in June\n- A named engineer", "ends": None, "notice": None,
        "auto": None, "renewal_value": None, "closing_note": None, "deal_currency_code": "USD", "months": "24",
    }  # fmt: skip
    vela = {
        "name": "Vela Optics Ltd",
        "industry": "OPTICS",
        "country": "DE",
        "numberofemployees": "250",
        "tier": "enterprise",
    }
    dee = {
        "firstname": "Dee", "lastname": "Poe", "email": "dee@vela.example", "jobtitle": "CFO",
        "hs_buying_role": "DECISION_MAKER;OTHER",
    }  # fmt: skip
    return {
        "deals": {DEAL: deal},
        "companies": {"7000": {**vela, "name": "Partner GmbH"}, COMPANY: vela},
        "contacts": {DEE: dee, MAX: {"firstname": "Max", "lastname": None, "email": "max@vela.example"}},
        "line_items": {
            "802": {"name": "Onboarding", "quantity": "1", "price": "1500", "hs_position_on_quote": "1"},
            "801": {"name": "Insight", "quantity": "25", "price": "320.01", "hs_position_on_quote": "0"},
        },
        "tasks": {},
        "notes": {},
    }


def links() -> dict[str, dict[str, list[Row]]]:
    """Return who hangs on which deal, and as what."""
    plain: Row = {"category": "HUBSPOT_DEFINED", "typeId": 341, "label": None}
    primary: Row = {"category": "HUBSPOT_DEFINED", "typeId": 5, "label": "Primary"}
    champion: Row = {"category": "USER_DEFINED", "typeId": 77, "label": "Champion"}
    return {
        DEAL: {
            "companies": [
                {"toObjectId": "7000", "associationTypes": [plain]},
                {"toObjectId": COMPANY, "associationTypes": [plain, primary]},
            ],
            "contacts": [
                {"toObjectId": DEE, "associationTypes": [plain, champion]},
                {"toObjectId": MAX, "associationTypes": [plain]},
            ],
            "line_items": [{"toObjectId": one, "associationTypes": [plain]} for one in ("802", "801")],
        }
    }


def stages() -> list[Row]:
    """Return the stages of the only pipeline."""
    rows = [
        ("talking", "Gespräch", "false", "0.4"),
        ("won", "Gewonnen", "true", "1.0"),
        ("lost", "Verloren", "true", "0.0"),
    ]
    return [
        {"id": name, "label": label, "displayOrder": order, "archived": False,
         "metadata": {"isClosed": closed, "probability": chance}}
        for order, (name, label, closed, chance) in enumerate(rows)
    ]  # fmt: skip


@dataclass
class FakeHubSpot:
    """Hold what HubSpot holds; `refusal` is what the next change of a deal is answered."""

    server: ContractServer
    data: dict[str, dict[str, Row]] = field(default_factory=objects)
    links: dict[str, dict[str, list[Row]]] = field(default_factory=links)
    hung: set[tuple[str, str, str]] = field(default_factory=set)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    stages: list[Row] = field(default_factory=stages)
    refusal: Answer | None = None
    writes: list[tuple[str, Row]] = field(default_factory=list)
    page: int = 1

    def __post_init__(self) -> None:
        handlers: dict[str, Handler] = {
            READ: self._deal,
            CLOSE: self._update,
            FIND_DEALS: lambda call: self._search("deals", call),
            FIND_COMPANIES: lambda call: self._search("companies", call),
            "GET /crm/owners/2026-09/{ownerId}": self._owner,
            "GET /crm/owners/2026-09": lambda call: {
                "results": [o for o in owners() if o["email"] == call.query["email"]]
            },
            "GET /crm/pipelines/2026-09/deals": self._pipelines,
            UPLOAD: self._upload,
            ACCOUNT: lambda _: Answer(
                200,
                account(),
                headers={"X-HubSpot-RateLimit-Daily": "1000", "X-HubSpot-RateLimit-Daily-Remaining": "90"},
            ),
            PROPERTIES: self._properties,
        }
        for kind in ("tasks", "notes"):
            handlers[f"POST {O}/{kind}/batch/upsert"] = self._upserting(kind)
            handlers[f"GET {O}/{kind}/{{id}}"] = self._finding(kind)
            handlers[f"PUT {O}/{kind}/{{fromId}}/associations/default/deals/{{toId}}"] = self._hanging(kind)
        for kind in ("contacts", "companies", "line_items"):
            handlers[f"POST {O}/{kind}/batch/read"] = self._reading(kind)
            handlers[f"POST /crm/associations/2026-09/deals/{kind}/batch/read"] = self._linking(kind)
        for name, handler in handlers.items():
            self.server.on(name, handler)

    def crm(self, mapping: CrmMapping = MAPPING, portal_id: str = PORTAL) -> HubSpotCrm:
        """Return the connector as the product builds it."""
        headers = {"Authorization": "Bearer t"}
        endpoint = http.Endpoint("hubspot", self.server.url, headers, http.client(), sleep=lambda _: None)
        return HubSpotCrm(HubSpotClient(endpoint), mapping, portal_id, clock=lambda: NOW)

    def count_tasks(self) -> int:
        """Return how many tasks there are."""
        return len(self.data["tasks"])

    def count_files(self) -> int:
        """Return how many files there are, or notes where these are more."""
        return max(len(self.files), len(self.data["notes"]))

    def count_closings(self) -> int:
        """Return how often a deal was changed to a won stage."""
        return sum(row.get("dealstage") == "won" for kind, row in self.writes if kind == "deals")

    def lose(self) -> None:
        """Let a person close the deal as lost."""
        self.data["deals"][DEAL]["dealstage"] = "lost"

    def forbid(self) -> None:
        """Let an administrator make a property mandatory."""
        detail = {"message": "region is required", "code": "REQUIRED_FIELD", "context": {"propertyName": ["region"]}}
        self.refusal = refused(400, "VALIDATION_ERROR", "Property values were not valid", detail)

    def _deal(self, call: Call) -> Answer:
        row = self.data["deals"].get(call.path["dealId"])
        return Answer(200, self._shown(call.path["dealId"], row, call)) if row else absent()

    def _shown(self, identity: str, row: Row, call: Call) -> Row:
        """Return an object; what is not asked for or does not exist is left out, as HubSpot does."""
        made = record(identity, picked(row, call.query.get("properties", "").split(",")))
        past = [name for name in call.query.get("propertiesWithHistory", "").split(",") if row.get(name)]
        if past:
            change = {"timestamp": "2026-11-02T08:00:00.000Z", "sourceType": "CRM_UI"}
            made["propertiesWithHistory"] = {name: [{"value": row[name], **change}] for name in past}
        return made

    def _update(self, call: Call) -> Answer:
        if self.refusal:
            return self.refusal
        row, values = self.data["deals"][call.path["dealId"]], call.json["properties"]
        if unknown := [name for name in values if name not in row]:
            text = json.dumps([{"isValid": False, "error": "PROPERTY_DOESNT_EXIST", "name": unknown[0]}])
            return refused(400, "VALIDATION_ERROR", f"Property values were not valid: {text}")
        self.writes.append(("deals", values))
        row.update(values)
        return Answer(200, record(call.path["dealId"], row))

    def _search(self, kind: str, call: Call) -> Row:
        groups = [group["filters"] for group in call.json["filterGroups"]]
        rows = [
            (identity, {**row, **self._computed(row, kind)})
            for identity, row in sorted(self.data[kind].items())
            if any(all(self._fits(identity, row, kind, f) for f in group) for group in groups)
        ]
        start = int(call.json["after"])
        some = [record(identity, picked(row, call.json["properties"])) for identity, row in rows]
        more = {"paging": {"next": {"after": str(start + self.page)}}} if len(some) > start + self.page else {}
        return {"total": len(rows), "results": some[start : start + self.page], **more}

    def _computed(self, row: Row, kind: str) -> Row:
        if kind != "deals":
            return {}
        stage = next(s for s in self.stages if s["id"] == row["dealstage"])["metadata"]
        won = "true" if stage["probability"] == "1.0" else "false"
        return {"hs_is_closed": stage["isClosed"], "hs_is_closed_won": won}

    def _fits(self, identity: str, row: Row, kind: str, condition: Row) -> bool:
        name, operator, value = condition["propertyName"], condition["operator"], condition["value"]
        if name == "associations.company":
            return value in [link["toObjectId"] for link in self.links.get(identity, {}).get("companies", [])]
        held = str({**row, **self._computed(row, kind)}.get(name) or "")
        if operator == "CONTAINS_TOKEN":
            return any(word.startswith(value.rstrip("*").casefold()) for word in held.casefold().split())
        if operator == "GTE":
            return milliseconds(held) >= int(str(value))
        return held == str(value)

    def _owner(self, call: Call) -> Answer:
        found = [row for row in owners() if row["id"] == call.path["ownerId"]]
        return Answer(200, found[0]) if found else absent()

    def _pipelines(self, _: Call) -> Row:
        return {
            "results": [
                {"id": "sales", "label": "Vertrieb", "displayOrder": 0, "archived": False, "stages": self.stages}
            ]
        }

    def _reading(self, kind: str) -> Handler:
        def read(call: Call) -> Row:
            wanted = [one["id"] for one in call.json["inputs"] if one["id"] in self.data[kind]]
            return batch(
                [record(one, picked(self.data[kind][one], call.json["properties"])) for one in reversed(wanted)]
            )

        return read

    def _linking(self, kind: str) -> Handler:
        """Answer a page of one association each; a deal without any is told as an error inside 207."""

        def link(call: Call) -> Answer:
            asked = call.json["inputs"][0]
            rows, start = self.links.get(asked["id"], {}).get(kind, []), int(asked.get("after", 0))
            if not rows:
                text = f"No {kind} is associated with deals {asked['id']}."
                return Answer(207, batch([], part_error("OBJECT_NOT_FOUND", text)))
            made: Row = {"from": {"id": asked["id"]}, "to": rows[start : start + 1]}
            if start + 1 < len(rows):
                made["paging"] = {"next": {"after": str(start + 1)}}
            return Answer(200, batch([made]))

        return link

    def _upserting(self, kind: str) -> Handler:
        def upsert(call: Call) -> Row:
            made = [self._upsert(kind, one) for one in call.json["inputs"]]
            return batch(made)

        return upsert

    def _upsert(self, kind: str, given: Row) -> Row:
        field_, key = given["idProperty"], given["id"]
        found = [identity for identity, row in self.data[kind].items() if row.get(field_) == key]
        identity = found[0] if found else f"{len(self.data[kind]) + 1}00{len(kind)}"
        self.writes.append((kind, given["properties"]))
        self.data[kind].setdefault(identity, {field_: key}).update(given["properties"])
        return {**record(identity, self.data[kind][identity]), "new": not found}

    def _finding(self, kind: str) -> Handler:
        def find(call: Call) -> Answer:
            wanted = next(iter(call.path.values()))
            for identity, row in self.data[kind].items():
                if row.get(call.query["idProperty"]) == wanted:
                    hung = [to for which, one, to in sorted(self.hung) if (which, one) == (kind, identity)]
                    near = {"deals": {"results": [{"id": to, "type": f"{kind[:-1]}_to_deal"} for to in hung]}}
                    return Answer(200, {**self._shown(identity, row, call), **({"associations": near} if hung else {})})
            return absent()

        return find

    def _hanging(self, kind: str) -> Handler:
        def hang(call: Call) -> Answer:
            if call.path["toId"] not in self.data["deals"]:
                return absent()
            self.hung.add((kind, call.path["fromId"], call.path["toId"]))
            return Answer(200, batch([]))

        return hang

    def _upload(self, call: Call) -> Answer:
        form = call.form
        place = (form["folderPath"], form["fileName"])
        content = next(data for name, _, data in call.sent.parts() if name == "file")
        options = json.loads(form["options"])
        if place in self.files and not options.get("overwrite"):
            place = (place[0], f"{place[1]} (1)")
        self.files[place] = content
        number = str(4000 + list(self.files).index(place))
        return Answer(201, {"id": number, "access": options["access"], **stamped()})

    def _properties(self, call: Call) -> Row:
        names = {"deals": [*self.data["deals"][DEAL]], "companies": [*self.data["companies"][COMPANY]]}
        kind = call.path["objectType"]
        return {"results": [described(name) for name in names.get(kind, ["hs_timestamp", KEY])]}


def owners() -> Iterator[Row]:
    """Yield the account's users."""
    yield {"id": OWNER, "email": "rafael@lumora.example", "firstName": "Rafael", "lastName": "Ortiz", **stamped()}
    yield {"id": LEA, "email": "lea@lumora.example", "firstName": "Lea", "lastName": "Brandt", **stamped()}


def account() -> Row:
    """Return the account's details."""
    return {
        "portalId": int(PORTAL), "accountType": "SANDBOX", "timeZone": "Europe/Berlin", "companyCurrency": "EUR",
        "additionalCurrencies": [], "utcOffset": "+01:00", "utcOffsetMilliseconds": 3600000,
        "uiDomain": "app-eu1.hubspot.com", "dataHostingLocation": "eu1",
    }  # fmt: skip


def described(name: str, *, unique: bool | None = None, locked: bool = False) -> Row:
    """Return the description of a property."""
    return {
        "name": name, "label": name, "type": "string", "fieldType": "text", "groupName": "g", "description": "",
        "options": [], "hasUniqueValue": name == KEY if unique is None else unique,
        "modificationMetadata": {"archivable": True, "readOnlyDefinition": False, "readOnlyValue": locked},
    }  # fmt: skip


def stamped() -> Row:
    """Return what every object carries."""
    return {"createdAt": STAMP, "updatedAt": STAMP, "archived": False}


def record(identity: str, values: Row) -> Row:
    """Return an object as HubSpot writes it."""
    return {"id": identity, "properties": values, **stamped()}


def picked(row: Row, names: list[str]) -> Row:
    """Return the properties that were asked for and exist."""
    return {name: row[name] for name in names if name in row}


def batch(results: list[Row], *errors: Row) -> Row:
    """Return the answer of a batch."""
    made = {"status": "COMPLETE", "results": results, "startedAt": STAMP, "completedAt": STAMP}
    return {**made, "numErrors": len(errors), "errors": list(errors)} if errors else made


def part_error(category: str, message: str) -> Row:
    """Return an error inside a batch."""
    return {"status": "error", "category": category, "message": message, "context": {}}


def refused(status: int, category: str, message: str, *details: Row) -> Answer:
    """Return an error as HubSpot writes it."""
    body: Row = {"status": "error", "message": message, "correlationId": "c-1", "category": category}
    return Answer(status, {**body, "errors": list(details)} if details else body)


def absent() -> Answer:
    """Return HubSpot's word for nothing there."""
    return refused(404, "OBJECT_NOT_FOUND", "resource not found")


def milliseconds(text: str) -> int:
    """Return a stored moment as HubSpot compares it."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)
