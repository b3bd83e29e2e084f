"""Which words name the product that a price is for."""

from __future__ import annotations

import re

_ROLE = r"(?!(?:Customer|Client|Subscriber|Licensee|Provider|Supplier|Vendor|Licensor)\b)"
_WORD = r"[A-Z][\w&+'/.-]*[\w+]|[A-Z]"
_NAME = re.compile(
    rf"(?<![\w&/-])(?:{_WORD})(?:\s+(?:(?:of|and|for|the|&|-)\s+)?{_ROLE}(?:{_WORD}|\d+(?:\.\d+)?(?![\d%])))*"
)
_IDLE = frozenset(
    """
    a access additional agreement all an and annex annual annually any api appendix april as at attachment
    august beginning between billing both buyer by calls card charge charges clause client company contacts
    contract contractor contracts cost costs cpi currency customer customers date day december description
    devices documents during each effective employees eur euro every exhibit extra february fee fees first fixed
    flat following for form from further gb gbp he if in initial invoice invoices it items its january july june
    licence licences license licensee licenses licensor line list march may mb messages month monthly name new
    no november number october of on once one one-off one-time order our parties party pay payment per period
    price prices pricing product products provided provider purchaser pursuant quantity quarter quarterly rate
    rates recipient records recurring regular renewal requests rpi schedule seats second section seller
    september service services setup sms software sow standard subscriber subscription such supplier table tb
    term terms the their third this tier to total transactions uk unit units unless upon us usa usage usd use
    user users vat vendor volume volumes we when where whereas with year year's yearly you your
    """.split()  # noqa: SIM905 - a list of so many words is easier to read as text
)
_BEGINS = frozenset(
    """
    access api billing contract contracts customer invoice order payment product renewal service software subscription
    usage user
    """.split()  # noqa: SIM905 - as above
)
_LED = re.compile(
    r"(?:\b(?:for|of|to|with|from|use|using|access|orders?|ordered|buys?|purchas(?:es?|ing|ed)"
    r"|provid(?:es?|ing)|subscrib(?:es?|ing)\s+to|subscription|licen[cs](?:es?|ing)|product|module|service"
    r"|called|named|cost|deliver(?:s|ing)?|makes?|offers?|supply|supplies|on|and)|[:|;(\"'])\s*(?:the\s+"
    r"|its\s+|our\s+)?(?:(?:product|module|service|platform|software|add-on|solution)\s+)?[\"'(]?\Z",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"\s*[\"')]?\s*(?:\([^)]{0,40}\)\s*)?(?:[:|,]|-\s|(?:is|are|costs?|(?:will|shall|may)\s+(?:be|cost))\b"
    r"|(?:subscription|licen[cs]e|fees?|pricing|prices?|rates?|charges?|users?|seats?)\b)",
    re.IGNORECASE,
)
_PARTY = re.compile(r"\s*,?\s*(?:Inc|LLC|Ltd|Limited|GmbH|Corp|Corporation|PLC|Plc|S\.A|B\.V|AG|SAS)\b")


def product_in(text: str, idle: frozenset[str] = frozenset()) -> str:
    """Return the one name in the text that stands where a product stands; nothing where two do.

    `idle` holds further words in lower case that name no product, such as those of the parties.
    """
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        start, name = _trimmed(match.start(), match[0], idle)
        end = match.start() + len(match[0])
        if not name or _PARTY.match(text[end:]):
            continue
        alone = not text[end:].strip()
        if alone or _LED.search(text[:start]) or _LEADS.match(text[end:]) or start > match.start():
            found[name] = None
    named = [name for name in found if not any(name != other and name in other for other in found)]
    return named[0] if len(named) == 1 else ""


def is_idle(name: str) -> bool:
    """Tell whether a name is made of words that name no product."""
    return all(word.casefold().strip("'.") in _IDLE for word in name.split())


def _trimmed(start: int, name: str, idle: frozenset[str]) -> tuple[int, str]:
    """Drop `For`, `The` and other words in front that begin the sentence and not the name."""
    words = name.split()
    while words and (not words[0][0].isalpha() or words[0].casefold() in _IDLE) and not _kept(words):
        start += name.index(words[0]) + len(words[0]) + 1
        name = name.split(None, 1)[1] if len(words) > 1 else ""
        words = words[1:]
    if is_idle(name) or all(word.casefold().strip("'.,") in idle for word in words):
        return start, ""
    return start, " ".join(words).rstrip(".'")


def _kept(words: list[str]) -> bool:
    """Keep a first word that belongs to the name, as in `API Gateway` or `Subscription Manager`."""
    return len(words) > 1 and words[0].casefold() in _BEGINS and words[1].casefold() not in _IDLE
