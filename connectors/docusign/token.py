"""DocuSign's JWT grant: an access token without anybody logging in."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode, urlsplit

from connectors.http import Endpoint
from connectors.oauth import Token, grant, signed
from domain.errors import Permanent

_SCOPE = "signature impersonation"
_LIVE = 3600  # seconds, the longest DocuSign grants
_SETTINGS = "AFTERSIGN_DOCUSIGN__CLIENT_ID, __USER_ID and __PRIVATE_KEY"


def jwt_grant(endpoint: Endpoint, client_id: str, user_id: str, private_key: str, now: datetime) -> Token:
    """Ask for an access token that acts as the user; `endpoint` is the login address.

    Raises `ConfigurationError` for an unusable key, `Permanent` with the address to open while
    the user has not consented, else what the token endpoint makes of it.
    https://developers.docusign.com/platform/auth/jwt/jwt-get-token/
    """
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": _assertion(endpoint, client_id, user_id, private_key, now),
    }
    try:
        return grant(endpoint, "/oauth/token", form, setting=_SETTINGS, live=_LIVE)
    except Permanent as error:
        if "consent_required" not in error.why:
            raise
        raise _consent(endpoint, client_id) from error


def _assertion(endpoint: Endpoint, client_id: str, user_id: str, private_key: str, now: datetime) -> str:
    issued = int(now.timestamp())
    claims = {
        "iss": client_id,
        "sub": user_id,
        "aud": urlsplit(endpoint.base_url).hostname or "",
        "iat": issued,
        "exp": issued + _LIVE,
        "scope": _SCOPE,
    }
    return signed(claims, private_key, setting="AFTERSIGN_DOCUSIGN__PRIVATE_KEY")


def _consent(endpoint: Endpoint, client_id: str) -> Permanent:
    query = urlencode({"response_type": "code", "scope": _SCOPE, "client_id": client_id})
    address = f"{endpoint.base_url.rstrip('/')}/oauth/auth?{query}&redirect_uri=…"
    return Permanent(
        "DocuSign grants no access token before the user has consented",
        why="consent_required: nobody has allowed the integration key to act as AFTERSIGN_DOCUSIGN__USER_ID",
        fix=f"log in to DocuSign as that user, open {address} with a redirect address of the integration key in place of …, and allow it",
    )
