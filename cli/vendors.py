"""Look through a connector at what a vendor holds, and print what a vendor wants to know of us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from cli import output
from config.settings import Settings, settings
from connectors import registry
from domain.errors import ConfigurationError
from domain.invoices import Invoice
from store.database import Database
from store.outbox import StoredOutbox


def connect_slack(*, socket_mode: bool) -> int:
    """Print the app manifest for this installation's address."""
    from connectors.slack.manifest import manifest

    chosen = settings()
    output.say(manifest(chosen.public_url, socket_mode=socket_mode))
    output.hint("Next: api.slack.com/apps → Create New App → From a manifest, paste this, install it, then set")
    second = "AFTERSIGN_SLACK__APP_TOKEN (xapp-…)" if socket_mode else "AFTERSIGN_SLACK__SIGNING_SECRET"
    output.hint(f"AFTERSIGN_SLACK__BOT_TOKEN (xoxb-…), {second} and AFTERSIGN_ROLES__CHAT=slack.")
    return 0


def list_invoices(source: str, cursor: str, *, as_json: bool) -> int:
    """Read a billing source once and print its invoices; exit 1 when something could not be read."""
    with _opened("billing", source) as billing:
        invoices, problems = [], []
        for page in billing.invoices_since(cursor):
            invoices += page.invoices
            problems += page.problems
            cursor = page.cursor
    if as_json:
        output.data(
            {"invoices": [_plain(i) for i in invoices], "problems": [_plain(p) for p in problems], "cursor": cursor}
        )
    else:
        columns = ["number", "kind", "status", "direction", "issued", "seller", "buyer", "total", "lines"]
        output.table(f"Invoices from {source}", columns, [_row(invoice) for invoice in invoices])
        for problem in problems:
            output.hint(f"✗ {problem.where}: {problem.what}" + (f" → {problem.fix}" if problem.fix else ""))
    if not invoices and not problems:
        output.hint("Nothing is new. A file that changed within the last seconds is read next time.")
    return 1 if problems else 0


def list_outages(source: str, service: str, since: datetime, until: datetime, *, as_json: bool) -> int:
    """Print when a service was not there."""
    with _opened("uptime", source) as uptime:
        found = [_plain(outage) for outage in uptime.outages(service, since, until)]
    if as_json:
        output.data(found)
    else:
        output.table(f"Outages of {service}", ["start", "end", "impact", "title", "source"], found)
    return 0


@contextmanager
def _opened(role: str, source: str) -> Iterator[Any]:
    """Build one connector, whether or not a role names it."""
    from connectors.builders import ROLES

    make: Callable[[Settings, StoredOutbox], Any] | None = ROLES[role].get(source)
    if make is None:
        raise ConfigurationError(f"There is no {role} source {source!r}", fix=f"use one of: {', '.join(ROLES[role])}")
    chosen = settings()
    database = Database(chosen.database)
    try:
        yield registry.connector(role, source, chosen, StoredOutbox(database, chosen.now))
    finally:
        database.close()


def _row(invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "kind": str(invoice.kind),
        "status": str(invoice.status),
        "direction": str(invoice.direction),
        "issued": invoice.issued,
        "seller": invoice.seller.name,
        "buyer": invoice.buyer.name,
        "total": invoice.total.display() if invoice.total else None,
        "lines": len(invoice.lines),
    }


def _plain(value: Any) -> Any:
    """Return a dataclass as JSON-ready values; money keeps its exact text."""
    from dataclasses import fields, is_dataclass

    from domain.money import Money

    if isinstance(value, Money):
        return str(value)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
