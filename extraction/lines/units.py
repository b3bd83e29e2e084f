"""What a price is for: `per user per month`, `/user/month`, `one-time`."""

from __future__ import annotations

import re

_KIND = (
    r"(?:(?:active|named|registered|concurrent|billable|additional|managed|monthly|licensed|protected"
    r"|connected|calendar|contract|full-time"
    r"|authori[sz]ed|unique|processed|successful|stored|subscribed|individual|end|data|service"
    r"|subscription|power|admin|production|virtual|1,?000|1\.000|100|10,?000|thousand|million)\s+)?"
)
_THING = (
    r"(?:users?|seats?|licen[cs]es?|months?|years?|annum|quarters?|weeks?|days?|hours?|API\s+(?:calls?"
    r"|requests?)|calls?|requests?|documents?|pages?|files?|GB|TB|MB|gigabytes?|terabytes?"
    r"|transactions?|devices?|employees?|agents?|locations?|sites?|stores?|instances?|servers?|nodes?"
    r"|cores?|messages?|SMS|contacts?|records?|accounts?|units?|members?|students?|patients?"
    r"|hosts?|endpoints?|workspaces?|environments?|projects?|vehicles?|assets?|orders?|invoices?"
    r"|envelopes?|signatures?|events?|credits?|sessions?|minutes?|tenants?|domains?|connectors?"
    r"|integrations?|companies|entity|entities|properties|property|beds?|rooms?|sensors?|meters?|machines?"
    r"|containers?|queries|query|reports?|profiles?|subscribers?|developers?|editors?|items?|lines?"
    r"|participants?|persons?|head|incidents?|tickets?|shipments?|parcels?|bookings?)\b"
)
THING = re.compile(rf"\b{_KIND}{_THING}", re.IGNORECASE)
_JOIN = r"(?:\s*/\s*|\s*,?\s+(?:per|and|a|each|every|for\s+each|for\s+every)\s+)"
UNIT = re.compile(
    r"(?:(?:\bper|/|\beach|\bfor\s+each|\bfor\s+every|\ba(?=\s+(?:user|seat|month"
    rf"|year)))\s*{_KIND}{_THING}(?:{_JOIN}{_KIND}{_THING})*(?:\s*/\s*(?:month|year|mo|yr|user))?"
    r"|/\s*(?:mo|yr)\b)(?:,?\s+(?P<rhythm>monthly|annually|yearly)\b)?",
    re.IGNORECASE,
)
ONCE = re.compile(r"\b(?:one[\s-](?:time|off)|once|non-recurring|single\s+payment)\b", re.IGNORECASE)
RHYTHM = re.compile(
    r"\b(?P<month>monthly)\b|\b(?P<year>annual(?:ly)?|yearly)\b|\b(?P<quarter>quarterly)\b", re.IGNORECASE
)
_PLURAL = {"companies": "company", "entities": "entity", "properties": "property", "queries": "query"}
_SHORT = {
    "mo": "month",
    "yr": "year",
    "annum": "year",
    "annually": "year",
    "yearly": "year",
    "monthly": "month",
    "gigabyte": "GB",
    "licence": "license",
}
_TIME = re.compile(r"\b(?:month|year|quarter|week|day|hour)\b")
_KEPT = {"sms"}


def unit_of(words: str) -> str:
    """Write a unit in one manner: `user per month` for `/user/month` and `per user and month`."""
    cleaned = re.sub(r"\b(?:for\s+)?(?:per|each|every|and|a)\b|[/,]", "/", words, flags=re.IGNORECASE)
    cleaned = re.sub(r"(?<=[a-z])\s+(?=(?:monthly|annually|yearly)\s*\Z)", "/", cleaned, flags=re.IGNORECASE)
    parts = [" ".join(part.split()) for part in cleaned.split("/")]
    return " per ".join(dict.fromkeys(_singular(part) for part in parts if part))


def rhythm_of(words: str) -> str:
    """Return `month`, `quarter` or `year` where the words say just one of them."""
    found = {match.lastgroup or "" for match in RHYTHM.finditer(words)}
    return found.pop() if len(found) == 1 else ""


def with_rhythm(unit: str, rhythm: str) -> str:
    """Join what is counted and how often it is paid for, as in a price per user that is billed monthly."""
    if not unit or not rhythm or _TIME.search(unit):
        return unit or rhythm
    return f"{unit} per {rhythm}"


def first_unit(text: str) -> str:
    """Return the first unit that a text names, else the rhythm of its fee, else nothing."""
    match = UNIT.search(text)
    return unit_of(match[0]) if match else rhythm_of(text)


def _singular(part: str) -> str:
    *lead, last = part.split()
    low = last.casefold()
    if low in _PLURAL:
        last = _PLURAL[low]
    elif low.endswith("s") and low not in _KEPT and not last.isupper():
        last = last[:-1]
    last = _SHORT.get(last.casefold(), last)
    return " ".join([*lead, last])
