"""What the e-signature fakes change about our own HTTP client: how long it waits, and who watches it."""

from __future__ import annotations

from collections.abc import Callable

import httpx

Hook = Callable[[httpx.Response], None]


def prepared(client: httpx.Client, seconds: float, hook: Hook | None) -> httpx.Client:
    """Return the client with another time-out and somebody who sees every answer."""
    client.timeout = httpx.Timeout(seconds)
    client.event_hooks = {"response": [hook] if hook else []}
    return client
