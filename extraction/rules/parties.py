"""Who the contract is between, and which side each party is on."""

from __future__ import annotations

import re
from dataclasses import replace

from domain.documents import Document
from domain.terms import Party
from extraction.rules.view import View, squash, view
from extraction.values import places_in

_PREAMBLE = 4000
_FORMS = (
    r"GmbH(?:\s+&\s+Co\.\s+KG)?|AG|Pty\.?\s+Ltd\.?|Pte\.?\s+Ltd\.?|Co\.,?\s+Ltd\.?|Ltd\.?|LTD\.?"
    r"|Limited|LIMITED|Inc\.?|INC\.?|Incorporated|LLC|L\.L\.C\.|LLP|L\.L\.P\.|LP|L\.P\."
    r"|Corporation|CORPORATION|Corp\.?|CORP\.?|plc|PLC|Plc|B\.V\.|N\.V\.|S\.A\.S\.|S\.A\.|S\.p\.A\."
    r"|S\.r\.l\.|K\.K\.|SE|Oy|AB|A/S|Company|COMPANY"
)
_NAME = re.compile(
    r"(?<![\w&])(?P<name>[A-Z0-9][\w'.-]*(?:,?\s+(?:[A-Z0-9][\w'.-]*|&|and|of|de)){0,6}?,?\s+"
    rf"(?:{_FORMS}))(?![\w])"
)
_DEFINED = re.compile(r"\([^()\"]{0,60}\"(?P<role>[A-Z][A-Za-z ]{1,40})\"")
_CALLED = re.compile(r"referred\s+to\s+as\s+(?:the\s+)?\"(?P<role>[A-Z][A-Za-z ]{1,40})\"")
_CUSTOMER = {"customer", "client", "subscriber", "licensee", "buyer", "purchaser", "user"}
_PROVIDER = {"provider", "supplier", "vendor", "licensor", "seller", "service provider", "we"}
_NOISE = (
    re.compile(r".*\b\d{5}(?:-\d{4})?,?\s+(?:and|AND)\s+", re.DOTALL),  # the other party's address
    re.compile(r".*\s\d{1,2}\.\d{1,2}\s+|.*\bTO\s+(?=THE\s)|WHEREAS,?\s+", re.DOTALL),
    re.compile(r"(?:Seller|Buyer|Company|Customer|Client|Provider|Supplier|Licensor|Licensee)\s+and\s+"),
    re.compile(r"[\w\s]*\b(?:Terms|Agreement|Order|Conditions|Contract|Schedule)\s+of\s+"),
    re.compile(r"(?:BETWEEN|AND|And|Between|To|By)\s+"),
)
_KINDS_OF_COMPANY = re.compile(
    rf"(?<![\w.])(?:{_FORMS}|limited|liability|corporation|company|partnership|general|public|private|investment|the"
    r"|an?|said|such|this|each|our|any|certain|whereas|should|if|when|and|or|of)(?![\w.])|[^\w]",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(r"(?:an?\s+.*\b(?:company|corporation)|.*[.:]\s+the\s+company)", re.IGNORECASE | re.DOTALL)
_ARTICLE = re.compile(r"\ban?\s+(?:[\w.]+\s+){0,4}\Z", re.IGNORECASE)
_SUPPLIES = re.compile(r"\s+(?:supplies|provides|licenses|sells|delivers)\b", re.IGNORECASE)
_FULL_LINE = 40


def read_parties(document: Document) -> list[Party]:
    """Find the parties that the opening names and gives a short name to."""
    seen = view(document)
    found = _named(seen)
    sides = [party.role for party in found]
    if len(found) == 2 and sides.count("") == 1:
        other = {"customer": "provider", "provider": "customer"}[max(sides)]
        found = [party if party.role else replace(party, role=other) for party in found]
    return found


def _named(seen: View) -> list[Party]:
    matches = _candidates(seen.text[:_PREAMBLE])
    parties: dict[str, Party] = {}
    for index, (start, end) in enumerate(matches):
        if _is_generic(seen.text[start:end]):
            continue
        limit = next((later for later in matches[index + 1 :] if not _describes(seen.text, *later)), (end + 400, 0))[0]
        defined = _role(seen.text, end, min(limit, end + 400))
        citation = seen.cite(start, end)
        if defined is not None and citation:
            name = squash(citation.quote)
            parties.setdefault(name.casefold(), Party(name, defined, citation))
    return list(parties.values())


def _candidates(text: str) -> list[tuple[int, int]]:
    """Return spans of company names; a longer match that ends in a known name is shortened."""
    spans = []
    for match in _NAME.finditer(text):
        start = match.start("name")
        spans.append((_without_noise(text, start, match.end("name")), match.end("name")))
    names = {squash(text[start:end]) for start, end in spans if not _is_generic(text[start:end])}
    return [(_shortest(text, start, end, names), end) for start, end in spans]


def _without_noise(text: str, start: int, end: int) -> int:
    """Return where the name begins after a heading line or words of the document's title."""
    line = text.rfind("\n", 0, start) + 1
    while (stop := text.find("\n", line, end)) >= 0:
        start = stop + 1 if stop - line < _FULL_LINE and stop >= start else start
        line = stop + 1
    for noise in _NOISE:
        words = noise.match(text, start, end)
        start = words.end() if words else start
    return start


def _is_generic(name: str) -> bool:
    """Tell whether the words are a kind of company, such as `Nevada Corporation`, and nobody's name."""
    for place in reversed(list(places_in(name))):
        name = name[: place.start] + name[place.end :]
    return not _KINDS_OF_COMPANY.sub("", name) or bool(_DESCRIBED.fullmatch(name))


def _describes(text: str, start: int, end: int) -> bool:
    """Tell whether the words say what kind of company was named just before them."""
    return _is_generic(text[start:end]) and bool(_ARTICLE.search(text, max(0, start - 40), start))


def _shortest(text: str, start: int, end: int, names: set[str]) -> int:
    full = squash(text[start:end])
    inner = [name for name in names if name != full and full.endswith(" " + name)]
    if not inner:
        return start
    words = len(min(inner, key=len).split())
    return start + re.search(rf"(?:\S+\s+){{{words - 1}}}\S+\Z", text[start:end]).start()  # type: ignore[union-attr]


def _role(text: str, start: int, end: int) -> str | None:
    """Return the side that the short name tells, empty when it tells none, `None` without one."""
    match = _DEFINED.search(text, start, end) or _CALLED.search(text, start, end)
    if match is None:
        return None
    word = match["role"].lower().removeprefix("the ").strip()
    if _SUPPLIES.match(text, text.find(")", match.end()) + 1):
        return "provider"
    return "customer" if word in _CUSTOMER else "provider" if word in _PROVIDER else ""
