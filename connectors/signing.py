"""Whose webhook is it: every vendor's signature scheme as a pure function on the raw bytes.

Each function returns nothing and raises `Forged`, whatever the sender put into body and headers;
without a configured key it refuses everything. Several keys are valid while one is rotated.
Header names are in lower case, as ASGI servers give them. Where a vendor signs the time, a
delivery is refused five minutes before and after `now`.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Forged

Headers = Mapping[str, str]
WINDOW = 300  # seconds, either way
_LONGEST = 8192  # characters of a header; no vendor comes near
_DOCUSIGN_KEYS = 100
_UNIX_DIGITS = 10  # from 2001 to 2286
_HUBSPOT_DECODES = re.compile(r"%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
_OWN = "x-aftersign-signature"


def pandadoc(body: bytes, signature: str, keys: Sequence[str]) -> None:
    """Check PandaDoc's `?signature=`: hex HMAC-SHA256 of the body under the subscription's shared key.

    https://developers.pandadoc.com/docs/webhook-verification
    """
    scheme = _Scheme("PandaDoc's", "AFTERSIGN_PANDADOC__WEBHOOK_KEYS", "the shared key of the webhook subscription")
    scheme.require([signature], [_hex(key, body) for key in scheme.keys(keys)])


def docusign(body: bytes, headers: Headers, keys: Sequence[str]) -> None:
    """Check `X-DocuSign-Signature-1..100`: base64 HMAC-SHA256 of the body, one for each active Connect key.

    https://developers.docusign.com/platform/webhooks/connect/validate/
    """
    scheme = _Scheme("DocuSign's", "AFTERSIGN_DOCUSIGN__WEBHOOK_KEYS", "an HMAC key of Connect, and tick HMAC there")
    given = [_header(headers, f"x-docusign-signature-{number}") for number in range(1, _DOCUSIGN_KEYS + 1)]
    scheme.require(filter(None, given), [_base64(key, body) for key in scheme.keys(keys)])


def dropboxsign(event_time: str, event_type: str, event_hash: str, keys: Sequence[str]) -> None:
    """Check `event_hash`: hex HMAC-SHA256 of time and type under the API key.

    It covers nothing else: whatever the delivery says about a document must be asked for again.
    As the two are signed without anything between, the time must be ten digits of Unix seconds.
    https://developers.hellosign.com/docs/events/walkthrough/
    """
    scheme = _Scheme("Dropbox Sign's", "AFTERSIGN_DROPBOXSIGN__API_KEY", "the API key of the account that sends events")
    current = scheme.keys(keys)
    if not (event_time.isascii() and event_time.isdigit() and len(event_time) == _UNIX_DIGITS):
        raise scheme.forged("its event_time is not a time")
    message = _bytes(event_time + event_type)
    scheme.require([event_hash], [_hex(key, message) for key in current])


def slack(body: bytes, headers: Headers, secret: str, *, now: datetime) -> None:
    """Check `X-Slack-Signature`, version v0: hex HMAC-SHA256 of `v0:time:body` under the signing secret.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    scheme = _Scheme("Slack's", "AFTERSIGN_SLACK__SIGNING_SECRET", "the signing secret of the app")
    keys = scheme.keys([secret])
    moment = scheme.moment(_header(headers, "x-slack-request-timestamp"), now)
    message = b"v0:" + moment + b":" + body
    scheme.require([_header(headers, "x-slack-signature")], [b"v0=" + _hex(key, message) for key in keys])


def hubspot(method: str, uri: str, body: bytes, headers: Headers, secret: str, *, now: datetime) -> None:
    """Check `X-HubSpot-Signature-v3`: base64 HMAC-SHA256 of method, address, body and time.

    `uri` is the public address with its query as it is configured at HubSpot, never what the
    request's Host says. Versions 1 and 2, which HubSpot still sends beside it, sign no time and
    are refused.
    https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
    """
    scheme = _Scheme("HubSpot's", "AFTERSIGN_HUBSPOT__CLIENT_SECRET", "the client secret of the app")
    keys = scheme.keys([secret])
    moment = scheme.moment(_header(headers, "x-hubspot-request-timestamp"), now, per_second=1000)
    decoded = _HUBSPOT_DECODES.sub(lambda found: chr(int(found[0][1:], 16)), uri)
    message = _bytes(method + decoded) + body + moment
    scheme.require([_header(headers, "x-hubspot-signature-v3")], [_base64(key, message) for key in keys])


def stripe(body: bytes, headers: Headers, secrets: Sequence[str], *, now: datetime) -> None:
    """Check `Stripe-Signature`: `t=time` and any `v1=` with the hex HMAC-SHA256 of `time.body`.

    https://docs.stripe.com/webhooks#verify-manually
    """
    scheme = _Scheme("Stripe's", "AFTERSIGN_STRIPE__WEBHOOK_KEYS", "the signing secret of the endpoint (whsec_…)")
    keys = scheme.keys(secrets)
    parts = [part.partition("=")[::2] for part in _header(headers, "stripe-signature").split(",")]
    times = [value for name, value in parts if name == "t"]
    moment = scheme.moment(times[0] if len(times) == 1 else "", now)
    message = moment + b"." + body
    scheme.require([value for name, value in parts if name == "v1"], [_hex(key, message) for key in keys])


def standard(body: bytes, headers: Headers, secrets: Sequence[str], *, now: datetime, setting: str) -> None:
    """Check a Standard Webhook: `v1,` and the base64 HMAC-SHA256 of `id.time.body` under a `whsec_` secret.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    scheme = _Scheme("a Standard Webhook's", setting, "the secret of the sender, whsec_ and base64")
    keys = scheme.keys(secrets, _unpacked)
    moment = scheme.moment(_header(headers, "webhook-timestamp"), now)
    delivery = _header(headers, "webhook-id")
    if "." in delivery or not delivery:  # a dot could move what is id into what is body
        raise scheme.forged("its webhook-id is empty or holds a dot")
    message = _bytes(delivery) + b"." + moment + b"." + body
    given = _header(headers, "webhook-signature").split(" ")
    scheme.require(given, [b"v1," + _base64(key, message) for key in keys])


def own(body: bytes, headers: Headers, keys: Sequence[str]) -> None:
    """Check `X-Aftersign-Signature`, our own header: hex HMAC-SHA256 of the body."""
    scheme = _Scheme("the console's", "AFTERSIGN_CONSOLE__WEBHOOK_KEYS", "the key that the sender signs with")
    scheme.require([_header(headers, _OWN)], [_hex(key, body) for key in scheme.keys(keys)])


@dataclass(frozen=True, slots=True)
class _Scheme:
    """Say about one vendor what is missing and where to get it."""

    whose: str
    setting: str
    source: str

    def keys(self, texts: Sequence[str], unpack: Callable[[str], bytes] = str.encode) -> list[bytes]:
        found = [key for text in texts if (key := unpack(text))]
        if not found:
            raise self.forged("no webhook key is configured")
        return found

    def moment(self, text: str, now: datetime, *, per_second: int = 1) -> bytes:
        """Return the signed time as it was sent, when it is close to now."""
        if not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise self.forged("it does not say when it was sent")
        if abs(now.timestamp() - int(text) / per_second) > WINDOW:
            why = f"it was not sent within {WINDOW // 60} minutes of now"
            raise self.forged(why, "; if it is and was, set the clock of this machine")
        return text.encode()

    def require(self, given: Iterable[str], good: Sequence[bytes]) -> None:
        """Raise unless one of the given signatures is one of the good ones."""
        if not any(hmac.compare_digest(_bytes(one), each) for one in given for each in good):
            raise self.forged("it matches none of the configured keys")

    def forged(self, why: str, hint: str = "") -> Forged:
        fix = f"set {self.setting} to {self.source}{hint}"
        return Forged(f"The webhook's signature is not {self.whose}", why=why, fix=fix)


def _header(headers: Headers, name: str) -> str:
    value = headers.get(name, "")
    return value if len(value) <= _LONGEST else ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # lone surrogates are what a hostile header decodes to


def _hex(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256").hex().encode()


def _base64(key: bytes, message: bytes) -> bytes:
    return base64.b64encode(hmac.digest(key, message, "sha256"))


def _unpacked(secret: str) -> bytes:
    """Return the key inside a `whsec_` secret; nothing for any other text."""
    if not secret.startswith("whsec_"):
        return b""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        return b""
