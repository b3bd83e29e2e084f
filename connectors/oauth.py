"""Access tokens that are fetched when first needed, renewed in time, and once more after a 401."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwt.algorithms import RSAAlgorithm

from connectors.http import Endpoint
from domain.errors import ConfigurationError, Permanent

_MARGIN = 60.0  # seconds before its end at which a token counts as old


@dataclass(frozen=True, slots=True)
class Token:
    """Hold an access token and how many seconds it lives."""

    value: str
    seconds: float


class TokenAuth(httpx.Auth):
    """Send a bearer token; `fetch` is asked for the first one, before the end, and once after a 401.

    A request answered 401 was not carried out, so it is safe to send it again. Raises what
    `fetch` raises.
    """

    def __init__(self, fetch: Callable[[], Token], clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._ends = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the token, and try once more with a new one when the vendor refuses it."""
        token = self.token()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == 401:
            request.headers["Authorization"] = f"Bearer {self.token(refused=token)}"
            yield request

    def token(self, *, refused: str = "") -> str:
        """Return a token that is neither old nor the refused one."""
        with self._lock:
            if not self._token or self._token == refused or self._clock() >= self._ends:
                made = self._fetch()
                self._token = made.value
                self._ends = self._clock() + max(made.seconds - _MARGIN, made.seconds / 2)
            return self._token


def grant(endpoint: Endpoint, path: str, form: Mapping[str, str], *, setting: str, live: float = 3600) -> Token:
    """Ask a token endpoint for an access token (RFC 6749, section 4 and 5).

    `setting` names the credential that a refusal is about; `live` is taken where the vendor does
    not say how long the token lives. Raises `Transient` or `Permanent`.
    """
    answer = endpoint.send("POST", path, data=form, repeatable=True)
    if answer.status_code in {400, 401, 403}:
        raise refusal(endpoint.vendor, answer, setting)
    body = endpoint.parsed(endpoint.checked(answer))
    if not body.get("access_token"):
        raise Permanent(
            f"{endpoint.vendor} granted no access token",
            why="its answer holds no access_token",
            fix=f"check {setting} and the address it is sent to",
        )
    return Token(str(body["access_token"]), float(body.get("expires_in") or live))


def signed(claims: Mapping[str, object], private_key: str, *, setting: str) -> str:
    """Return claims as a JWT signed by RS256 (RFC 7523), with a key in PEM form.

    A key out of an environment variable may have its line breaks written out. Raises
    `ConfigurationError` naming the setting.
    """
    try:
        return jwt.encode(dict(claims), _key(private_key.replace("\\n", "\n")), algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError) as error:
        raise ConfigurationError(
            f"{setting} is not an RSA private key in PEM form",
            why=type(error).__name__,
            fix="copy the whole key, from BEGIN to END; make a new key pair if it is lost",
        ) from error


@lru_cache(maxsize=4)
def _key(pem: str) -> RSAPrivateKey:
    """Read a key once: its check takes longer than the signature. Raises `ValueError` for a public one."""
    key = RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(pem)
    if not isinstance(key, RSAPrivateKey):
        message = "the key is public"
        raise ValueError(message)  # noqa: TRY004 - it is the text that is wrong
    return key


def refusal(vendor: str, answer: httpx.Response, setting: str) -> Permanent:
    """Return the error for a refused grant, in the vendor's own words."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    said = body if isinstance(body, dict) else {}
    why = " - ".join(str(said[name]) for name in ("error", "error_description") if said.get(name))
    return Permanent(
        f"{vendor} refuses the credential",
        why=why or f"it answered {answer.status_code}",
        fix=f"check {setting}; the credential may be wrong, expired, revoked or without the needed permission",
    )
