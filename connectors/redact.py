"""Keep secrets and personal data out of logs and error texts."""

from __future__ import annotations

import re

_SECRETS = re.compile(
    r"(?i)\b(?P<scheme>bearer|basic|api-key|token)\s+[\w.~+/=-]{8,}"
    r"|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"
    r"|\b(?:xox[a-z]|xapp|sk|rk|whsec|pat)[-_][\w-]{8,}"
    r"|(?P<name>(?:access_token|refresh_token|client_secret|api_key|apikey|assertion|password|signature)"
    r"[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,}]+"
)
_EMAIL = re.compile(r"[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")


def redact(text: str) -> str:
    """Replace what looks like a credential or a mail address."""
    return _EMAIL.sub("<e-mail>", _SECRETS.sub(_kept, text))


def _kept(found: re.Match[str]) -> str:
    if found["scheme"]:
        return f"{found['scheme']} <secret>"
    return f"{found['name'] or ''}<secret>"
