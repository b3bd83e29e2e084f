"""The one way out over HTTP: time-outs, no redirects, and statuses turned into who must act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from domain.errors import ConfigurationError, Permanent, Transient

TIMEOUT = httpx.Timeout(30, connect=5)
MAX_BYTES = 60 * 1024 * 1024

# Who must act on a status unless the vendor's own table says otherwise.
_WAITING_HELPS = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_FIXES = {
    400: "compare the request with the vendor's documentation; a mandatory field may be new",
    401: "check the credential; it may be wrong, expired or revoked",
    403: "grant the credential the scope that the connector's README lists",
    404: "check that the object still exists and that the credential may see it",
    409: "look at the object at the vendor; it is in a state that forbids this",
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Send requests to one vendor under one base URL.

    Raises `ConfigurationError` for plain http to anything but this machine, and on use
    `Transient` or `Permanent`.
    """

    vendor: str
    base_url: str
    headers: Mapping[str, str]
    client: httpx.Client

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname or "")):
            return
        raise ConfigurationError(
            f"The address of {self.vendor} is not usable: {self.base_url!r}",
            why="credentials travel with every request, so only https (or this machine) is allowed",
            fix=f"set AFTERSIGN_{self.vendor.upper()}__BASE_URL to an https:// address",
        )

    def get(self, path: str, *, params: Mapping[str, str | int] | None = None) -> httpx.Response:
        """Send a GET and return the answer, whatever its status."""
        return self.send("GET", path, params=params)

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        data: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send one request and return the answer; only transport failures raise here."""
        url = self.base_url.rstrip("/") + "/" + path.lstrip("/")
        request = self.client.build_request(
            method, url, params=params, json=json, data=data, headers=dict(self.headers)
        )
        try:
            response = self.client.send(request, stream=True)
            try:
                _read(response, self.vendor)
            finally:
                response.close()
        except httpx.RequestError as error:
            raise Transient(
                f"{self.vendor} did not answer {method} {path}",
                why=type(error).__name__,
                fix="nothing, unless it lasts: then check the network and the vendor's status page",
            ) from error
        return response

    def checked(self, response: httpx.Response) -> httpx.Response:
        """Return a 2xx answer. Raises `Transient` or `Permanent` otherwise."""
        if response.is_success:
            return response
        where = f"{response.request.method} {response.request.url.path}"
        what = f"{self.vendor} answered {response.status_code} to {where}"
        if response.status_code in _WAITING_HELPS:
            raise Transient(what, why=_reason(response), retry_after=retry_after(response))
        if response.is_redirect:
            raise Permanent(what, why="redirects are never followed", fix=f"correct the address of {self.vendor}")
        fix = _FIXES.get(response.status_code, "look at the vendor's answer above")
        raise Permanent(what, why=_reason(response), fix=fix)


def client() -> httpx.Client:
    """Return a client with our time-outs; it follows no redirect and ignores proxy variables."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)


def retry_after(response: httpx.Response, *, now: datetime | None = None) -> float | None:
    """Return the seconds a vendor asks us to wait, given as a number or as a date."""
    value = response.headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    moment, reference = _moment(value), now or _moment(response.headers.get("date", ""))
    if moment is None or reference is None:
        return None
    return max(0.0, (moment - reference).total_seconds())


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(response: httpx.Response, vendor: str) -> None:
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > MAX_BYTES:
            raise Permanent(
                f"{vendor} sent more than {MAX_BYTES // 2**20} MiB",
                why="no document we accept is that large",
                fix="download the document by hand and import it",
            )
        chunks.append(chunk)
    response._content = b"".join(chunks)  # noqa: SLF001 - httpx offers no bounded read of its own


def _reason(response: httpx.Response) -> str:
    """Return the vendor's own words, cut short; HTML pages are not worth repeating."""
    if "html" in response.headers.get("content-type", ""):
        return "the answer was an HTML page, not an API answer"
    return response.text[:300]


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
