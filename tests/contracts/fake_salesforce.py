"""A small Salesforce behind its own contract: a few tables, SOQL as far as we speak it, unique fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from connectors import http
from connectors.oauth import TokenAuth
from connectors.salesforce.auth import client_credentials
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.crm import SalesforceCrm
from domain.deals import Role
from domain.mappings import CrmMapping
from tests.contracts.server import Answer, Call, ContractServer

DEAL, ACCOUNT, LEA = "006000000000001AAA", "001000000000001AAA", "005000000000001AAA"
KEY = "Aftersign_Key__c"
TASK = "PATCH /sobjects/Task/{field}/{key}"
CLOSE = "PATCH /sobjects/Opportunity/{id}"
ATTACH = "POST /sobjects/ContentVersion"
QUERY = "GET /query"
DESCRIBED = ("Opportunity", "Account", "Task", "ContentVersion")
TOKEN = "POST /services/oauth2/token"
MAPPING = CrmMapping(
    KEY,
    document_field="Document__c",
    facts={"primary_goal": "Goal__c", "promises": "Promises__c"},
    account={"tier": "Tier__c"},
    roles={"Economic Buyer": Role.ECONOMIC_BUYER, "Champion": Role.CHAMPION},
    renewal={"ends_on": "Ends__c", "notice_deadline": "Notice__c", "auto_renews": "Auto__c"},
    currency="EUR",
)
Row = dict[str, Any]


def tables() -> dict[str, list[Row]]:
    """Return the org's data."""
    owner = {"Name": "Rafael Ortiz", "Email": "rafael.ortiz@lumora.example"}
    account = {
        "Id": ACCOUNT, "Name": "Vela Optics Ltd", "Industry": "Optics", "BillingCountry": "DE",
        "NumberOfEmployees": 250, "Tier__c": "enterprise",
    }  # fmt: skip
    deal = {
        "Id": DEAL, "Name": "Vela: Insight", "StageName": "Negotiation", "IsWon": False, "IsClosed": False,
        "CloseDate": "2026-12-31", "Amount": 96000.50, "Type": "New", "LastModifiedDate": "2026-11-20T09:00:00.000+0000",
        "Owner": owner, "Account": account, "AccountId": ACCOUNT, "Document__c": "doc-1", "Goal__c": "See churn early",
        "Promises__c": "- Onboarding in June\n- A named engineer", "Ends__c": None, "Notice__c": None, "Auto__c": False,
    }  # fmt: skip
    people = [
        {"Role": "Economic Buyer", "IsPrimary": True, "OpportunityId": DEAL,
         "Contact": {"Name": "Dee Poe", "Email": "dee@vela.example", "Title": "CFO"}},
        {"Role": "Champion", "IsPrimary": False, "OpportunityId": DEAL,
         "Contact": {"Name": "Dee Poe", "Email": "dee@vela.example", "Title": "CFO"}},
    ]  # fmt: skip
    return {
        "Opportunity": [deal],
        "Account": [account],
        "OpportunityContactRole": people,
        "OpportunityLineItem": [
            {"Product2": {"Name": "Insight"}, "Quantity": 25.0, "UnitPrice": 320.01, "OpportunityId": DEAL}
        ],
        "OpportunityStage": [{"ApiName": "Closed Won", "IsWon": True, "IsActive": True}],
        "User": [{"Id": LEA, "Email": "lea@lumora.example", "IsActive": True}],
        "Organization": [{"Name": "Lumora", "OrganizationType": "Enterprise Edition", "IsSandbox": False}],
        "Task": [],
        "ContentVersion": [],
    }


@dataclass
class FakeSalesforce:
    """Hold what Salesforce holds; `refusal` is what the next write is answered."""

    server: ContractServer
    data: dict[str, list[Row]] = field(default_factory=tables)
    refusal: Row | None = None
    unique: bool = True
    writes: list[tuple[str, Row]] = field(default_factory=list)
    tokens: int = 0
    page: int = 1

    def __post_init__(self) -> None:
        for name, handler in {
            QUERY: self.query,
            "GET /query/{locator}": self.more,
            TASK: self.upsert,
            "GET /sobjects/Task/{field}/{key}": self.by_key,
            CLOSE: self.update,
            ATTACH: self.attach,
            **{f"GET /sobjects/{kind}/describe": self.describe for kind in DESCRIBED},
            "GET /limits": lambda _: {"DailyApiRequests": {"Max": 100, "Remaining": 3}},
            TOKEN: self.token,
        }.items():
            self.server.on(name, handler)

    def crm(self, mapping: CrmMapping = MAPPING, timeout: float = 5.0) -> SalesforceCrm:
        """Return the connector as the product builds it."""
        login = http.Endpoint("salesforce", self.server.root, {}, http.client(timeout=timeout))
        auth = TokenAuth(lambda: client_credentials(login, "id", "secret"))
        endpoint = http.Endpoint("salesforce", self.server.root, {}, http.client(auth, timeout), sleep=_never)
        return SalesforceCrm(SalesforceClient(endpoint, "66.0"), mapping)

    def token(self, _: Call) -> Row:
        """Grant a token."""
        self.tokens += 1
        return {"access_token": f"t{self.tokens}", "token_type": "Bearer"}

    def query(self, call: Call) -> Any:
        """Answer SOQL; a field that nobody has is refused as Salesforce does."""
        rows = self._select(call.query["q"])
        if isinstance(rows, Answer):
            return rows
        first, rest = rows[: self.page], rows[self.page :]
        body: Row = {"totalSize": len(rows), "done": not rest, "records": first}
        if rest:
            self._rest = rest
            body["nextRecordsUrl"] = "/services/data/v66.0/query/01g-1"
        return body

    def more(self, _: Call) -> Row:
        """Answer the second page."""
        return {"totalSize": 0, "done": True, "records": self._rest}

    def _select(self, soql: str) -> list[Row] | Answer:
        found = re.fullmatch(r"SELECT (.+?) FROM (\w+)(?: WHERE (.+?))?(?: ORDER BY .+?)?(?: LIMIT (\d+))?", soql)
        assert found, soql
        names, table, where, limit = found.groups()
        rows = [row for row in self.data[table] if all(_holds(row, part) for part in _parts(where))]
        made = []
        for row in rows[: int(limit or 2000)]:
            picked: Row = {"attributes": {"type": table}}
            for name in names.split(", "):
                target, source = picked, row
                *way, last = name.split(".")
                for part in way:
                    target, source = target.setdefault(part, {}), source[part]
                if last not in source:
                    return refused("INVALID_FIELD", f"No such column '{last}' on entity '{table}'")
                target[last] = source[last]
            made.append(picked)
        return made

    def upsert(self, call: Call) -> Answer:
        """Create or update the task of a key."""
        if self.refusal:
            return Answer(400, [self.refusal])
        rows = [row for row in self.data["Task"] if row[KEY] == call.path["key"]]
        self.writes.append(("Task", call.json))
        if rows and self.unique:
            rows[0].update(call.json)
            return Answer(200, {"id": rows[0]["Id"], "success": True, "errors": [], "created": False})
        made = {"Id": f"00T00000000000{len(self.data['Task'])}AAA", KEY: call.path["key"], **call.json}
        self.data["Task"].append(made)
        return Answer(201, {"id": made["Id"], "success": True, "errors": [], "created": True})

    def by_key(self, call: Call) -> Answer:
        """Return the task of a key."""
        for row in self.data["Task"]:
            if row[KEY] == call.path["key"]:
                return Answer(200, {"Id": row["Id"]})
        return Answer(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])

    def update(self, call: Call) -> Answer:
        """Change the opportunity."""
        if self.refusal:
            return Answer(400, [self.refusal])
        self.writes.append(("Opportunity", call.json))
        row = self.data["Opportunity"][0]
        row.update(call.json)
        if call.json.get("StageName") == "Closed Won":
            row.update(IsWon=True, IsClosed=True)
        return Answer(204)

    def attach(self, call: Call) -> Answer:
        """Store a file; its key is unique."""
        if any(row[KEY] == call.json[KEY] for row in self.data["ContentVersion"]):
            return refused("DUPLICATE_VALUE", "duplicate value found: Aftersign_Key__c duplicates value on record")
        number = len(self.data["ContentVersion"])
        self.data["ContentVersion"].append({**call.json, "ContentDocumentId": f"06900000000000{number}AAA"})
        return Answer(201, {"id": f"06800000000000{number}AAA", "success": True, "errors": []})

    def describe(self, call: Call) -> Row:
        """Describe an object."""
        kind = call.operation.name.split("/")[2]
        names = [*self.data[kind][0]] if self.data[kind] else [KEY, "Subject"]
        fields = [
            {"name": n, "unique": n == KEY, "externalId": n == KEY, "updateable": n != "Notice__c"} for n in names
        ]
        return {"name": kind, "fields": fields}


def refused(code: str, message: str, *fields: str) -> Answer:
    """Return an error as Salesforce writes it."""
    row: Row = {"errorCode": code, "message": message, **({"fields": list(fields)} if fields else {})}
    return Answer(400, [row])


def _parts(where: str | None) -> list[str]:
    if not where:
        return []
    plain = where.replace(" AND (IsClosed = false OR (IsWon = true AND CloseDate = LAST_N_DAYS:30))", "")
    return re.split(r" AND (?=[\w.]+ (?:=|LIKE) )", plain)


def _holds(row: Row, condition: str) -> bool:
    name, operator, raw = condition.split(" ", 2)
    value = row.get(name)
    if raw in {"true", "false"}:
        return value is (raw == "true")
    text = re.sub(r"\\(.)", r"\1", raw[1:-1])
    if operator == "LIKE":
        return str(value).casefold().startswith(text.removesuffix("%").casefold())
    return value == text


def _never(_: float) -> None:
    """Wait no time."""
