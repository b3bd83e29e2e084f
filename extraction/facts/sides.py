"""Which side acts in a sentence: either party, the customer, the provider, or somebody with a name of their own."""

from __future__ import annotations

import re

CUSTOMER = r"(?:customer|client|subscriber|licensee|buyer|purchaser|user|you)"
PROVIDER = r"(?:service\s+provider|provider|supplier|vendor|licensor|seller|we)"
_EITHER = r"(?:either(?:\s+of\s+(?:the\s+)?(?:parties|them))?(?:\s+party)?|neither(?:\s+party)?|any\s+party|each\s+party|one\s+party|a\s+party|both\s+parties|the\s+parties|one\s+of\s+the\s+parties)"
_NAMED = r"(?-i:(?!(?:Unless|If|Where|When|Should|Provided|Once|Only|Upon|After|Before|Neither|Nor|Both)\b)[A-Z][\w&'-]+(?:\s+[A-Z][\w&'-]+){{0,3}})"
_WHO = rf"(?:(?P<either{{0}}>{_EITHER})|(?:the\s+)?(?:(?P<customer{{0}}>{CUSTOMER})|(?P<provider{{0}}>{PROVIDER}))\b|(?P<named{{0}}>{_NAMED}))"
_ACTS = (
    r"(?:,[^,]{1,60},)?\s+(?:(?:shall|will|may|must|can|should|could|would)\b|is\s+(?:entitled|free|permitted|allowed|able|obliged)"
    r"|has\s+(?:the\s+)?(?:right|option|notified|given|served|informed)|has\s+not|have\s+(?:the\s+right|given|notified)|gives?\b|giving\b|notif(?:y|ies|ied)\b|provid(?:e|es|ed|ing)\b(?!\s+services)"
    r"|elects?\b|terminat(?:es?|ing)\b|cancels?\b|serv(?:es|ed|ing)\b|delivers?\b|sends?\b|informs?\b|wish(?:es)?\b|intends?\b|decides?\b|tells?\b|advises?\b|does\s+not\s+wish|declines?\b|need\b|opts?\b|objects?\b|needs?\b|ends?\b|to\s+(?:give|terminate|serve|notify)\b|reserves\b|exercises?\b|writes?\b|must\b|is\s+free)"
)
_SUBJECT = re.compile(rf"\b{_WHO.format(1)}{_ACTS}", re.IGNORECASE)
_AGENT = re.compile(
    rf"\b(?<!received )(?<!reaches )(?:by|from|belongs\s+to|for\s+the\s+benefit\s+of|granted\s+to|available\s+to|open\s+to|at\s+the\s+(?:option|discretion|election)\s+of|permitted\s+to|suffices\s+for|prevents)\s+{_WHO.format(2)}",
    re.IGNORECASE,
)
_OWNER = re.compile(
    rf"\b{_WHO.format(3)}(?:'s|\u2019s)\s+(?:\w+\s+){{0,2}}(?:notice|right|option|decision|election)", re.IGNORECASE
)
_ANYBODY = rf"(?:the\s+)?(?:{CUSTOMER}|{PROVIDER}|{_NAMED.format()})"
_BOTH = re.compile(rf"\b{_ANYBODY}\s+or\s+{_ANYBODY}{_ACTS}", re.IGNORECASE)
_OBLIGED = re.compile(
    rf"\b{_WHO.format(1)}(?:\s*,[^,;.]{{1,110}},)?\s+(?:shall|will|must|undertakes?|agrees?)\b", re.IGNORECASE
)
_CUSTOMERS = re.compile(rf"\b{CUSTOMER}\b", re.IGNORECASE)
_PROVIDERS = re.compile(rf"\b{PROVIDER}\b", re.IGNORECASE)
_ANY_PARTY = re.compile(_EITHER, re.IGNORECASE)
_QUOTED = re.compile(r'"(?P<name>[^"]+)"(?P<rest>.*)')
_NOBODY = {
    "Agreement",
    "Order",
    "Term",
    "Services",
    "Contract",
    "Initial Term",
    "Renewal Term",
    "Subscription",
    "Order Form",
    "Section",
    "Notice",
    "The",
    "This",
    "If",
    "Unless",
    "Termination",
    "In",
    "At",
    "It",
    "Either",
}


def actors(text: str) -> set[str]:
    """Return `either`, `customer`, `provider` or the name of whoever acts, such as `Company`."""
    if _BOTH.search(text):
        return {"either"}
    found = {_side(match) for pattern in (_SUBJECT, _AGENT, _OWNER) for match in pattern.finditer(text)} - {""}
    return {"either"} if "either" in found else found


def mentioned(text: str) -> set[str]:
    """Return the only side that a line speaks of, where nobody is said to act: `90 days before expiry, by the Client`."""
    if _ANY_PARTY.search(text):
        return {"either"}
    found = {name for name, pattern in (("customer", _CUSTOMERS), ("provider", _PROVIDERS)) if pattern.search(text)}
    return found if len(found) == 1 else set()


def known(actor: str) -> bool:
    """Tell whether the actor is a side and no name."""
    return actor in {"either", "customer", "provider"}


def _side(match: re.Match[str]) -> str:
    groups = {name.rstrip("123"): value for name, value in match.groupdict().items() if value}
    if "named" in groups:
        name = " ".join(groups["named"].split()).removeprefix("The ")
        return "" if name in _NOBODY or name.split()[0] in {"This", "Each", "Any", "Such", "All", "No"} else name
    return next(iter(groups), "")


def named(actor: str, period: str = "") -> str:
    """Write who acts, a name in quotes, so that it can be told from a side."""
    who = actor if known(actor) else f'"{actor}"'
    return f"{who} {period}".strip()


def sided(value: str, sides: dict[str, str]) -> str | None:
    """Put the side of a quoted name in its place; `None` where nobody knows it."""
    match = _QUOTED.match(value)
    if match is None:
        return value
    side = sides.get(match["name"].casefold())
    return None if side is None else f"{side}{match['rest']}"


def possible(value: str) -> set[str]:
    """Return what a value may be: a name alone does not tell its side."""
    match = _QUOTED.match(value)
    return {value} if match is None else {f"{side}{match['rest']}" for side in ("customer", "provider")}


def obliged(text: str) -> str:
    """Return who first is told to do something: a side, `each party`, a name, or nobody."""
    for match in _OBLIGED.finditer(text):
        if actor := _side(match):
            return "each party" if actor == "either" else actor
    return ""


def other_side(side: str, text: str) -> str:
    """Return the other side where the sentence speaks of it."""
    if side == "customer" and _PROVIDERS.search(text):
        return "provider"
    return "customer" if side == "provider" and _CUSTOMERS.search(text) else ""
