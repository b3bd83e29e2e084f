"""Build the e-signature vendor's record of a sample contract, in the vendor's own shape.

The shape is PandaDoc's `GET /public/v1/documents/{id}/details`:
https://developers.pandadoc.com/reference/document-details
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any

Contract = dict[str, Any]
_SENDER = {
    "id": "8vRkTqLmN3xWc5ZyPf2HdB",
    "email": "contracts@lumora.example",
    "first_name": "Lumora",
    "last_name": "Contracts",
    "avatar": None,
}
_VERIFICATION = {"verification_place": "before_open", "passcode_verification": None}


def details(contract: Contract, deal: Contract | None) -> dict[str, Any]:
    """Return the completed document's details; `deal` links it to the CRM where there is one."""
    times = sorted(signer["signed_at"] for signer in contract["signers"])
    total, currency = contract["expected"]["total_value"].split()
    return {
        "id": contract["document_id"],
        "name": contract["name"],
        "autonumbering_sequence_name_prefix": None,
        "folder_uuid": "QMDSzwabfFzTgjW4kUijqQ",
        "date_created": _earlier(times[0], "08:01:12.004511Z"),
        "date_sent": _earlier(times[0], "08:04:40.871230Z"),
        "date_modified": times[-1],
        "date_completed": times[-1],
        "content_date_modified": _earlier(times[0], "08:03:55.120934Z"),
        "ref_number": _reference(contract),
        "created_by": {**_SENDER, "membership_id": "mQ4dVxGtYb7KsHwJ9nPcRe"},
        "template": None,
        "expiration_date": None,
        "metadata": {"deal_id": deal["id"]} if deal else {},
        "tokens": [{"name": "Customer.Company", "value": contract["customer"]}],
        "fields": [_signature(contract, index) for index in range(len(contract["signers"]))],
        "pricing": {"tables": [_table(contract, total, currency)], "quotes": [], "total": total},
        "tables": [],
        "images": [],
        "texts": [],
        "tags": [],
        "sent_by": _SENDER,
        "recipients": [_recipient(contract, index) for index in range(len(contract["signers"]))],
        "grand_total": {"amount": total, "currency": currency},
        "linked_objects": _links(contract, deal),
        "status": "document.completed",
        "approval_execution": None,
        "version": "2",
        "lock": None,
    }


def _recipient(contract: Contract, index: int) -> dict[str, Any]:
    return {
        **_person(contract, index),
        "signing_order": index + 1,
        "contact_id": _id(contract, f"contact{index}"),
        "phone": None,
        "delivery_methods": {"email": True, "sms": False},
        "shared_link": f"https://app.pandadoc.com/document/{_hex(contract, str(index))}",
        "signature_date": contract["signers"][index]["signed_at"],
        "verification_settings": _VERIFICATION,
        "redirect": {"is_enabled": False, "url": None},
        "avatar": None,
        "type": "recipient",
    }


def _person(contract: Contract, index: int) -> dict[str, Any]:
    signer = contract["signers"][index]
    first, _, last = signer["name"].partition(" ")
    role = "Provider" if signer["email"].endswith("@lumora.example") else "Customer"
    return {
        "id": _id(contract, f"recipient{index}"),
        "first_name": first,
        "last_name": last,
        "email": signer["email"],
        "recipient_type": "signer",
        "has_completed": True,
        "role": role,
        "roles": [role],
    }


def _signature(contract: Contract, index: int) -> dict[str, Any]:
    return {
        "uuid": _uuid(contract, f"field{index}"),
        "name": "Signature",
        "title": "",
        "placeholder": "Signature",
        "value": {},
        "assigned_to": {**_person(contract, index), "type": "recipient"},
        "field_id": f"Signature{index + 1}",
        "type": "signature",
        "is_filled": True,
    }


def _table(contract: Contract, total: str, currency: str) -> dict[str, Any]:
    listed = sum((Decimal(line["total"].split()[0]) for line in contract["lines"]), Decimal(0))
    return {
        "id": _uuid(contract, "table"),
        "name": "Pricing Table",
        "total": str(listed),
        "is_included_in_total": Decimal(total) == listed,
        "summary": _summary(str(listed)),
        "items": [_item(contract, line) for line in contract["lines"]],
        "currency": currency,
    }


def _summary(listed: str) -> dict[str, str]:
    return {"subtotal": listed, "total": listed, "discount": "0", "tax": "0", "fee": "0"}


def _item(contract: Contract, line: dict[str, Any]) -> dict[str, Any]:
    price = line["unit_price"].split()[0]
    return {
        "id": _uuid(contract, line["product"]),
        "sku": "".join(word[0] for word in line["product"].split()) + "-1",
        "qty": str(line["quantity"]),
        "name": line["product"],
        "cost": None,
        "price": price,
        "custom_fields": {},
        "custom_columns": {},
        "discount": None,
        "subtotal": line["total"].split()[0],
        "sale_price": price,
        "taxes": {},
        "discounts": {},
        "fees": {},
    }


def _links(contract: Contract, deal: Contract | None) -> list[dict[str, Any]]:
    if deal is None:
        return []
    link = {"provider": "hubspot", "entity_type": "deal", "entity_id": deal["id"]}
    return [{**link, "id": _hex(contract, "link")[:32], "children": []}]


def _earlier(first: str, clock: str) -> str:
    return f"{first[:8]}{max(1, int(first[8:10]) - 3):02d}T{clock}"


def _reference(contract: Contract) -> str:
    text = _hex(contract, "reference").upper()
    return "-".join(text[start : start + 5] for start in range(0, 20, 5))


def _uuid(contract: Contract, salt: str) -> str:
    text = _hex(contract, salt)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:32]))


def _id(contract: Contract, salt: str) -> str:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    digest = sha256(f"{contract['document_id']}/{salt}".encode()).digest()
    return "".join(alphabet[byte % len(alphabet)] for byte in digest[:22])


def _hex(contract: Contract, salt: str) -> str:
    return sha256(f"{contract['document_id']}/{salt}".encode()).hexdigest()[:40]
