"""Salesforce's error codes, and who must act on each."""

from __future__ import annotations

from typing import Any

from connectors.redact import redact
from domain.errors import Permanent, Transient

# https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
_WAITING_HELPS = {
    "UNABLE_TO_LOCK_ROW": 5.0,
    "SERVER_UNAVAILABLE": 30.0,
    "REQUEST_RUNNING_TOO_LONG": 30.0,
    "QUERY_TIMEOUT": 30.0,
    "REQUEST_LIMIT_EXCEEDED": 900.0,
    "TXN_SECURITY_METERING_ERROR": 60.0,
}
_FIXES = {
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "satisfy the validation rule, or exempt the integration user from it, then press Retry",
    "REQUIRED_FIELD_MISSING": "fill {fields} on the record, or make it optional for the integration user, then press Retry",
    "INVALID_FIELD": "correct the name in config/crm.yaml, or give the integration user access to the field",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "give the integration user edit access to {fields}",
    "INVALID_TYPE": "give the integration user access to the object that Salesforce names",
    "INSUFFICIENT_ACCESS_OR_READONLY": "give the integration user edit access to the record",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "give the integration user access to the linked record",
    "CANNOT_EXECUTE_FLOW_TRIGGER": "repair the flow that Salesforce names",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "repair the trigger that Salesforce names",
    "ENTITY_IS_LOCKED": "finish or recall the approval that locks the record, then press Retry",
    "ENTITY_IS_DELETED": "restore the record from the recycle bin, then press Retry",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "add the value to the picklist {fields}, or correct config/crm.yaml",
    "STRING_TOO_LONG": "lengthen the field {fields}",
    "DUPLICATES_DETECTED": "exempt the integration user from the duplicate rule",
    "STORAGE_LIMIT_EXCEEDED": "free file or data storage in Salesforce, then press Retry",
    "INVALID_SESSION_ID": "check AFTERSIGN_SALESFORCE__CLIENT_ID and the app's run-as user",
    "API_DISABLED_FOR_ORG": "use an edition with API access",
    "API_CURRENTLY_DISABLED": "give the integration user the permission 'API Enabled'",
    "NOT_FOUND": "check that the record still exists and that the integration user may see it",
}
DUPLICATE = "DUPLICATE_VALUE"


class Refusal(Permanent):
    """Say that Salesforce refused, and keep its code."""

    def __init__(self, what: str, *, code: str, why: str = "", fix: str = "") -> None:
        super().__init__(what, why=why, fix=fix)
        self.code = code


def problem(status: int, content: Any, where: str) -> Transient | Permanent:
    """Return who must act on an error answer: `[{"message", "errorCode", "fields"}]`."""
    rows = content if isinstance(content, list) else [content]
    first = rows[0] if rows and isinstance(rows[0], dict) else {}
    code, fields = str(first.get("errorCode") or ""), ", ".join(map(str, first.get("fields") or ()))
    why = redact(str(first.get("message") or first.get("error_description") or "")[:300])
    what = f"Salesforce refused {where}: {code or status}"
    if code in _WAITING_HELPS:
        return Transient(what, why=why, retry_after=_WAITING_HELPS[code])
    if status >= 500 or status in {408, 429}:
        return Transient(what, why=why)
    if status == 300:
        return Refusal(
            f"Several records in Salesforce carry the key of {where}",
            code="300",
            fix="make the field key_field of config/crm.yaml unique, and delete all but one of them",
        )
    fix = _FIXES.get(code, "look the code up in Salesforce's documentation").format(
        fields=fields or "the field it names"
    )
    return Refusal(what, code=code, why=why + (f" ({fields})" if fields else ""), fix=fix)
