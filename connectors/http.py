"""The one way out over HTTP: time-outs, no redirects, and statuses turned into who must act."""

from __future__ import annotations

import json as json_module
import logging
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from connectors.pace import Breaker, Pace
from connectors.redact import redact
from domain.errors import AftersignError, ConfigurationError, Permanent, Transient

log = logging.getLogger("aftersign.http")
# httpx writes whole addresses, with their queries, to its own log.
logging.getLogger("httpx").setLevel(logging.WARNING)

Params = Mapping[str, str | int | Sequence[str]]
TIMEOUT = httpx.Timeout(30, connect=5)
MAX_BYTES = 60 * 1024 * 1024

# Who must act on a status unless the vendor's own table says otherwise.
_WAITING_HELPS = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
# Worth another attempt within the same call.
_BRIEF = frozenset({502, 503, 504})
_BACKOFF = (0.3, 1.0)
_SHORT = 5.0  # seconds; for a longer wish the scheduler comes back
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

    Reads, and writes that the caller calls `repeatable` because they are absolute or keyed, are
    tried up to three times while the vendor is briefly away; a 429 was not carried out and is
    always tried again when the vendor asks for a short wait. `hosts` are further hosts that a
    vendor's answer may name; `explain` is the vendor's own table of errors. Raises
    `ConfigurationError` for plain http to anything but this machine, and on use `Transient` or
    `Permanent`.
    """

    vendor: str
    base_url: str
    headers: Mapping[str, str]
    client: httpx.Client
    pace: Pace = field(default_factory=Pace)
    breaker: Breaker = field(default_factory=Breaker)
    explain: Callable[[httpx.Response], AftersignError | None] = lambda _: None
    hosts: frozenset[str] = frozenset()
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        require_safe(self.vendor, self.base_url, f"AFTERSIGN_{self.vendor.upper()}__BASE_URL")

    def get(
        self, path: str, *, params: Params | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a GET and return the answer, whatever its status."""
        return self.send("GET", path, params=params, headers=headers)

    def json(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> dict[str, Any]:
        """Send one request and return the object it is answered with; numbers with a point are `Decimal`.

        Raises `Transient` for a cut-off answer and for statuses where waiting helps, else `Permanent`.
        """
        answer = self.send(method, path, params=params, json=json, headers=headers, repeatable=repeatable)
        return self.parsed(self.checked(answer))

    def parsed(self, answer: httpx.Response) -> dict[str, Any]:
        """Return the JSON object of an answer; `{}` for one without a body."""
        where = f"{answer.request.method} {answer.request.url.path}"
        if answer.status_code == 204 or not answer.content:
            return {}
        try:
            body = json_of(answer.content)
        except ValueError as error:
            raise Transient(
                f"The answer of {self.vendor} to {redact(where)} is not JSON", why=_reason(answer)
            ) from error
        if not isinstance(body, dict):
            raise Permanent(f"The answer of {self.vendor} to {redact(where)} has another shape than documented")
        return body

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: object = None,
        data: Mapping[str, str] | None = None,
        content: bytes | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> httpx.Response:
        """Send a request and return the answer; only transport failures and refusals of ours raise here."""
        url = self._address(path)
        safe = repeatable or method in {"GET", "HEAD", "OPTIONS"}
        for waits_left in (2, 1, 0):
            request = self.client.build_request(
                method,
                url,
                params=params,
                json=json,
                data=data,
                content=content,
                files=files,
                headers={**self.headers, **(headers or {})},
            )
            answer = self._once(request, again=safe and waits_left > 0)
            pause = _pause(answer, waits_left, safe=safe)
            if pause is None:
                return cast("httpx.Response", answer)
            self.sleep(pause)
        raise AssertionError  # the last round either returns or raises

    def checked(self, response: httpx.Response) -> httpx.Response:
        """Return a 2xx answer. Raises `Transient` or `Permanent` otherwise."""
        if response.is_success:
            return response
        if known := self.explain(response):
            raise known
        what = f"{self.vendor} answered {response.status_code} to {redact(_where(response.request))}"
        if response.status_code in _WAITING_HELPS:
            raise Transient(what, why=_reason(response), retry_after=retry_after(response))
        if response.is_redirect:
            raise Permanent(what, why="redirects are never followed", fix=f"correct the address of {self.vendor}")
        fix = _FIXES.get(response.status_code, "look at the vendor's answer above")
        raise Permanent(what, why=_reason(response), fix=fix)

    def _address(self, path: str) -> str:
        """Return the full address of a path; a full address is taken only to a configured host."""
        if "://" not in path.partition("?")[0]:
            return self.base_url.rstrip("/") + "/" + path.lstrip("/")
        given, base = urlsplit(path), urlsplit(self.base_url)
        if given.netloc == base.netloc and (given.hostname or ""):
            return urlunsplit((base.scheme, *given[1:]))
        if given.scheme == "https" and given.netloc in self.hosts:
            return path
        raise Permanent(
            f"{self.vendor} named an address at {given.hostname!r}, which is not asked",
            why="only configured hosts are",
            fix=f"if that host is right, correct AFTERSIGN_{self.vendor.upper()}__BASE_URL",
        )

    def _once(self, request: httpx.Request, *, again: bool) -> httpx.Response | None:
        """Send one request; `None` means that the connection failed and another attempt is allowed."""
        self.breaker.enter(self.vendor)
        self.pace.wait(self.vendor)
        started, failed = time.monotonic(), True
        told: object = "no answer"
        try:
            response = self.client.send(request, stream=True)
            try:
                _read(response, self.vendor)
            finally:
                response.close()
            told, failed = response.status_code, response.status_code >= 500
        except httpx.RequestError as error:
            if again and isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError | httpx.ConnectTimeout):
                return None
            raise Transient(
                f"{self.vendor} did not answer {redact(_where(request))}",
                why=type(error).__name__,
                fix="nothing, unless it lasts: then check the network and the vendor's status page",
            ) from error
        except AftersignError:
            failed = False  # the credential or the answer's size, not the vendor's health
            raise
        finally:
            self.breaker.tell(failed=failed)
            log.info(
                "%s: %s -> %s in %d ms", self.vendor, redact(_where(request)), told, (time.monotonic() - started) * 1000
            )
        return response


def client(auth: httpx.Auth | None = None, timeout: httpx.Timeout | float = TIMEOUT) -> httpx.Client:
    """Return a client with our time-outs; it follows no redirect and ignores proxy variables."""
    return httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False, auth=auth, verify=_trusted())


@lru_cache
def _trusted() -> ssl.SSLContext:
    """Return the certificate authorities; reading them takes longer than most requests."""
    return httpx.create_ssl_context(trust_env=False)


def require_safe(vendor: str, url: str, setting: str) -> None:
    """Raise `ConfigurationError` unless the address is https or on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and _loopback(parts.hostname or "") and "@" not in parts.netloc:
        return
    raise ConfigurationError(
        f"The address of {vendor} is not usable: {url!r}",
        why="credentials travel with every request, so only https (or this machine) is allowed",
        fix=f"set {setting} to an https:// address",
    )


def segment(value: str, vendor: str = "") -> str:
    """Return a value as one segment of a path. Raises `Permanent` for one that could leave it."""
    if value and value not in {".", ".."} and len(value) <= 300 and value.isprintable():
        return quote(value, safe="")
    raise Permanent(
        f"{value[:64]!r} is not an id of {vendor or 'the vendor'}",
        why="it is empty, too long, or would change the address",
        fix="look at where the id came from",
    )


def json_of(content: bytes) -> Any:
    """Return parsed JSON with every number that has a point as `Decimal`. Raises `ValueError`."""
    try:
        return json_module.loads(content, parse_float=Decimal)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


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


def _pause(answer: httpx.Response | None, waits_left: int, *, safe: bool) -> float | None:
    """Return how long to wait before another attempt, or `None` to leave it at this answer."""
    backoff = _BACKOFF[2 - waits_left] if waits_left else None
    if answer is None or waits_left == 0:
        return backoff
    wished = retry_after(answer)
    if wished is not None and wished > _SHORT:
        return None
    if answer.status_code == 429 and wished is not None:
        return max(wished, 0.05)
    return backoff if safe and answer.status_code in _BRIEF else None


def _where(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"  # never the query: it holds names and tokens


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
    return redact(response.text[:300])


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
