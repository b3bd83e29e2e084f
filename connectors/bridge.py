"""Let an SDK that speaks through `requests` go out the one way: our endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from connectors.http import Endpoint


def session(endpoint: Endpoint) -> requests.Session:
    """Return a session that sends everything through the endpoint, and only to its host."""
    made = _Session()
    made.trust_env = False
    for scheme in ("https://", "http://"):
        made.mount(scheme, _Adapter(endpoint))
    return made


class _Session(requests.Session):
    """Take every redirect for the answer it is."""

    def get_redirect_target(self, resp: Response) -> None:
        """Name no place to go on to."""


class _Adapter(BaseAdapter):
    """Send an SDK's requests with our time-outs, pace, breaker and redaction."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__()
        self._endpoint = endpoint

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,  # noqa: ARG002 - ours hold
        verify: bool | str = True,  # noqa: ARG002, FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> Response:
        """Send one prepared request and return its answer. Raises `Transient` or `Permanent`."""
        answer = self._endpoint.send(
            request.method or "GET",
            str(request.url),
            content=_bytes(request.body),
            headers={name: str(value) for name, value in request.headers.items() if name.lower() not in _OURS},
        )
        return _response(request, answer.status_code, dict(answer.headers), answer.content)

    def close(self) -> None:
        """Leave the endpoint open; others use it."""


# The SDK must neither choose the credential, once an endpoint carries one, nor the framing.
_OURS = frozenset({"content-length", "accept-encoding", "connection", "host"})


def _bytes(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return str(body).encode()


def _response(request: PreparedRequest, status: int, headers: dict[str, str], content: bytes) -> Response:
    headers = {
        name: value for name, value in headers.items() if name.lower() not in {"content-encoding", "content-length"}
    }
    made = Response()
    made.status_code = status
    made.headers = CaseInsensitiveDict(headers)
    made.url = str(request.url)
    made.request = request
    made.raw = HTTPResponse(BytesIO(content), headers=headers, status=status, preload_content=False)
    made.encoding = "utf-8"
    made._content = content  # noqa: SLF001 - requests offers no other way to build a finished answer
    return made
