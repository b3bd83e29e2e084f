"""DocuSign's own errors, said so that somebody can act."""

from __future__ import annotations

import httpx

from connectors.http import retry_after
from connectors.redact import redact
from domain.errors import AftersignError, Permanent, Transient

_HOUR = 900.0  # seconds; the allowance is by the hour, so a quarter of it is a fair first wait
# Sent with status 400 or 429, in several spellings.
_LIMITS = frozenset({
    "hourly_apiinvocation_limit_exceeded", "burst_apiinvocation_limit_exceeded",
    "hourly_envelope_polling_limit_exceeded", "max_concurrent_requests_exceeded",
})  # fmt: skip
_FIXES = {
    "user_lacks_permissions": "give the user AFTERSIGN_DOCUSIGN__USER_ID the permission to manage envelopes of the account",
    "user_lacks_membership": "set AFTERSIGN_DOCUSIGN__ACCOUNT_ID to an account of the user AFTERSIGN_DOCUSIGN__USER_ID",
    "account_lacks_permissions": "ask DocuSign to switch the feature on for the account",
    "user_does_not_exist_in_system": "set AFTERSIGN_DOCUSIGN__USER_ID to the API user id of an active user",
    "authorization_invalid_token": "check AFTERSIGN_DOCUSIGN__CLIENT_ID, __USER_ID and __PRIVATE_KEY, and that the integration key is live",
    "user_authentication_failed": "check AFTERSIGN_DOCUSIGN__CLIENT_ID, __USER_ID and __PRIVATE_KEY",
    "invalid_userid": "set AFTERSIGN_DOCUSIGN__ACCOUNT_ID to the API account id (a GUID) of an account that lives at AFTERSIGN_DOCUSIGN__BASE_URL",
    "partner_authentication_failed": "check AFTERSIGN_DOCUSIGN__CLIENT_ID; a demo integration key works only against demo addresses",
    "template_id_invalid": "name a template of this account",
    "envelope_does_not_exist": "check that the envelope belongs to AFTERSIGN_DOCUSIGN__ACCOUNT_ID and that the user may see it",
    "envelope_has_been_purged": "take the document from wherever it was kept before DocuSign purged it",
}  # fmt: skip


def explain(response: httpx.Response) -> AftersignError | None:
    """Return the error for a code of DocuSign's, else `None`.

    https://developers.docusign.com/docs/esign-rest-api/esign101/error-codes/
    https://developers.docusign.com/docs/esign-rest-api/esign101/rules-and-limits/
    """
    code, message = _said(response)
    if code.lower() in _LIMITS:
        wait = retry_after(response) or _HOUR
        return Transient(f"DocuSign asks us to slow down ({code})", why=message, retry_after=wait)
    if fix := _FIXES.get(code.lower()):
        return Permanent(f"DocuSign refuses the request ({code})", why=message, fix=fix)
    if response.status_code == 401:
        return Permanent("DocuSign refuses the access token", why=message, fix=_FIXES["authorization_invalid_token"])
    return None


def _said(response: httpx.Response) -> tuple[str, str]:
    try:
        body = response.json()
    except ValueError:
        return "", ""
    if not isinstance(body, dict):
        return "", ""
    return str(body.get("errorCode", "")), redact(str(body.get("message", ""))[:300])
