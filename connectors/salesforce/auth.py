"""Salesforce's two grants that have a future: client credentials and JWT bearer."""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.http import Endpoint
from connectors.oauth import Token, grant, signed

_PATH = "/services/oauth2/token"
_LIVES = 1800.0  # Salesforce does not say; its shortest session policy is longer


def client_credentials(login: Endpoint, client_id: str, client_secret: str) -> Token:
    """Ask for a token of the app's run-as user.

    https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm
    """
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    setting = "AFTERSIGN_SALESFORCE__CLIENT_ID and AFTERSIGN_SALESFORCE__CLIENT_SECRET"
    return grant(login, _PATH, form, setting=setting, live=_LIVES)


def jwt_bearer(
    login: Endpoint, *, client_id: str, username: str, private_key: str, audience: str, now: datetime
) -> Token:
    """Ask for a token of a user who approved the app beforehand.

    Raises `ConfigurationError` for a key that is none.
    https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
    """
    claims = {"iss": client_id, "sub": username, "aud": audience, "exp": now + timedelta(minutes=3)}
    assertion = signed(claims, private_key, setting="AFTERSIGN_SALESFORCE__PRIVATE_KEY")
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    setting = "AFTERSIGN_SALESFORCE__CLIENT_ID, AFTERSIGN_SALESFORCE__USERNAME and AFTERSIGN_SALESFORCE__PRIVATE_KEY"
    return grant(login, _PATH, form, setting=setting, live=_LIVES)
