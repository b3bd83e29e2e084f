"""The simulated world: one database, one clock, lines that can be down, people who come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bench.year import company
from bench.year.lines import Accounts, ChatLine, Line, MailLine
from config.business import Business
from config.settings import Settings
from connectors import registry
from domain.people import Leave
from store import migrate
from store.database import Database
from store.outbox import StoredOutbox
from store.vault import Vault
from tasks.context import Context

CONFIG = Path(__file__).parents[2] / "config"


@dataclass
class World:
    """Hold the state of the moment; everything that reads a clock reads this one."""

    settings: Settings
    database: Database
    folder: Path
    business: Business
    now: datetime
    mail: Line = field(default_factory=Line)
    chat: Line = field(default_factory=Line)
    accounts: Accounts = field(default_factory=Accounts)
    left: dict[str, date] = field(default_factory=dict)
    leaves: dict[str, list[Leave]] = field(default_factory=dict)

    @classmethod
    def opened(cls, folder: Path, starts: date) -> World:
        """Open a fresh world in a folder."""
        settings = Settings(home=folder, config_dir=CONFIG)
        database = hasty(settings.database)
        migrate.migrate(database)
        business = company.founded(CONFIG)
        return cls(settings, database, folder, business, datetime.combine(starts, time(1), tzinfo=UTC))

    @property
    def ctx(self) -> Context:
        """Return the context that tasks work with at this moment."""
        outbox = StoredOutbox(self.database, lambda: self.now)
        built = registry.build(self.settings, outbox)
        roles: Mapping[str, Any] = {
            "mailer": MailLine(built.mailer, self.mail),
            "chat": ChatLine(built.chat, self.chat),
            "crm": self.accounts,
        }
        vault = Vault(self.settings.home / "vault")
        return Context(self.settings, self.business, self.database, vault, replace(built, **roles), lambda: self.now)

    def at(self, day: date, hour: int) -> Context:
        """Let it be that hour of a day, in UTC."""
        self.now = datetime.combine(day, time(hour), tzinfo=UTC)
        return self.ctx

    def leaves_us(self, email: str, *, struck_off: bool) -> None:
        """Let somebody go, today."""
        self.business = company.gone(self.business, email, struck_off=struck_off)
        self.left[email] = self.now.date()

    def away(self, email: str, leave: Leave) -> None:
        """Send somebody on leave."""
        one = self.business.people[email]
        changed = replace(one, leave=(*one.leave, leave))
        self.business = replace(self.business, people={**self.business.people, email: changed})
        self.leaves.setdefault(email, []).append(leave)

    def here(self) -> Sequence[str]:
        """Return who owns or backs up contracts and works for us now."""
        return [one.email for one in self.business.people.values() if one.active and {"owner", "backup"} & {*one.teams}]


def hasty(url: str) -> Database:
    """Open a database whose commits do not wait for the disk; nobody mourns a simulated one."""
    database = Database(url)

    def prepare(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(database.engine, "connect", prepare)
    return database
