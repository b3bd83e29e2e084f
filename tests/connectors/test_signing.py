"""Signatures: every published vector, and nothing accepted that was changed on the way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import signing
from domain.errors import Forged
from tests.conftest import shared

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SECONDS = str(int(NOW.timestamp()))
BODY = b'[{"event": "document_state_changed", "data": {"id": "abc", "status": "document.completed"}}]\r\n'
KEYS = ["new key", "old key"]
WHSEC = ["whsec_" + base64.b64encode(key.encode()).decode() for key in KEYS]
URI = "https://aftersign.example/webhooks/hubspot?next=%2Fdeals%3Fid%3D1"


@dataclass(frozen=True)
class Delivery:
    """Hold what a sender controls: the body and texts by name; `meaning` compares what is left of them."""

    body: bytes
    texts: dict[str, str]


@dataclass(frozen=True)
class Scheme:
    """Hold one scheme as these tests see it."""

    name: str
    delivery: Delivery
    check: Callable[[Delivery], None]
    meaning: Callable[[Delivery], Any] = lambda delivery: delivery


def mac(message: bytes, key: str = KEYS[0]) -> bytes:
    return hmac.new(key.encode(), message, hashlib.sha256).digest()


def b64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def schemes(keys: list[str] = KEYS, now: datetime = NOW) -> list[Scheme]:
    """Return every scheme with a delivery that is valid under the first of `KEYS` at `NOW`."""
    milliseconds = SECONDS + "000"
    decoded = URI.replace("%2F", "/").replace("%3F", "?")
    whsec = ["whsec_" + base64.b64encode(key.encode()).decode() for key in keys]
    first = keys[0] if keys else ""
    return [
        Scheme(
            "PandaDoc",
            Delivery(BODY, {"signature": mac(BODY).hex()}),
            lambda d: signing.pandadoc(d.body, d.texts["signature"], keys),
        ),
        Scheme(
            "DocuSign",
            Delivery(BODY, {"x-docusign-signature-1": b64(mac(BODY, "retired")), "x-docusign-signature-2": b64(mac(BODY))}),
            lambda d: signing.docusign(d.body, d.texts, keys),
            lambda d: (d.body, d.texts["x-docusign-signature-2"]),
        ),
        Scheme(
            "Dropbox Sign",
            Delivery(b"", {"time": SECONDS, "type": "signature_request_sent", "hash": mac(f"{SECONDS}signature_request_sent".encode()).hex()}),
            lambda d: signing.dropboxsign(d.texts["time"], d.texts["type"], d.texts["hash"], keys),
            lambda d: d.texts,
        ),
        Scheme(
            "Slack",
            Delivery(BODY, {"x-slack-request-timestamp": SECONDS, "x-slack-signature": "v0=" + mac(f"v0:{SECONDS}:".encode() + BODY).hex()}),
            lambda d: signing.slack(d.body, d.texts, first, now=now),
        ),
        Scheme(
            "HubSpot",
            Delivery(
                BODY,
                {"x-hubspot-request-timestamp": milliseconds, "x-hubspot-signature-v3": b64(mac(f"POST{decoded}".encode() + BODY + milliseconds.encode())), "method": "POST", "uri": URI},
            ),
            lambda d: signing.hubspot(d.texts["method"], d.texts["uri"], d.body, d.texts, first, now=now),
            lambda d: (d.body, {**d.texts, "uri": unquote(d.texts["uri"])}),
        ),
        Scheme(
            "Stripe",
            Delivery(BODY, {"stripe-signature": f"t={SECONDS},v1={mac(BODY, 'retired').hex()},v1={mac(f'{SECONDS}.'.encode() + BODY).hex()}"}),
            lambda d: signing.stripe(d.body, d.texts, keys, now=now),
            lambda d: (d.body, _told(d.texts["stripe-signature"], ",", SECONDS)),
        ),
        Scheme(
            "Standard Webhooks",
            Delivery(BODY, {"webhook-id": "msg_1", "webhook-timestamp": SECONDS, "webhook-signature": f"v1a,abc v1,{b64(mac(f'msg_1.{SECONDS}.'.encode() + BODY))}"}),
            lambda d: signing.standard(d.body, d.texts, whsec, now=now, setting="AFTERSIGN_CONSOLE__WEBHOOK_KEYS"),
            lambda d: (d.body, d.texts["webhook-id"], d.texts["webhook-timestamp"], d.texts["webhook-signature"].split(" ")[-1:] or ""),
        ),
        Scheme("our own", Delivery(BODY, {"x-aftersign-signature": mac(BODY).hex()}), lambda d: signing.own(d.body, d.texts, keys)),
    ]  # fmt: skip


def _told(header: str, separator: str, time: str) -> tuple[str, bool, int]:
    """Say what a list-like header means: the time, whether the good signature is there, how many times."""
    good, parts = mac(f"{time}.".encode() + BODY).hex(), header.split(separator)
    times = [part for part in parts if part.startswith("t=")]
    return times[0] if times else "", f"v1={good}" in parts, len(times)


def every(keys: list[str] = KEYS) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("scheme", schemes(keys), ids=lambda scheme: scheme.name)


class TestPublishedVectors:
    """What the vendors print, or test their own libraries with."""

    def test_of_slack(self) -> None:
        body = (
            b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
            b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
            b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        )
        headers = {
            "x-slack-request-timestamp": "1531420618",
            "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        }
        now = datetime.fromtimestamp(1531420618, UTC)
        signing.slack(body, headers, "8f742231b10e8888abcd99yyyzzz85a5", now=now)

    def test_of_hubspot(self) -> None:
        headers = {
            "x-hubspot-request-timestamp": "15000000",
            "x-hubspot-signature-v3": "HPW73RUtKmcYoEDADG0s6MmGFWUzWJKAW07r8RDgcQw=",
        }
        signing.hubspot(
            "POST",
            "https://www.example.com/webhook_uri",
            b"{'example_field':'example_value'}",
            headers,
            "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
            now=datetime.fromtimestamp(15000, UTC),
        )

    def test_of_standard_webhooks(self) -> None:
        headers = {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
        now = datetime.fromtimestamp(1614265330, UTC)
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        signing.standard(b'{"test": 2432232314}', headers, [secret], now=now, setting="S")

    def test_of_dropbox_sign(self) -> None:
        key, seen = "324e3b0840f065eb51f3fd63231d0d33daa35d4ed10d27718839e81737065782", 0
        for kind in ("Account", "App"):
            path = shared(f"data/webhooks/dropboxsign/EventCallbackHelper_{kind}Callbacks.json")
            for fixture in json.loads(path.read_text(encoding="utf-8")).values():
                event = fixture["event"]
                signing.dropboxsign(event["event_time"], event["event_type"], event["event_hash"], [key])
                with pytest.raises(Forged):
                    signing.dropboxsign(event["event_time"], event["event_type"], event["event_hash"], [key[::-1]])
                seen += 1
        assert seen == 12


class TestASignature:
    @every()
    def test_is_accepted_under_the_new_key(self, scheme: Scheme) -> None:
        scheme.check(scheme.delivery)

    @every(["other", *KEYS])
    def test_is_accepted_under_any_key_where_several_rotate(self, scheme: Scheme) -> None:
        if scheme.name in {"Slack", "HubSpot"}:  # one secret an app, replaced at once
            with pytest.raises(Forged):
                scheme.check(scheme.delivery)
        else:
            scheme.check(scheme.delivery)

    @every(["another key"])
    def test_is_refused_under_another_key_and_says_what_to_set(self, scheme: Scheme) -> None:
        with pytest.raises(Forged, match=r"none of the configured keys\. Fix: set AFTERSIGN_[A-Z]+__[A-Z_]+ to "):
            scheme.check(scheme.delivery)

    @pytest.mark.parametrize("keys", [[], [""]])
    def test_is_refused_without_a_key_even_when_signed_with_an_empty_one(self, keys: list[str]) -> None:
        for scheme in schemes(keys):
            for name in scheme.delivery.texts:
                forged = Delivery(BODY, {**scheme.delivery.texts, name: mac(BODY, "").hex()})
                with pytest.raises(Forged, match="no webhook key is configured"):
                    scheme.check(forged)

    @every()
    def test_is_refused_when_a_header_is_missing(self, scheme: Scheme) -> None:
        signed = [n for n in scheme.delivery.texts if n not in {"method", "uri", "x-docusign-signature-1"}]
        for name in signed:
            with pytest.raises(Forged):
                scheme.check(Delivery(scheme.delivery.body, {**scheme.delivery.texts, name: ""}))

    @pytest.mark.parametrize(
        "hostile", ["\ud800", "ü" * 40, "\x00", "\xff\xfe", "v0=", "t=,v1=", "v1,", "=" * 8, "9" * 400, "A" * 1_000_000,
                    "²", "-1", "1e9", " 1795442400", "0x10", "١٢٣", ",".join(["v1=ab"] * 5000), " ".join(["v1,ab"] * 5000)]
    )  # fmt: skip
    def test_of_hostile_bytes_is_refused_and_nothing_else_happens(self, hostile: str) -> None:
        for scheme in schemes():
            signed = [n for n in scheme.delivery.texts if n != "x-docusign-signature-1"]
            for name in signed:
                with pytest.raises(Forged):
                    scheme.check(Delivery(scheme.delivery.body, {**scheme.delivery.texts, name: hostile}))

    @given(st.binary(max_size=60), st.text(max_size=60))
    def test_is_never_proven_by_chance(self, body: bytes, text: str) -> None:
        for scheme in schemes():
            with pytest.raises(Forged):
                scheme.check(Delivery(body, dict.fromkeys(scheme.delivery.texts, text)))


class TestTheTimeOfADelivery:
    TIMED = ("Slack", "HubSpot", "Stripe", "Standard Webhooks")

    @pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
    def test_may_be_five_minutes_off_either_way(self, seconds: int) -> None:
        for scheme in schemes(now=NOW + timedelta(seconds=seconds)):
            scheme.check(scheme.delivery)

    @pytest.mark.parametrize("seconds", [-86400, -301, 301, 86400])
    def test_may_be_no_further_off(self, seconds: int) -> None:
        for scheme in schemes(now=NOW + timedelta(seconds=seconds)):
            if scheme.name in self.TIMED:
                with pytest.raises(Forged, match=r"within 5 minutes of now.*set the clock"):
                    scheme.check(scheme.delivery)
            else:
                scheme.check(scheme.delivery)


class TestWhatOneVendorDoesDifferently:
    def test_hubspots_older_versions_are_refused(self) -> None:
        for version, text in (("v1", "secret" + "{}"), ("v2", "secretPOSThttps://a.example/" + "{}")):
            headers = {
                "x-hubspot-signature": hashlib.sha256(text.encode()).hexdigest(),
                "x-hubspot-signature-version": version,
                "x-hubspot-request-timestamp": SECONDS + "000",
            }
            with pytest.raises(Forged):
                signing.hubspot("POST", "https://a.example/", b"{}", headers, "secret", now=NOW)

    @pytest.mark.parametrize(
        ("sent", "signed"),
        [("%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B", ":/?@!$'()*,;"), ("%3a%2f", ":/"), ("%20%26%3D%25%41", "%20%26%3D%25%41"), ("%253A", "%253A")],
    )  # fmt: skip
    def test_hubspots_address_is_decoded_only_where_hubspot_does(self, sent: str, signed: str) -> None:
        moment = SECONDS + "000"
        signature = b64(mac(f"GEThttps://a.example/x?y={signed}{moment}".encode(), "secret"))
        headers = {"x-hubspot-request-timestamp": moment, "x-hubspot-signature-v3": signature}
        signing.hubspot("GET", f"https://a.example/x?y={sent}", b"", headers, "secret", now=NOW)

    def test_a_digit_cannot_wander_from_dropbox_signs_time_to_its_type(self) -> None:
        time, kind = SECONDS, "signature_request_downloadable"
        for shift in range(-3, 4):
            text = time + kind
            place = len(time) + shift
            if shift:
                with pytest.raises(Forged):
                    signing.dropboxsign(text[:place], text[place:], mac(text.encode()).hex(), KEYS)

    def test_a_digit_cannot_wander_from_hubspots_body_to_its_time(self) -> None:
        moment = SECONDS + "000"
        signature = b64(mac(f"POSThttps://a.example/7{moment}".encode(), "secret"))
        for body, time in ((b"", "7" + moment), (b"7" + moment[:1].encode(), moment[1:])):
            headers = {"x-hubspot-request-timestamp": time, "x-hubspot-signature-v3": signature}
            with pytest.raises(Forged):
                signing.hubspot("POST", "https://a.example/", body, headers, "secret", now=NOW)

    def test_stripe_with_two_times_is_refused(self) -> None:
        good = schemes()[5].delivery.texts["stripe-signature"]
        with pytest.raises(Forged):
            signing.stripe(BODY, {"stripe-signature": f"t=1,{good}"}, KEYS, now=NOW)

    def test_a_dot_cannot_wander_from_a_standard_webhooks_id_to_its_body(self) -> None:
        headers = {"webhook-id": f"msg.{SECONDS}", "webhook-timestamp": SECONDS}
        signature = f"v1,{b64(mac(f'msg.{SECONDS}.{SECONDS}.'.encode() + BODY))}"
        with pytest.raises(Forged, match="dot"):
            signing.standard(BODY, {**headers, "webhook-signature": signature}, WHSEC, now=NOW, setting="S")

    @pytest.mark.parametrize("secret", ["plain", "whsec_", "whsec_***", "whsec_abc"])
    def test_a_standard_webhook_needs_a_readable_secret(self, secret: str) -> None:
        with pytest.raises(Forged, match="no webhook key.*set SETTING to .*whsec_"):
            signing.standard(BODY, schemes()[6].delivery.texts, [secret], now=NOW, setting="SETTING")

    def test_docusign_may_sign_with_any_of_a_hundred_keys(self) -> None:
        signing.docusign(BODY, {"x-docusign-signature-100": b64(mac(BODY))}, KEYS)
        with pytest.raises(Forged):
            signing.docusign(BODY, {"x-docusign-signature-101": b64(mac(BODY))}, KEYS)


def mutated(delivery: Delivery, chance: random.Random) -> Delivery:
    """Return the delivery with one part broken: flipped, deleted, inserted, cut off, doubled or swapped."""
    names = [*delivery.texts, *(["body"] * 2 if delivery.body else [])]
    name = chance.choice(names)
    raw = bytearray(delivery.body if name == "body" else delivery.texts[name].encode("latin-1"))
    place = chance.randrange(len(raw)) if raw else 0
    match chance.randrange(6):
        case 0 if raw:
            raw[place] ^= 1 << chance.randrange(8)
        case 1 if raw:
            del raw[place]
        case 2:
            raw.insert(chance.randrange(len(raw) + 1), chance.randrange(256))
        case 3:
            del raw[place:]
        case 4:
            raw += bytes(raw)
        case _:
            digest = mac(bytes(raw), "guessed")
            raw = bytearray(chance.choice([digest.hex().encode(), base64.b64encode(digest), SECONDS.encode()]))
    if name == "body":
        return replace(delivery, body=bytes(raw))
    return replace(delivery, texts={**delivery.texts, name: raw.decode("latin-1")})


def wrongly_accepted(rounds: int, seed: int, known: list[Scheme]) -> Iterator[tuple[str, Delivery]]:
    """Yield what a scheme accepted although its meaning had changed."""
    chance = random.Random(seed)
    for number in range(rounds):
        scheme = known[number % len(known)]
        broken = mutated(scheme.delivery, chance)
        try:
            scheme.check(broken)
        except Forged:
            continue
        if scheme.meaning(broken) != scheme.meaning(scheme.delivery):
            yield scheme.name, broken


class TestAChangedDelivery:
    def test_is_refused_in_5000_ways(self) -> None:
        assert list(wrongly_accepted(5000, 1, schemes())) == []

    @pytest.mark.nightly
    def test_is_refused_in_200000_ways(self) -> None:
        assert list(wrongly_accepted(200_000, 2, schemes())) == []

    def test_would_be_noticed_if_it_were_accepted(self) -> None:
        careless = [replace(scheme, check=lambda _: None) for scheme in schemes()]
        assert len(list(wrongly_accepted(1000, 3, careless))) > 900
