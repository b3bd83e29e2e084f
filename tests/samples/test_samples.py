"""The samples are reproducible, complete and consistent with each other."""

from __future__ import annotations

import csv
import json
import os
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml

from domain.money import Money
from domain.periods import Period, subtract
from domain.terms import TermField
from samples.make import write

SAMPLES = Path(__file__).parents[2] / "samples"
SHARED = Path(os.environ.get("AFTERSIGN_SHARED", Path(__file__).parents[3] / "shared"))
PANDADOC = SHARED / "contracts" / "pandadoc.json"
DEMO_DAY = date(2026, 11, 23)

CONTRACTS: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "contracts.yaml").read_text("utf-8"))["contracts"]
DEALS: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "crm.yaml").read_text("utf-8"))["deals"]
OWNERS = {"amara.okafor@lumora.example", "jonas.keller@lumora.example", "priya.nair@lumora.example"}


def contract_of(deal: dict[str, Any]) -> dict[str, Any]:
    return next(contract for contract in CONTRACTS if contract["document_id"] == deal["document"])


def invoices() -> list[dict[str, str]]:
    with (SAMPLES / "invoices" / "lumora.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class TestTheMaker:
    def test_gives_the_same_bytes_again(self, tmp_path: Path) -> None:
        write(tmp_path)
        for folder in ("contracts", "pandadoc"):
            names = sorted(path.name for path in (SAMPLES / folder).iterdir())
            assert names == sorted(path.name for path in (tmp_path / folder).iterdir())
            for name in names:
                assert (tmp_path / folder / name).read_bytes() == (SAMPLES / folder / name).read_bytes(), name


class TestTheContracts:
    def test_are_twelve_with_documents_and_names_of_their_own(self) -> None:
        assert len({contract["document_id"] for contract in CONTRACTS}) == len(CONTRACTS) == 12
        assert all(re.fullmatch(r"[A-Za-z0-9]{22}", contract["document_id"]) for contract in CONTRACTS)
        listed = {contract["file"] for contract in CONTRACTS}
        assert listed == {path.name for path in (SAMPLES / "contracts").glob("*.pdf")}

    @pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["file"])
    def test_open_and_have_several_pages_of_text(self, contract: dict[str, Any]) -> None:
        document = pypdfium2.PdfDocument(SAMPLES / "contracts" / contract["file"])
        assert len(document) >= 2
        text = " ".join("".join(page.get_textpage().get_text_range() for page in document).split())
        assert contract["customer"].casefold() in text.casefold()

    @pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["file"])
    def test_state_their_truth_in_canonical_forms(self, contract: dict[str, Any]) -> None:
        expected = contract["expected"]
        assert set(expected) <= {field.value for field in TermField}
        for field in ("agreement_date", "effective_date"):
            assert date.fromisoformat(expected[field]).isoformat() == expected[field]
        for field in {"initial_term", "renewal_term", "notice_period"} & set(expected):
            assert str(Period.parse(expected[field])) == expected[field]
        assert str(Money.parse(expected["total_value"])) == expected["total_value"]

    @pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["file"])
    def test_have_lines_that_multiply_out(self, contract: dict[str, Any]) -> None:
        for line in contract["lines"]:
            assert Money.parse(line["unit_price"]) * line["quantity"] == Money.parse(line["total"])

    def test_are_signed_by_both_sides_before_the_demo_day(self) -> None:
        for contract in CONTRACTS:
            assert len(contract["signers"]) == 2
            assert all(date.fromisoformat(s["signed_at"][:10]) < DEMO_DAY for s in contract["signers"])


class TestTheDeals:
    def test_point_to_every_contract_but_one(self) -> None:
        linked = {deal["document"] for deal in DEALS}
        assert [c["file"] for c in CONTRACTS if c["document_id"] not in linked] == ["sablecourt-order-form.pdf"]
        assert len({deal["id"] for deal in DEALS}) == len(DEALS) == 11

    def test_belong_to_our_people_and_use_example_addresses(self) -> None:
        assert {deal["owner"]["email"] for deal in DEALS} == OWNERS
        addresses = re.findall(r"[\w.-]+@[\w.-]+", (SAMPLES / "crm.yaml").read_text("utf-8"))
        assert all(address.endswith(".example") for address in addresses)

    def test_match_the_paper_except_where_a_mismatch_is_planted(self) -> None:
        differing = set()
        for deal in DEALS:
            contract = contract_of(deal)
            expected = contract["expected"]
            on_paper = (expected["total_value"], expected["initial_term"], expected["effective_date"])
            if (deal["amount"], deal["term"], str(deal["start"])) != on_paper:
                differing.add(contract["file"])
            if deal["account"]["legal_name"] != contract["customer"]:
                differing.add(contract["file"])
        assert differing == {"dunhollow-order-form.pdf"}

    def test_name_an_economic_buyer_and_a_daily_contact_except_where_both_are_missing(self) -> None:
        lacking = []
        for deal in DEALS:
            roles = {role for contact in deal["contacts"] for role in contact["roles"]}
            lacking += [] if {"economic_buyer", "day_to_day"} <= roles else [deal["id"]]
        assert lacking == ["D-1011"]

    def test_have_one_complete_brief(self) -> None:
        main = DEALS[0]
        assert main["id"] == "D-1001"
        assert contract_of(main)["file"] == "harbourline-order-form.pdf"
        assert len(main["fields"]) == 11
        assert main["promises"]

    def test_have_a_notice_that_must_be_sent_this_week(self) -> None:
        [contract] = [c for c in CONTRACTS if c["file"] == "pellingrove-order-form.pdf"]
        last = date.fromisoformat(contract["expected"]["expiration_date"])
        deadline = subtract(last, Period.parse(contract["expected"]["notice_period"]))
        assert deadline == date(2026, 11, 29)
        while deadline.weekday() >= 5:
            deadline -= timedelta(days=1)
        assert deadline == date(2026, 11, 27)
        assert deadline >= DEMO_DAY


class TestTheInvoices:
    def test_belong_to_contracts_and_multiply_out(self) -> None:
        numbers = {contract["expected"]["contract_number"] for contract in CONTRACTS}
        for row in invoices():
            assert row["contract_number"] in numbers
            assert Decimal(row["unit_price"]) * Decimal(row["quantity"]) == Decimal(row["amount"])
            assert date.fromisoformat(row["issued_on"]) <= DEMO_DAY

    def test_contain_one_price_that_is_a_tenth_too_high(self) -> None:
        usual: dict[tuple[str, str], Decimal] = {}
        raised = []
        for row in invoices():
            key = (row["contract_number"], row["product"])
            price = Decimal(row["unit_price"])
            if price != usual.setdefault(key, price):
                raised.append((row["invoice_number"], row["product"], price / usual[key]))
        assert raised == [("LUM-2026-0007", "Data Connectors", Decimal("1.1"))]


class TestTheSignatureRecords:
    def test_say_that_each_document_is_complete_and_name_its_deal(self) -> None:
        deals = {deal["document"]: deal["id"] for deal in DEALS}
        for contract in CONTRACTS:
            record = json.loads((SAMPLES / "pandadoc" / f"{contract['document_id']}.json").read_text("utf-8"))
            assert (record["id"], record["status"]) == (contract["document_id"], "document.completed")
            assert record["metadata"].get("deal_id") == deals.get(contract["document_id"])
            assert all(recipient["has_completed"] for recipient in record["recipients"])

    @pytest.mark.skipif(not PANDADOC.exists(), reason="needs the vendor's contract below AFTERSIGN_SHARED")
    @pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["file"])
    def test_have_the_vendors_shape(self, contract: dict[str, Any]) -> None:
        validators = pytest.importorskip("jsonschema")
        schema = openapi_to_json_schema(json.loads(PANDADOC.read_text("utf-8")))
        record = json.loads((SAMPLES / "pandadoc" / f"{contract['document_id']}.json").read_text("utf-8"))
        validators.Draft4Validator(schema).validate(record)
        properties = schema["components"]["schemas"]["DocumentDetailsResponse"]["properties"]
        assert set(record) <= set(properties)


def openapi_to_json_schema(contract: dict[str, Any]) -> dict[str, Any]:
    """Turn OpenAPI 3.0's `nullable` into JSON Schema; its `discriminator` adds nothing here."""

    def translate(node: Any) -> Any:
        if isinstance(node, list):
            return [translate(item) for item in node]
        if not isinstance(node, dict):
            return node
        plain = {key: translate(value) for key, value in node.items() if key != "nullable"}
        return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain

    components = {name: translate(schema) for name, schema in contract["components"]["schemas"].items()}
    return {"$ref": "#/components/schemas/DocumentDetailsResponse", "components": {"schemas": components}}
