"""HubSpot's pure pieces: values, error answers, and webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx
import pytest

from connectors.hubspot import values
from connectors.hubspot.errors import explain
from connectors.hubspot.hook import HubSpotHook
from connectors.hubspot.models import Record
from domain.errors import Forged, Permanent, Transient
from domain.money import Money
from domain.signatures import Verdict

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADDRESS = "https://handoff.example/webhooks/hubspot"
SECRET = "s3cret"
CHANGE: dict[str, Any] = {
    "eventId": 3816279340, "subscriptionId": 25, "portalId": 62515, "appId": 11592, "occurredAt": 1795392000000,
    "subscriptionType": "deal.propertyChange", "attemptNumber": 0, "objectId": 9001, "changeSource": "CRM",
    "propertyName": "dealstage", "propertyValue": "closedwon",
}  # fmt: skip


def delivered(*events: dict[str, Any], secret: str = SECRET, address: str = ADDRESS, body: bytes = b"") -> Any:
    """Return what our hook makes of a delivery that HubSpot signed."""
    body, moment = body or json.dumps(events).encode(), str(int(NOW.timestamp() * 1000))
    message = b"POST" + address.encode() + body + moment.encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), message, hashlib.sha256)).decode()
    headers = {"x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": moment}
    return HubSpotHook(SECRET, ADDRESS, lambda: NOW).events(body, headers, {})


class TestAWebhook:
    def test_about_a_deal_names_the_deal(self) -> None:
        (event,) = delivered(CHANGE)
        assert (event.verdict, event.document, event.account) == (Verdict.NOTED, "9001", "62515")
        assert event.kind == "deal.propertyChange"

    @pytest.mark.parametrize(
        ("change", "verdict", "document"),
        [
            ({"subscriptionType": "object.propertyChange", "objectTypeId": "0-3"}, Verdict.NOTED, "9001"),
            ({"subscriptionType": "object.propertyChange", "objectTypeId": "0-2"}, Verdict.IGNORED, ""),
            ({"subscriptionType": "deal.associationChange", "fromObjectId": 7}, Verdict.NOTED, "7"),
            (
                {"subscriptionType": "object.associationChange", "fromObjectId": 7, "fromObjectTypeId": "0-3"},
                Verdict.NOTED,
                "7",
            ),
            ({"subscriptionType": "object.associationChange", "fromObjectTypeId": "0-1"}, Verdict.IGNORED, ""),
            ({"subscriptionType": "deal.creation"}, Verdict.IGNORED, ""),
            ({"subscriptionType": "contact.privacyDeletion"}, Verdict.IGNORED, ""),
            ({"subscriptionType": "deal.teleport"}, Verdict.UNKNOWN, ""),
            ({"subscriptionType": "starship.creation"}, Verdict.UNKNOWN, ""),
            ({"subscriptionType": ""}, Verdict.UNKNOWN, ""),
        ],
    )
    def test_that_changes_nothing_of_ours_is_ignored_and_a_new_kind_is_loud(
        self, change: dict[str, Any], verdict: Verdict, document: str
    ) -> None:
        (event,) = delivered(CHANGE | change)
        assert (event.verdict, event.document) == (verdict, document)

    def test_is_recognised_when_hubspot_tries_again(self) -> None:
        first, again = delivered(CHANGE), delivered(CHANGE | {"attemptNumber": 3})
        assert first[0].event_id == again[0].event_id

    def test_with_one_event_id_for_two_changes_stays_two(self) -> None:
        events = delivered(CHANGE, CHANGE | {"objectId": 9002}, CHANGE | {"propertyName": "amount"})
        assert len({event.event_id for event in events}) == 3

    @pytest.mark.parametrize(
        ("secret", "address"), [("other", ADDRESS), (SECRET, "https://elsewhere.example/webhooks/hubspot")]
    )
    def test_that_somebody_else_signed_is_forged(self, secret: str, address: str) -> None:
        with pytest.raises(Forged):
            delivered(CHANGE, secret=secret, address=address)

    def test_is_refused_where_no_secret_is_set(self) -> None:
        with pytest.raises(Forged):
            HubSpotHook("", ADDRESS, lambda: NOW).events(b"[]", {}, {})

    @pytest.mark.parametrize("body", [b"{}", b"not json", b'[{"eventId": 1}]', b"[" * 2000])
    def test_that_is_no_list_of_events_needs_a_person(self, body: bytes) -> None:
        with pytest.raises(Permanent, match="not a list of HubSpot events"):
            delivered(body=body)


class TestAValue:
    @pytest.mark.parametrize(
        ("stored", "value", "same"),
        [
            ("2028-09-29", date(2028, 9, 29), True),
            ("2028-09-29T00:00:00Z", date(2028, 9, 29), True),
            ("2028-09-30", date(2028, 9, 29), False),
            ("", date(2028, 9, 29), False),
            ("true", True, True),
            ("True", True, True),
            ("", False, False),
            ("96000.5", Money(Decimal("96000.50"), "EUR"), True),
            ("much", Money(Decimal(1), "EUR"), False),
            ("", Money(Decimal(1), "EUR"), False),
        ],
    )
    def test_is_written_only_where_it_differs(self, stored: str, value: object, same: bool) -> None:
        assert values.same(stored, value) == same

    def test_of_a_moment_is_in_utc_with_milliseconds(self) -> None:
        berlin = timezone(timedelta(hours=1))
        assert values.moment(datetime(2026, 11, 24, 9, tzinfo=berlin)) == "2026-11-24T08:00:00.000Z"

    @pytest.mark.parametrize("hours", range(-12, 12))
    def test_of_a_closing_day_is_that_day_in_every_office(self, hours: int) -> None:
        shown = datetime.fromisoformat(values.noon(date(2026, 11, 23)))
        assert shown.astimezone(timezone(timedelta(hours=hours))).date() == date(2026, 11, 23)

    @pytest.mark.parametrize(("read", "text"), [(values.number, "many"), (values.months, "1.5"), (values.day, "soon")])
    def test_of_another_kind_names_property_and_text(self, read: Any, text: str) -> None:
        with pytest.raises(Permanent, match="property months does not hold") as caught:
            read(Record(id="1", properties={"months": text}), "months")
        assert text in caught.value.why


class TestAnErrorAnswer:
    @staticmethod
    def told(status: int, body: object, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = httpx.Request("PATCH", "https://api.hubapi.com/crm/objects/2026-09/deals/1?x=secret")
        return explain(httpx.Response(status, content=content, headers=headers, request=request))

    def test_names_properties_wherever_they_stand(self) -> None:
        context = {"category": "VALIDATION_ERROR", "context": {"properties": ["a"]}, "errors": [
            {"message": "m", "context": {"propertyName": ["b"]}}, "not an object",
        ]}  # fmt: skip
        message = {"category": "VALIDATION_ERROR", "message": 'invalid: [{"isValid":false,"name":"c"}]'}
        assert "correct a, b in HubSpot" in self.told(400, context).fix
        assert "correct c in HubSpot" in self.told(400, message).fix

    def test_keeps_the_wait_that_hubspot_names(self) -> None:
        error = self.told(429, {"policyName": "TEN_SECONDLY_ROLLING"}, **{"retry-after": "7"})
        assert isinstance(error, Transient)
        assert error.retry_after == 7

    def test_of_a_moving_account_waits(self) -> None:
        assert self.told(477, {}, **{"retry-after": "60"}).retry_after == 60

    @pytest.mark.parametrize("body", [b"<html>", b"[]", b"", {}, {"message": "odd"}])
    def test_that_is_not_hubspots_own_is_left_to_the_common_table(self, body: object) -> None:
        assert self.told(502, body) is None

    def test_never_repeats_the_query(self) -> None:
        assert "secret" not in str(self.told(403, {"category": "MISSING_SCOPES"}))
