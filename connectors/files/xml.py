"""XML from strangers: no entity, no network, no document type, no giant; and exact words out of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from lxml import etree

from connectors.files.unreadable import Unreadable
from domain.money import Money

Node = etree._Element  # noqa: SLF001 - lxml publishes the type under no other name
_T = TypeVar("_T")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?")


def root(content: bytes) -> Node:
    """Parse a document. Raises `Unreadable`; a document type is refused, as no invoice format has one."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        top = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"it is not XML: {error}", "ask its sender for another copy") from error
    if top.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("it declares a document type", "no invoice format has one; ask its sender why")
    return top


class Reader:
    """Read one element under the prefixes of one format; every method takes a path relative to it."""

    def __init__(self, node: Node, names: Mapping[str, str]) -> None:
        self.node = node
        self._names = dict(names)

    def all(self, path: str) -> list[Reader]:
        """Return a reader for every element that the path finds."""
        return [Reader(node, self._names) for node in self.node.findall(path, self._names)]

    def text(self, *paths: str) -> str:
        """Return the text of the first path that has one, without the white space around it."""
        for path in paths:
            for node in self.node.findall(path, self._names):
                if node.text and node.text.strip():
                    return node.text.strip()
        return ""

    def texts(self, path: str) -> str:
        """Return the texts of all elements that the path finds, one a line."""
        found = (node.text or "" for node in self.node.findall(path, self._names))
        return "\n".join(text.strip() for text in found if text.strip())

    def attribute(self, path: str, name: str) -> str:
        """Return an attribute of the first element that the path finds."""
        node = self.node.find(path, self._names)
        return "" if node is None else str(node.get(name, "")).strip()

    def number(self, path: str) -> Decimal | None:
        """Return an xs:decimal. Raises `Unreadable` for anything else."""
        text = self.text(path)
        if not text:
            return None
        if not _DECIMAL.fullmatch(text):
            raise Unreadable(f"{_last(path)} is not a number: {text!r}", "ask its sender for a corrected document")
        return Decimal(text)

    def money(self, path: str, currency: str) -> Money | None:
        """Return an amount. Raises `Unreadable` where it is in another currency than the document."""
        amount = self.number(path)
        given = self.attribute(path, "currencyID")
        if given and given != currency:
            raise Unreadable(
                f"{_last(path)} is in {given}, the document in {currency}", "ask its sender for a corrected document"
            )
        return None if amount is None else Money(amount, currency)

    def day(self, path: str) -> date | None:
        """Return an xs:date without its zone. Raises `Unreadable` for anything else."""
        text = self.text(path)
        if not text:
            return None
        found = _DATE.fullmatch(text)
        return self.made_day(found[1] if found else text, path)

    def made_day(self, text: str, path: str) -> date:
        """Return the day that a text writes in ISO 8601. Raises `Unreadable`."""
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise Unreadable(f"{_last(path)} is not a date: {text!r}", "ask its sender for a corrected one") from error


def required(value: _T | None, name: str) -> _T:
    """Return a mandatory part. Raises `Unreadable` where it is missing."""
    if value is None or value == "":
        raise Unreadable(f"it has no {name}", "ask its sender for a corrected document")
    return value


def total(amounts: list[Money], currency: str) -> Money | None:
    """Return the sum, or `None` of nothing."""
    return Money(sum((amount.amount for amount in amounts), Decimal(0)), currency) if amounts else None


def _last(path: str) -> str:
    return path.rpartition("/")[2].rpartition(":")[2]
