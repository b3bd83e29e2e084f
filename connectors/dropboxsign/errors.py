"""Dropbox Sign's own errors, said so that somebody can act."""

from __future__ import annotations

import httpx

from connectors.redact import redact
from domain.errors import AftersignError, Permanent

_KEY = "AFTERSIGN_DROPBOXSIGN__API_KEY"
_FIXES = {
    "unauthorized": f"set a valid {_KEY}",
    "forbidden": f"let the account of {_KEY} see the request, or confirm its e-mail address at Dropbox Sign",
    "payment_required": "buy an API plan, or set AFTERSIGN_DROPBOXSIGN__TEST_MODE=true for documents that bind nobody",
    "not_found": f"check that the request or template still exists and belongs to the account of {_KEY}",
    "deleted": "take the document from wherever it was kept before it was deleted at Dropbox Sign",
}


def explain(response: httpx.Response) -> AftersignError | None:
    """Return the error for a name of Dropbox Sign's, else `None`.

    https://developers.hellosign.com/api/reference/errors/
    """
    name, message = _said(response)
    if response.status_code == 401:
        name = "unauthorized"
    if fix := _FIXES.get(name):
        return Permanent(f"Dropbox Sign refuses the request ({name})", why=message, fix=fix)
    return None


def _said(response: httpx.Response) -> tuple[str, str]:
    try:
        error = response.json()["error"]
        message, path = str(error.get("error_msg", "")), str(error.get("error_path") or "")
        return str(error.get("error_name", "")), redact(f"{path}: {message}" if path else message)[:300]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""
