"""Say for each part whether it is configured and answers, and what to do if not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from cli import output
from cli.setup import shown
from config.business import load_business
from config.settings import Settings, settings
from connectors import registry
from domain.errors import AftersignError, ConfigurationError
from store import migrate, read_models
from store.database import Database
from store.outbox import StoredOutbox
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one line of the report; `state` is green, yellow (works, but look) or red."""

    part: str
    state: str
    detail: str
    fix: str = ""
    last_success: str = ""


def run_doctor(*, as_json: bool) -> int:
    """Check every part and exit 1 when one is red."""
    chosen = settings()
    found = [_check(name, probe) for name, probe in _own_parts(chosen).items()]
    database = Database(chosen.database)
    try:
        found += _connectors(chosen, database)
    finally:
        database.close()
    rows = [asdict(finding) for finding in found]
    if as_json:
        output.data(rows)
    else:
        output.table("Doctor", ["part", "state", "detail", "fix", "last_success"], rows)
    return 1 if any(finding.state == "red" for finding in found) else 0


def _own_parts(chosen: Settings) -> dict[str, Callable[[], str]]:
    return {
        "configuration": lambda: f"{len(load_business(chosen.config_dir).people)} people",
        "database": lambda: _database(chosen),
        "vault": lambda: _vault(chosen),
        "prefect": lambda: _prefect(chosen),
        "web": lambda: _web(chosen),
    }


def _connectors(chosen: Settings, database: Database) -> list[Finding]:
    outbox, last = StoredOutbox(database, chosen.now), _last_success(database)
    found = []
    for role, vendor in registry.chosen(chosen):
        seen = max((at for name, at in last.items() if name in {role, vendor}), default=None)
        found += _connector(chosen, outbox, role, vendor, seen.isoformat(timespec="seconds") if seen else "")
    return found


def _connector(chosen: Settings, outbox: StoredOutbox, role: str, vendor: str, seen: str) -> list[Finding]:
    """Ask one connector; whatever it lacks is a line of its own."""
    part = f"{role}: {vendor}"
    if vendor == "none":
        return [Finding(part, "green", "not used, by configuration")]
    try:
        health = registry.connector(role, vendor, chosen, outbox).check()
    except AftersignError as error:
        return [Finding(part, "red", f"{error.what}. {error.why}".strip(), error.fix, seen)]
    except DBAPIError as error:
        return [
            Finding(part, "red", f"It is kept in our database. {error.orig}", "mend the part `database` first", seen)
        ]
    except Exception as error:  # noqa: BLE001 - one broken part must not hide the others
        return [Finding(part, "red", f"{type(error).__name__}: {error}", "see the runbook", seen)]
    lacking = [*health.missing, *registry.unsigned(role, vendor, chosen)]
    lines = [Finding(part, "red" if lacking else "green", health.detail, "", seen)]
    lines += [Finding(part, "red", "missing", text) for text in lacking]
    return lines + [Finding(part, "yellow", "look", text) for text in health.warnings]


def _last_success(database: Database) -> dict[str, datetime]:
    with database.read() as connection:
        return read_models.last_success(connection) if migrate.revision(connection) else {}


def _check(name: str, probe: Callable[[], str]) -> Finding:
    try:
        return Finding(name, "green", probe())
    except AftersignError as error:
        return Finding(name, "red", f"{error.what}. {error.why}".strip(), error.fix)
    except Exception as error:  # noqa: BLE001 - one broken part must not hide the others
        return Finding(name, "red", f"{type(error).__name__}: {error}", "see the runbook")


def _database(chosen: Settings) -> str:
    database = Database(chosen.database)
    try:
        with database.read() as connection:
            now = migrate.revision(connection)
    finally:
        database.close()
    if now != migrate.head():
        raise ConfigurationError(
            f"The schema stands at {now or 'nothing'}, this release needs {migrate.head()}", fix="run `aftersign init`"
        )
    return f"{shown(chosen)} at {now}"


def _vault(chosen: Settings) -> str:
    vault = Vault(chosen.home / "vault")
    vault.get(vault.put(b"aftersign doctor"))
    return str(Path(chosen.home) / "vault")


def _prefect(chosen: Settings) -> str:
    from cli.environment import prefect_auth
    from cli.services import answers

    if not answers(f"{chosen.prefect_api}/health", prefect_auth(chosen)):
        raise ConfigurationError("Prefect does not answer", why=chosen.prefect_api, fix="start it with `aftersign up`")
    return chosen.prefect_api


def _web(chosen: Settings) -> str:
    from cli.services import Services

    if not Services(chosen).web_ready():
        raise ConfigurationError(
            "The web process does not answer", why=chosen.public_url, fix="start it with `aftersign up`"
        )
    return chosen.public_url
