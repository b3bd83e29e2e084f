"""Let Slack's SDK go out the one way: our endpoint."""

from __future__ import annotations

import logging
from typing import Any
from urllib.request import Request

from slack_sdk import WebClient

from connectors.http import Endpoint

log = logging.getLogger("aftersign.slack")
log.setLevel(logging.INFO)  # below that the SDK writes whole messages

# Methods that change nothing and may be asked again while Slack is briefly away.
_READS = frozenset({
    "auth.test", "chat.scheduledMessages.list", "conversations.history", "conversations.list",
    "conversations.open", "conversations.replies", "users.info", "users.lookupByEmail",
})  # fmt: skip
_OURS = frozenset({"content-length", "accept-encoding", "connection", "host"})


class Wire(WebClient):
    """Speak the SDK's methods over our endpoint: its time-outs, pace, breaker and redaction.

    The SDK by itself follows redirects with the token, believes proxy variables and repeats a
    post whose connection broke, which may post twice. Here it has no retries of its own.
    """

    def __init__(self, endpoint: Endpoint, token: str | None = None) -> None:
        super().__init__(token=token, base_url=endpoint.base_url, logger=log, retry_handlers=[])
        self.proxy = None
        self._endpoint = endpoint

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        answer = self._endpoint.send(
            "POST",
            url,
            content=req.data if isinstance(req.data, bytes) else b"",
            headers={name: str(value) for name, value in req.header_items() if name.lower() not in _OURS},
            repeatable=url.rpartition("/")[2] in _READS,
        )
        return {"status": answer.status_code, "headers": dict(answer.headers), "body": answer.text}
