"""What a price is for: `per user per month`, `/user/month`, `one-time`."""

from __future__ import annotations

import re

CELL = "\ue00f"
_KIND = (
    r"(?:(?:active|named|registered|concurrent|completed|billable|additional|managed|monthly|licensed|protected"
    r"|connected|calendar|contract|full-time"
    r"|authori[sz]ed|unique|processed|successful|stored|subscribed|individual|end|data|service"
    r"|subscription|power|admin|production|virtual|1,?000|1\.000|100|10,?000|thousand|million)\s+)?"
)
_THING = (
    r"(?:calls?\s+to\s+(?:the|our)\s+API|users?|seats?|licen[cs]es?|months?|years?|annum|quarters?|weeks?|days?|hours?|API\s+(?:calls?"
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
_ADVERB = r"(?:\b(?:monthly|annual(?:ly)?|yearly|quarterly)\b(?:\s+recurring\b)?|\bp\.\s?[am]\.|\bp\.?a\b\.?)"
UNIT = re.compile(
    r"(?:\bin\s+(?=each\b|every\b))?(?:(?:\bper|/|\beach|\bevery|\bfor\s+each|\bfor\s+every|\ba(?=\s+(?:user|seat|month|year"
    rf"|document|transaction|call)\b))\s*{_KIND}{_THING}(?:{_JOIN}{_KIND}{_THING})*(?:\s*/\s*(?:month|year|mo|yr|user))?"
    rf"|{_ADVERB},?\s*(?:\bper|/|\bfor\s+each)\s*{_KIND}{_THING}|(?:/|\bper)\s*(?:mo|yr)\b\.?)(?:,?\s+(?P<rhythm>{_ADVERB}))?",
    re.IGNORECASE,
)
PACE = re.compile(rf"{_ADVERB}(?:,?\s*(?:\bper|/|\bfor\s+each|\beach|\ba)\s*{_KIND}{_THING})?", re.IGNORECASE)
ONCE = re.compile(
    r"\b(?:(?:payable|paid|charged|due|billed)\s+)?(?:as\s+an?\s+)?(?:(?:one[\s-](?:time|off)|non-recurring)(?:\s+(?:charge|fee|payment|only))?|once(?:[\s-]only)?|single(?:,\s+[\w-]+)?\s+(?:payment|charge|fee|sum|amount|invoice)|up-?front(?=\s+(?:fee"
    rf"|charge|payment|cost)s?\b|\s*(?:[\ue000{CELL}\d]|\Z)))(?!\w)",
    re.IGNORECASE,
)
RHYTHM = re.compile(
    r"\b(?P<month>monthly)\b|\b(?P<year>annual(?:ly)?|yearly)\b|\b(?P<quarter>quarterly)\b", re.IGNORECASE
)
_PLURAL = {"companies": "company", "entities": "entity", "properties": "property", "queries": "query"}
_SHORT = {
    "mo": "month",
    "yr": "year",
    "annum": "year",
    "mo.": "month",
    "yr.": "year",
    "quarterly": "quarter",
    "annual": "year",
    "annually": "year",
    "yearly": "year",
    "monthly": "month",
    "gigabyte": "GB",
    "licence": "license",
}
_IDLE = re.compile(
    r"\b(?:contract|calendar|billing|subscription)\s+(?=(?:month|quarter|year)s?\b)"
    r"|\s+recurring\b|(?<=document)\s+processed\b"
    r"|\b(?:authori[sz]ed|individual|licensed|subscribed|permitted)\s+(?=(?:user|seat)s?\b)|\b(?:completed|processed)\s+(?=transactions?\b)",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(?:month|year|quarter|week|day|hour)\b")
_KEPT = {"sms"}


def unit_of(words: str) -> str:
    """Write a unit in one manner: `user per month` for `/user/month` and `per user and month`."""
    words = re.sub(
        r"\bp\.?\s?(?P<time>[am])\b\.?", lambda found: "annually" if found["time"] in "aA" else "monthly", words
    )
    words = re.sub(r"\bin\s+(?=each\b|every\b)", "", words, flags=re.IGNORECASE)
    words = re.sub(r"\bcalls?\s+to\s+(?:the|our)\s+API\b", "API call", words, flags=re.IGNORECASE)
    cleaned = re.sub(r"\b(?:for\s+)?(?:per|each|every|and|a)\b|[/,]", "/", words, flags=re.IGNORECASE)
    cleaned = re.sub(rf"(?<=[a-z])\s+(?={_ADVERB}\s*\Z)", "/", cleaned, flags=re.IGNORECASE)
    cleaned = _IDLE.sub("", cleaned)
    parts = [" ".join(part.split()) for part in cleaned.split("/")]
    named = dict.fromkeys(_singular(part) for part in parts if part)
    return " per ".join(sorted(named, key=lambda part: _TIME.fullmatch(part) is not None))


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
    *lead, last = (word if word.isupper() else word.lower() for word in part.split())
    low = last.casefold()
    if low in _PLURAL:
        last = _PLURAL[low]
    elif low.endswith("s") and low not in _KEPT and not last.isupper():
        last = last[:-1]
    last = _SHORT.get(last.casefold(), last)
    return " ".join([*lead, last])
