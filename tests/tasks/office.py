"""A whole office for tests of tasks: a store, console vendors, a clock that can be moved, people who leave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from config.business import Business, load_business
from config.settings import Settings
from connectors import registry
from connectors.registry import Registry
from domain.documents import FileKind
from domain.errors import Transient
from domain.people import Leave, Person
from domain.ports import ChatMessage, Mail, Reference
from store import alerts, migrate
from store.database import Database
from store.outbox import StoredOutbox
from store.vault import Vault
from tasks import linking
from tasks.context import Context
from tasks.importing import import_file
from tests.conftest import CONFIG

MORNING = time(9, tzinfo=UTC)


@dataclass
class Line:
    """Stand between us and a vendor; while it is down nothing gets through."""

    down: bool = False

    def check(self) -> None:
        if self.down:
            message = "the line is down"
            raise Transient(message)


@dataclass
class DownableMail:
    """Send mails unless the line is down."""

    inner: object
    line: Line

    def find_mail(self, key: str) -> Reference | None:
        self.line.check()
        return self.inner.find_mail(key)  # type: ignore[attr-defined,no-any-return]

    def send(self, mail: Mail, *, key: str) -> Reference:
        self.line.check()
        return self.inner.send(mail, key=key)  # type: ignore[attr-defined,no-any-return]


@dataclass
class DownableChat:
    """Post messages unless the line is down."""

    inner: object
    line: Line

    def find_message(self, key: str, to: str) -> Reference | None:
        self.line.check()
        return self.inner.find_message(key, to)  # type: ignore[attr-defined,no-any-return]

    def post(self, message: ChatMessage, *, key: str) -> Reference:
        self.line.check()
        return self.inner.post(message, key=key)  # type: ignore[attr-defined,no-any-return]


@dataclass
class Office:
    """Hold the context of the moment; move its clock with `on`."""

    settings: Settings
    database: Database
    folder: Path
    now: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)
    mail: Line = field(default_factory=Line)
    chat: Line = field(default_factory=Line)
    business: Business = field(default_factory=lambda: load_business(CONFIG))

    @classmethod
    def opened(cls, settings: Settings, folder: Path) -> Office:
        database = Database(settings.database)
        migrate.migrate(database)
        return cls(settings, database, folder)

    @property
    def ctx(self) -> Context:
        vault = Vault(self.settings.home / "vault")
        return Context(self.settings, self.business, self.database, vault, self._registry(), lambda: self.now)

    def on(self, day: date) -> Context:
        """Let it be the morning of a day."""
        self.now = datetime.combine(day, MORNING)
        return self.ctx

    def change(self, email: str, **values: object) -> None:
        """Change something about a colleague."""
        people = {**self.business.people}
        people[email] = replace(people[email], **values)  # type: ignore[arg-type]
        self.business = replace(self.business, people=people)

    def leaves(self, email: str) -> None:
        self.change(email, active=False)

    def away(self, email: str, first: date, last: date) -> None:
        self.change(email, leave=(Leave(first, last),))

    def person(self, email: str) -> Person:
        return self.business.people[email]

    def paper(self, name: str, text: str) -> str:
        """Import a signed paper and link it."""
        path = self.folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        made = import_file(self.ctx, path, kind=FileKind.PLAIN).contract_id
        linking.link_new(self.ctx, made)
        return made

    def told(self, kind: str = "mail") -> list[tuple[str, str]]:
        """Return (recipient, subject or text) of everything that went out."""
        found = StoredOutbox(self.database, lambda: self.now).find(kind, "mail" if kind == "mail" else "message")
        if kind == "mail":
            return [(body["to"][0], str(body["subject"])) for _, body in found]  # type: ignore[index]
        return [(str(body["to"]), str(body["text"])) for _, body in found]

    def alerts(self, contract: str, state: str) -> list[dict[str, object]]:
        with self.database.read() as connection:
            return [dict(row) for row in alerts.of_contract(connection, contract) if row["state"] == state]

    def _registry(self) -> Registry:
        built = registry.build(self.settings, StoredOutbox(self.database, lambda: self.now))
        return replace(
            built,
            mailer=DownableMail(built.mailer, self.mail),  # type: ignore[arg-type]
            chat=DownableChat(built.chat, self.chat),  # type: ignore[arg-type]
        )
