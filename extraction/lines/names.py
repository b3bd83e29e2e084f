"""Which words name the product that a price is for."""

from __future__ import annotations

import re

_ROLE = r"(?!(?:Customer|Client|Company|Subscriber|Licensee|Provider|Supplier|Vendor|Licensor|Contractor|Purchaser)\b)"
_WORD = r"[A-Z][\w&+'/.-]*[\w+]|[A-Z]"
_NAME = re.compile(
    rf"(?<![\w&/-])(?:{_WORD})(?:\s+(?:(?:of|and|for|the|&|-)\s+)?{_ROLE}(?:{_WORD})|\s+\d+(?:\.\d+)?(?![\d%,]))*"
)
_IDLE = frozenset(
    """
    a access additional agreement all amount amounts an and annex annual annually any api appendix april as at
    attachment august authorised authorized band bands base beginning between bill billing both buyer by calls card charge charges clause client
    commencing company compensation consideration contacts contract contractor contracts cost costs cpi currency
    customer customers date day december depending description devices documents dollars during each effective
    eight eighty employees eur euro every exhibit extra february fee fees fifty first five fixed flat following
    for form forty four from further gb gbp he hundred if in individual initial intellectual invoice invoices it items its
    january july june licence licences license licensed licensee licenses licensor line list march may mb
    messages metered million module month monthly name net new nine ninety no november number october of on once one
    one-off one-time order our parties party pay payment payments per period plan price prices pricing product
    products property provided provider purchase purchased purchaser pursuant quantity quarter quarterly ramp
    rate rates recipient records recurring regular remuneration renewal requests rpi schedule seats second
    section seller september service services setup seven seventy six sixty sms software sow standard subscriber
    subscription subscriptions such supplier table tariff tb ten term terms that the their there these third
    thirty this those thousand three tier tiered to total transactions twenty two u.s uk unit units unless upon
    us usa usage usd use user users vat vendor volume volumes we what when where whereas with year year's yearly
    you your
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
    r"\s*[\"')]?\s*(?:\([^)]{0,40}\)\s*)?(?:[:|,]|-\s|(?:is|are|costs?|(?:has|have)\s+(?:been|a)|(?:will|shall|may)\s+(?:be|cost))\b"
    r"|(?:subscription|licen[cs]e|fees?|pricing|prices?|rates?|charges?|users?|seats?)\b)",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\s*(?:,\s*)?(?:shall|will|may|must|agrees?|pays?|has|have|hereby|under\w+|grants?|and\s+its)\b", re.IGNORECASE
)
_PERSON = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Messrs)\.?\s*\Z|\b(?:pays?|paid|reimburse[sd]?)\s+(?:to\s+)?\Z")
_PARTY = re.compile(r"\s*,?\s*(?:Inc|LLC|Ltd|Limited|GmbH|Corp|Corporation|PLC|Plc|S\.A|B\.V|AG|SAS)\b")


def product_in(text: str, idle: frozenset[str] = frozenset()) -> str:
    """Return the one name in the text that stands where a product stands, else its only name of several words.

    Nothing where there are two; `idle` holds further words in lower case that name no product, such as the parties'.
    """
    led: dict[str, int] = {}
    others: dict[str, int] = {}
    for match in _NAME.finditer(text):
        start, name = _trimmed(match.start(), match[0], idle)
        end = match.start() + len(match[0])
        if len(name) < 2 or _PARTY.match(text[end:]):
            continue
        alone = not text[end:].strip()
        if alone or _LED.search(text[:start]) or _LEADS.match(text[end:]) or start > match.start():
            led.setdefault(name, start)
        elif " " in name and not _ACTS.match(text[end:]) and not _PERSON.search(text[: match.start()]):
            others.setdefault(name, start)
    return _only(led) or ("" if led else _only(others))


def _only(found: dict[str, int]) -> str:
    """Return the name that is left without parts of others, and without a first word such as `Graduated prices`."""
    named = [name for name in found if not any(name != other and name in other for other in found)]
    if len(named) > 1:
        named = [name for name in named if found[name] or " " in name]
    return named[0] if len(named) == 1 else ""


def is_idle(name: str) -> bool:
    """Tell whether a name is made of words that name no product."""
    return all(_idles(word) for word in name.split())


def _idles(word: str) -> bool:
    low = word.casefold().strip("'.").removesuffix("'s").removesuffix("\u2019s")
    return low in _IDLE or low.removesuffix("s") in _IDLE


def _trimmed(start: int, name: str, idle: frozenset[str]) -> tuple[int, str]:
    """Drop `For`, `The` and other words in front that begin the sentence and not the name."""
    words = name.split()
    while words and (not words[0][0].isalpha() or _idles(words[0])) and not _kept(words):
        start += name.index(words[0]) + len(words[0]) + 1
        name = name.split(None, 1)[1] if len(words) > 1 else ""
        words = words[1:]
    if start == 0 and len(words) > 3 and words[1] in {"of", "for"}:
        start, words = name.index(words[2]), words[2:]
    if is_idle(name) or all(word.casefold().strip("'.,") in idle for word in words):
        return start, ""
    return start, " ".join(words).rstrip(".'")


def _kept(words: list[str]) -> bool:
    """Keep a first word that belongs to the name, as in `API Gateway` or `Subscription Manager`."""
    return len(words) > 1 and words[0].casefold() in _BEGINS and not _idles(words[1])
