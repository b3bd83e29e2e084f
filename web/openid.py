"""OpenID Connect: authorization code with PKCE, state and nonce; what the provider says is verified before it counts.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from config.settings_serving import LOOPBACK, Login
from domain.errors import Transient
from web.problems import Refused

SECONDS = 10.0
# Signatures by a public key only: with a shared secret whoever checks could also have signed.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_LEEWAY = 60  # seconds that two clocks may differ


@dataclass(frozen=True, slots=True)
class Attempt:
    """Hold what one login has to come back with; the browser keeps it signed until then."""

    state: str
    nonce: str
    verifier: str
    back_to: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Hold whom the provider vouches for; `groups` are those that it names."""

    email: str
    groups: tuple[str, ...] = ()


def begin(login: Login, callback: str, back_to: str) -> tuple[str, Attempt]:
    """Return where to send the browser, and what to expect back. Raises `Transient` while the provider is away."""
    attempt = Attempt(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), back_to)
    place = _discover(login)["authorization_endpoint"]
    with _client(login, callback) as client:
        address, _ = client.create_authorization_url(
            place, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
        )
    return str(address), attempt


def finish(login: Login, callback: str, attempt: Attempt, code: str, now: datetime) -> Identity:
    """Change the code for who it is. Raises `Refused` for what cannot be believed, `Transient` while it is away."""
    about = _discover(login)
    with _client(login, callback) as client:
        try:
            token = client.fetch_token(about["token_endpoint"], code=code, code_verifier=attempt.verifier)
        except OAuthError as error:
            raise _refused(f"the provider says {error.error}") from error
        except (httpx.HTTPError, ValueError) as error:
            raise _away(error) from error
        claims = verified(
            str(token.get("id_token", "")), _json(about["jwks_uri"]), about["issuer"], login, attempt, now
        )
        if login.email_claim not in claims and "userinfo_endpoint" in about:
            claims = _completed(claims, client, str(about["userinfo_endpoint"]))
    return identity(claims, login)


def verified(
    id_token: str, keys: Mapping[str, Any], issuer: str, login: Login, attempt: Attempt, now: datetime
) -> dict[str, Any]:
    """Return the claims of an ID token. Raises `Refused` for a wrong signature, issuer, audience, nonce or time."""
    try:
        found = jwt.decode(id_token, KeySet.import_key_set({"keys": list(keys["keys"])}), algorithms=_ALGORITHMS)
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": login.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        ).validate(found.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _refused(f"its answer cannot be believed ({type(error).__name__}: {error})") from error
    if found.claims.get("azp", login.client_id) != login.client_id:
        raise _refused("its answer was made for another application")
    return dict(found.claims)


def identity(claims: Mapping[str, Any], login: Login) -> Identity:
    """Read address and groups. Raises `Refused` for an address that is missing or that nobody verified."""
    email = claims.get(login.email_claim)
    if not isinstance(email, str) or "@" not in email:
        raise _refused(f"it names no address (claim {login.email_claim!r})")
    if login.verified_claim and claims.get(login.verified_claim) is not True:
        raise _refused(f"it has not verified that {email} is yours (claim {login.verified_claim!r})")
    groups = claims.get(login.groups_claim, ())
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return Identity(email, tuple(str(one) for one in listed))


def _completed(claims: dict[str, Any], client: OAuth2Client, address: str) -> dict[str, Any]:
    try:
        answer = client.get(address)
        answer.raise_for_status()
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise _away(error) from error
    if told.get("sub") != claims.get("sub"):
        raise _refused("its answers are about different people")
    return {**told, **claims}


def _client(login: Login, callback: str) -> OAuth2Client:
    secret = login.client_secret.get_secret_value()
    return OAuth2Client(
        login.client_id,
        secret or None,
        scope=login.scopes,
        redirect_uri=callback,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        timeout=SECONDS,
    )


def _discover(login: Login) -> dict[str, Any]:
    found = _json(f"{login.issuer.rstrip('/')}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != login.issuer.rstrip("/"):
        raise _refused(f"it calls itself {found.get('issuer')!r}, not {login.issuer!r}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not str(found.get(name, "")).startswith(("https://", *LOOPBACK)):
            raise _refused(f"its {name} is not an https address")
    return found


def _json(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=SECONDS)
        answer.raise_for_status()
        return dict(answer.json())
    except (httpx.HTTPError, ValueError, TypeError) as error:
        raise _away(error) from error


def _away(error: Exception) -> Transient:
    return Transient("The login provider does not answer", why=type(error).__name__, fix="try again in a minute")


def _refused(why: str) -> Refused:
    return Refused("The login did not work", why=f"about the login provider: {why}", fix="begin again at /login")
