"""The contract server refuses what the vendors' descriptions refuse, and goes wrong as told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.contracts.conftest import Start
from tests.contracts.contract import SUPPLEMENTS, Contract, Operation, Sent, load
from tests.contracts.mutations import accepted, mutations
from tests.contracts.server import Answer, ContractServer, Fault

KEY = {"Authorization": "Bearer t"}
CREATE = {
    "name": "Brief",
    "template_uuid": "t-1",
    "recipients": [{"email": "lea@lumora.example", "first_name": "Lea", "role": "csm"}],
    "tokens": [{"name": "customer", "value": "Vela"}],
    "metadata": {"aftersign_key": "k"},
}
BASE = {
    "pandadoc": "", "asana": "/api/1.0", "docusign": "/restapi", "jira": "", "stripe": "", "slack": "/api",
    "salesforce": "/services/data/v66.0", "dropboxsign": "/v3",
}  # fmt: skip
ENVELOPES = "/v2.1/accounts/a-1/envelopes"


def sent(
    vendor: str, method: str, path: str, body: Any = None, query: tuple[tuple[str, str], ...] = (), **headers: str
) -> tuple[Operation | None, dict[str, str], list[str]]:
    """Ask the vendor's contract about a request."""
    raw = json.dumps(body).encode() if body is not None else b""
    given = {"authorization": "Bearer t", **({"content-type": "application/json"} if raw else {}), **headers}
    return load(vendor).check(Sent(method, BASE[vendor] + path, query, given, raw))


class TestADescription:
    @pytest.mark.parametrize(
        ("vendor", "method", "path", "body", "query"),
        [
            ("pandadoc", "POST", "/public/v1/documents", CREATE, ()),
            ("pandadoc", "GET", "/public/v1/documents", None, (("status", "2"), ("count", "100"))),
            ("asana", "POST", "/tasks", {"data": {"name": "Kick-off", "external": {"gid": "k"}}}, ()),
            ("asana", "GET", "/tasks/external:k", None, (("opt_fields", "name"),)),
            ("docusign", "POST", ENVELOPES, {"templateId": "t", "status": "created"}, ()),
            ("docusign", "GET", ENVELOPES, None, (("from_date", "2026-11-01"), ("status", "completed"))),
            ("jira", "POST", "/rest/api/3/issue", {"fields": {"summary": "x"}}, ()),
            ("jira", "POST", "/rest/api/3/issue/ONB-1/transitions", {"transition": {"id": "5"}}, ()),
            ("stripe", "GET", "/v1/invoices", None, (("created[gte]", "1700000000"), ("expand[]", "data.lines"))),
            ("slack", "POST", "/chat.postMessage", {"channel": "C1", "text": "hello"}, ()),
            ("salesforce", "PATCH", "/sobjects/Opportunity/006000000000001", {"StageName": "Closed Won"}, ()),
            ("salesforce", "POST", "/sobjects/Task/", {"Subject": "Call", "Aftersign_Key__c": "k"}, ()),
            ("dropboxsign", "GET", "/signature_request/abc", None, ()),
        ],
    )
    def test_takes_what_its_vendor_takes(
        self, vendor: str, method: str, path: str, body: Any, query: tuple[tuple[str, str], ...]
    ) -> None:
        operation, _, problems = sent(vendor, method, path, body, query)
        assert operation is not None
        assert problems == []

    @pytest.mark.parametrize(
        ("vendor", "method", "path", "body", "query", "said"),
        [
            ("pandadoc", "POST", "/public/v1/documents", {**CREATE, "template_uid": "t"}, (), "template_uid"),
            ("pandadoc", "GET", "/public/v1/documents", None, (("status", "document.completed"),), "query status"),
            ("asana", "POST", "/tasks", {"name": "Kick-off"}, (), "/name is not declared"),
            ("asana", "POST", "/tasks", {"data": {"name": "x"}}, (("body", "{}"),), "query body is not declared"),
            ("docusign", "POST", ENVELOPES, {"templateID": "t"}, (), "templateID"),
            ("docusign", "GET", ENVELOPES, None, (("form_date", "2026-11-01"),), "query form_date"),
            ("jira", "POST", "/rest/api/3/issue/ONB-1/transitions", {"transition": {"id": 5}}, (), "/transition/id"),
            ("jira", "POST", "/rest/api/3/issue", None, (), "body is missing"),
            ("jira", "POST", "/rest/api/3/issue", {"field": {"summary": "x"}}, (), "/field is not declared"),
            ("stripe", "GET", "/v1/invoices", None, (("create[gte]", "1"),), "query create"),
            ("stripe", "GET", "/v1/invoices", None, (("created[gte]", "soon"),), "query created"),
            ("slack", "POST", "/chat.postMessage", {"channel": "C1", "txt": "hello"}, (), "body"),
            ("slack", "POST", "/chat.postMessage", {"text": "hello"}, (), "body"),
            ("salesforce", "PATCH", "/sobjects/Opportunity/1", {"StageNam": "Closed Won"}, (), "StageNam"),
            ("dropboxsign", "GET", "/signature_request/list", None, (("page_size", "many"),), "page_size"),
            ("dropboxsign", "DELETE", "/signature_request/abc", None, (), "no operation"),
        ],
    )
    def test_refuses_what_its_vendor_refuses(
        self, vendor: str, method: str, path: str, body: Any, query: tuple[tuple[str, str], ...], said: str
    ) -> None:
        problems = sent(vendor, method, path, body, query)[2]
        assert any(said in problem for problem in problems), problems

    def test_looks_at_the_names_beside_a_known_defect(self) -> None:
        path, data = (
            "/sobjects/ContentVersion",
            {"Title": "Contract", "PathOnClient": "c.pdf", "VersionData": "JVBERg=="},
        )
        assert sent("salesforce", "POST", path, data)[2] == []
        problems = sent("salesforce", "POST", path, {**data, "Titel": "Contract"})[2]
        assert problems == ["body /Titel is not declared"]

    def test_wants_a_credential_and_the_right_content_type(self) -> None:
        contract = load("pandadoc")
        bare = Sent("POST", "/public/v1/documents", (), {"content-type": "text/plain"}, b"{}")
        problems = contract.check(bare)[2]
        assert "header authorization is missing" in problems
        assert any("content type text/plain" in problem for problem in problems)


class TestTheMutationGuard:
    @staticmethod
    def request() -> tuple[Contract, Operation, Sent]:
        contract = load("pandadoc")
        headers = {"authorization": "Bearer t", "content-type": "application/json"}
        one = Sent("POST", "/public/v1/documents", (), headers, json.dumps(CREATE).encode())
        return contract, contract.operation("POST /public/v1/documents"), one

    def test_breaks_a_request_in_every_place_and_all_are_refused(self) -> None:
        contract, operation, one = self.request()
        broken = {mutation.what for mutation in mutations(operation, one)}
        assert {"renamed /template_uuid", "renamed /recipients/0/email", "without credential"} <= broken
        assert accepted(contract, operation, one)[1] == []

    def test_notices_a_validator_that_takes_everything(self) -> None:
        contract, operation, one = self.request()

        class Blind(Contract):
            def check(self, sent: Sent) -> Any:
                return operation, {}, []

        refused, through = accepted(Blind("pandadoc", contract.operations), operation, one)
        assert refused == 0
        assert len(through) > 5

    def test_is_not_flattered_by_a_known_defect(self) -> None:
        """A request that leans on a defect is refused by every check without it: that proves nothing."""
        contract, operation, one = self.request()
        broken = replace(one, query=(("upload", "1"),))

        class Forgetful(Contract):
            def check(self, sent: Sent) -> Any:
                return operation, {}, ["query upload is not declared"]

        refused, through = accepted(Forgetful("pandadoc", contract.operations), operation, broken)
        assert refused == 0
        assert len(through) > 5

    def test_breaks_the_parts_of_a_form(self) -> None:
        contract = load("asana")
        request = httpx.Request(
            "POST",
            "http://a.example/api/1.0/attachments",
            data={"parent": "1", "name": "plan.pdf"},
            files={"file": ("plan.pdf", b"%PDF", "application/pdf")},
        )
        headers = {"authorization": "Bearer t", "content-type": request.headers["content-type"]}
        one = Sent("POST", "/api/1.0/attachments", (), headers, request.read())
        operation = contract.operation("POST /attachments")
        assert contract.check(one)[2] == []
        assert {"renamed part file", "without part parent", "as plain text"} <= {
            m.what for m in mutations(operation, one)
        }
        assert accepted(contract, operation, one)[1] == []


class TestAServer:
    done: list[str]

    @pytest.fixture
    def server(self, contract: Start) -> ContractServer:
        server = contract("pandadoc")
        self.done = []
        server.on("POST /public/v1/documents", self.created)
        server.on("GET /public/v1/documents/{id}", lambda call: document(call.path["id"]))
        return server

    def created(self, call: Any) -> Answer:
        self.done.append(call.json["name"])
        return Answer(201, document("d-1"))

    @pytest.mark.parametrize(
        ("fault", "seen", "applied"),
        [
            (Fault.THROTTLED_SECONDS, 429, 0), (Fault.THROTTLED_DATE, 429, 0), (Fault.THROTTLED, 429, 0),
            (Fault.UNAVAILABLE, 503, 0), (Fault.BROKEN, 500, 0), (Fault.BROKEN_AFTER, 201, 1),
            (Fault.DROPPED, httpx.RemoteProtocolError, 0), (Fault.DROPPED_AFTER, httpx.RemoteProtocolError, 1),
            (Fault.SLOW, httpx.ReadTimeout, 0), (Fault.SLOW_AFTER, httpx.ReadTimeout, 1),
            (Fault.TRUNCATED, httpx.RemoteProtocolError, 1), (Fault.HTML, 200, 0), (Fault.HTML_ERROR, 502, 0),
            (Fault.UNAUTHORIZED, 401, 0), (Fault.BAD_GATEWAY, 502, 0), (Fault.DRIPPING, 201, 1),
        ],
    )  # fmt: skip
    def test_goes_wrong_as_told_and_once(self, server: ContractServer, fault: Fault, seen: Any, applied: int) -> None:
        server.fault("POST /public/v1/documents", fault, wait=0.4)
        with httpx.Client(base_url=server.url, headers=KEY, timeout=0.2) as client:
            if isinstance(seen, int):
                expected = 500 if fault is Fault.BROKEN_AFTER else seen
                assert client.post("/public/v1/documents", json=CREATE).status_code == expected
            else:
                with pytest.raises(seen):
                    client.post("/public/v1/documents", json=CREATE)
            assert len(self.done) == applied
            assert client.post("/public/v1/documents", json=CREATE, timeout=5).status_code == 201

    def test_remembers_every_violation(self, server: ContractServer) -> None:
        with server.refusing() as problems, httpx.Client(base_url=server.url, headers=KEY) as client:
            assert client.post("/public/v1/documents", json={"nme": "x"}).status_code == 400
            assert client.get("/public/v1/nothing").status_code == 400
            assert client.get("/public/v1/documents").status_code == 501
        assert len(problems) >= 3

    def test_notices_a_fake_that_drifts(self, server: ContractServer) -> None:
        server.on("GET /public/v1/documents/{id}", {"id": "d-1", "stauts": "document.completed"})
        with server.refusing() as problems:
            assert httpx.get(f"{server.url}/public/v1/documents/d-1", headers=KEY).status_code == 500
        assert any("drifted" in problem and "stauts" in problem for problem in problems)

    def test_asks_for_one_at_a_time(self, server: ContractServer) -> None:
        assert httpx.get(f"{server.url}/public/v1/documents/d-1", headers=KEY).json()["id"] == "d-1"
        assert [call.path for call in server.calls("GET /public/v1/documents/{x}")] == ["/public/v1/documents/d-1"]


def document(identity: str) -> dict[str, Any]:
    return {"id": identity, "name": "Brief", "status": "document.draft", "version": "2", "uuid": identity}


class TestEveryContract:
    @pytest.mark.parametrize("vendor", sorted(BASE))
    def test_is_loaded_with_its_operations(self, vendor: str) -> None:
        found = load(vendor)
        assert [o for o in found.operations if o.origin == "vendor"]

    def test_of_ours_names_the_page_it_was_written_from(self) -> None:
        for path in SUPPLEMENTS.glob("*.json"):
            ours = [operation for operation in load(path.stem).operations if operation.origin == "ours"]
            assert ours, path.name
            assert all(
                operation.spec.get("externalDocs", {}).get("url", "").startswith("https://") for operation in ours
            )

    def test_of_nobody_is_an_error(self) -> None:
        with pytest.raises(KeyError, match="nothing describes acme"):
            load("acme")
