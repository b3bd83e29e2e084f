"""The lines to the vendors of a simulated world, which can be down, and its CRM."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bench.year import company
from domain.deals import Account, Deal, Stage
from domain.errors import Transient
from domain.ports import ChatMessage, DealQuery, Mail, Reference


@dataclass
class Line:
    """Stand between us and a vendor; while it is down nothing gets through."""

    down: bool = False

    def check(self) -> None:
        """Raise `Transient` while it is down."""
        if self.down:
            message = "the line is down"
            raise Transient(message)


@dataclass
class MailLine:
    """Send mails unless the line is down."""

    inner: Any
    line: Line

    def find_mail(self, key: str) -> Reference | None:
        """Return the mail sent under this key."""
        self.line.check()
        found: Reference | None = self.inner.find_mail(key)
        return found

    def send(self, mail: Mail, *, key: str) -> Reference:
        """Send the mail carrying the key."""
        self.line.check()
        made: Reference = self.inner.send(mail, key=key)
        return made


@dataclass
class ChatLine:
    """Post messages unless the line is down."""

    inner: Any
    line: Line

    def find_message(self, key: str, to: str) -> Reference | None:
        """Return the message posted under this key."""
        self.line.check()
        found: Reference | None = self.inner.find_message(key, to)
        return found

    def post(self, message: ChatMessage, *, key: str) -> Reference:
        """Post the message carrying the key."""
        self.line.check()
        made: Reference = self.inner.post(message, key=key)
        return made


@dataclass
class Accounts:
    """Know of each customer where it is at home, as a CRM does."""

    places: dict[str, str] = field(default_factory=dict)

    def find_deal(self, query: DealQuery) -> Deal | None:
        """Return the customer's deal, by its name."""
        place = self.places.get(query.customer)
        if place is None:
            return None
        account = Account(query.customer, query.customer, region=company.region_of(place), country=place)
        return Deal(query.customer, query.customer, Stage.WON, account)
