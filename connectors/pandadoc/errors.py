"""PandaDoc's own errors, said so that somebody can act."""

from __future__ import annotations

import re

import httpx

from connectors.http import retry_after
from connectors.redact import redact
from domain.errors import AftersignError, Permanent, Transient

_SECONDS = re.compile(r"available in (\d{1,6}) second")


def explain(response: httpx.Response) -> AftersignError | None:
    """Return the error for a status that means something special at PandaDoc, else `None`.

    https://developers.pandadoc.com/reference/errors
    """
    said = redact(response.text[:300])
    match response.status_code:
        case 401:
            return Permanent(
                "PandaDoc refuses the API key (401)", why=said, fix="set a valid AFTERSIGN_PANDADOC__API_KEY"
            )
        case 403:
            fix = "give the user of AFTERSIGN_PANDADOC__API_KEY the role in the workspace that the action needs"
            return Permanent("PandaDoc forbids this to the API key's user (403)", why=said, fix=fix)
        case 409:
            return Transient("PandaDoc is still working on the document (409)", why=said, retry_after=5)
        case 423:
            return Transient("The document is locked at PandaDoc", why=said, fix="nothing; somebody is editing it")
        case 429:
            wait = _SECONDS.search(response.text)
            seconds = retry_after(response) if wait is None else float(wait[1])
            return Transient("PandaDoc asks us to slow down (429)", why=said, retry_after=seconds)
    return None
