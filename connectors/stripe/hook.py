"""Stripe's webhooks: which invoice has changed. The change itself is read by the next billing run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors import signing
from domain.errors import Permanent
from domain.signatures import SignatureEvent, Verdict

# https://docs.stripe.com/api/events/types
_CHANGES = ("invoice.", "credit_note.")
_OTHERS = (
    "account.", "balance.", "billing.", "billing_portal.", "capability.", "cash_balance.", "charge.", "checkout.",
    "climate.", "coupon.", "customer.", "entitlements.", "file.", "identity.", "invoice_payment.", "invoiceitem.",
    "mandate.", "payment_intent.", "payment_link.", "payment_method.", "payout.", "person.", "plan.", "price.",
    "product.", "promotion_code.", "quote.", "radar.", "refund.", "reporting.", "review.", "setup_intent.",
    "source.", "subscription_schedule.", "tax.", "tax_rate.", "terminal.", "test_helpers.", "topup.", "transfer.",
)  # fmt: skip
_NOT_YET = frozenset({"invoice.upcoming"})  # a preview without an id


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Object(_Lenient):
    id: str = ""


class _Data(_Lenient):
    object: _Object = _Object()


class _Event(_Lenient):
    id: str
    type: str
    account: str = ""
    data: _Data = _Data()


class StripeHook:
    """Verify Stripe's events and say which ones speak of invoices."""

    def __init__(self, secrets: Sequence[str], clock: Callable[[], datetime]) -> None:
        self._secrets = secrets
        self._clock = clock

    def events(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Sequence[SignatureEvent]:
        """Verify a webhook on its raw bytes and name its event. Raises `Forged` or `Permanent`."""
        del query
        signing.stripe(body, headers, self._secrets, now=self._clock())
        try:
            event = _Event.model_validate(json.loads(body))
        except (ValueError, ValidationError, RecursionError) as error:
            raise Permanent(
                "The webhook's body is not a Stripe event",
                why=type(error).__name__,
                fix="look at the delivery in Stripe's dashboard",
            ) from error
        return [
            SignatureEvent(
                event.id[:200], event.type, _verdict(event.type), event.account[:200], event.data.object.id[:200]
            )
        ]


def _verdict(kind: str) -> Verdict:
    if kind in _NOT_YET or kind.startswith(_OTHERS):
        return Verdict.IGNORED
    return Verdict.NOTED if kind.startswith(_CHANGES) else Verdict.UNKNOWN
