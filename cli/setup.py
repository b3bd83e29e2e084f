"""Set up, check and diagnose an installation."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from cli import output
from config.business import Business, load_business
from config.settings import Settings, settings
from connectors import registry
from domain.errors import AftersignError, ConfigurationError
from store import migrate
from store.database import Database
from store.outbox import StoredOutbox
from store.vault import Vault

DEFAULTS = Path(__file__).parent.parent / "config"


def run_init() -> int:
    """Write missing YAML files and migrate the database."""
    chosen = settings()
    for path in sorted(DEFAULTS.rglob("*.yaml")):
        target = chosen.config_dir / path.relative_to(DEFAULTS)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            output.say(f"✓ wrote {target}")
    prepare(chosen)
    output.say(f"✓ database {shown(chosen)} is up to date")
    output.hint("Next: edit the YAML files, set AFTERSIGN_* variables, then run `aftersign doctor`.")
    return 0


def prepare(chosen: Settings) -> str:
    """Migrate the database and return its revision."""
    chosen.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(chosen.database)
    try:
        return migrate.migrate(database)
    finally:
        database.close()


def shown(chosen: Settings) -> str:
    """Return the database address without its password."""
    from sqlalchemy import make_url

    return make_url(chosen.database).render_as_string(hide_password=True)


def run_config_check(*, as_json: bool) -> int:
    """Load every file and say what was found."""
    chosen = settings()
    try:
        business = load_business(chosen.config_dir)
    except ConfigurationError as error:
        if as_json:
            output.data({"ok": False, "what": error.what, "why": error.why, "fix": error.fix})
            return 1
        raise
    facts = {
        "ok": True,
        "config_dir": str(chosen.config_dir),
        "people": len(business.people),
        "ownership_rules": len(business.ownership),
        "plays": len(business.plays),
        "brief_fields": len(business.brief),
        "onboarding_templates": sorted(business.onboarding),
        "welcome_sequences": sorted(business.welcome),
    }
    _check_plays(business)
    if as_json:
        output.data(facts)
    else:
        for name, value in facts.items():
            output.say(f"✓ {name.replace('_', ' ')}: {value}")
    return 0


def _check_plays(business: Business) -> None:
    for play in business.plays:
        business.onboarding_template(play.onboarding)
        if play.welcome:
            business.welcome_template(play.welcome)


def run_doctor(*, as_json: bool) -> int:
    """Check every part and exit 1 when one is red."""
    chosen = settings()
    rows = [_check(name, probe) for name, probe in _probes(chosen).items()]
    if as_json:
        output.data(rows)
    else:
        output.table("Doctor", ["part", "state", "detail", "fix"], rows)
    return 1 if any(row["state"] == "red" for row in rows) else 0


def _probes(chosen: Settings) -> dict[str, Callable[[], str]]:
    probes: dict[str, Callable[[], str]] = {
        "configuration": lambda: f"{len(load_business(chosen.config_dir).people)} people",
        "database": lambda: _database(chosen),
        "vault": lambda: _vault(chosen),
        "prefect": lambda: _prefect(chosen),
        "web": lambda: _web(chosen),
    }
    for name in chosen.roles.esign:
        probes[f"esign: {name}"] = lambda name=name: _esign(chosen, name)  # type: ignore[misc]
    roles = chosen.roles
    for role, vendor in (("crm", roles.crm), ("chat", roles.chat), ("work", roles.work), ("mail", roles.mail)):
        probes[f"{role}: {vendor}"] = lambda role=role, vendor=vendor: _role(chosen, role, vendor)  # type: ignore[misc]
    return probes


def _check(name: str, probe: Callable[[], str]) -> dict[str, str]:
    try:
        return {"part": name, "state": "green", "detail": probe(), "fix": ""}
    except AftersignError as error:
        return {"part": name, "state": "red", "detail": f"{error.what} {error.why}".strip(), "fix": error.fix}
    except Exception as error:  # noqa: BLE001 - one broken part must not hide the others
        return {"part": name, "state": "red", "detail": f"{type(error).__name__}: {error}", "fix": "see the runbook"}


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
    return str(chosen.home / "vault")


def _prefect(chosen: Settings) -> str:
    from cli.environment import prefect_auth
    from cli.services import _answers

    if not _answers(f"{chosen.prefect_api}/health", prefect_auth(chosen)):
        raise ConfigurationError("Prefect does not answer", why=chosen.prefect_api, fix="start it with `aftersign up`")
    return chosen.prefect_api


def _web(chosen: Settings) -> str:
    from cli.services import Services

    if not Services(chosen).web_ready():
        raise ConfigurationError(
            "The web process does not answer", why=chosen.public_url, fix="start it with `aftersign up`"
        )
    return chosen.public_url


def _esign(chosen: Settings, name: str) -> str:
    database = Database(chosen.database)
    built = registry.build(chosen, StoredOutbox(database, chosen.now))
    found = list(built.esign(name).completed_since(chosen.now() - timedelta(days=1)))
    keys = chosen.pandadoc.webhook_keys if name == "pandadoc" else chosen.console.webhook_keys
    if not keys:
        raise ConfigurationError(
            "No webhook key: every delivery is refused", fix=f"set AFTERSIGN_{name.upper()}__WEBHOOK_KEYS"
        )
    return f"{len(found)} documents completed in the last day"


def _role(chosen: Settings, role: str, vendor: str) -> str:
    if vendor == "none":
        return "not used, by configuration"
    if vendor == "console":
        return "kept in the outbox"
    if vendor == "smtp":
        return _smtp(chosen)
    database = Database(chosen.database)
    registry.build(chosen, StoredOutbox(database, chosen.now))
    return f"{vendor} is configured for {role}"


def _smtp(chosen: Settings) -> str:
    import smtplib

    smtp = chosen.smtp
    if not smtp.host:
        raise ConfigurationError(
            "AFTERSIGN_SMTP__HOST is not set", fix="set it or choose AFTERSIGN_ROLES__MAIL=console"
        )
    kind = smtplib.SMTP_SSL if smtp.security == "tls" else smtplib.SMTP
    with kind(smtp.host, smtp.port, timeout=10) as connection:
        code, _ = connection.noop()
    return f"{smtp.host}:{smtp.port} answers {code}"


def run_crm_import(file: Path) -> int:
    """Import deals into the console CRM; existing ones keep their stage."""
    chosen = settings()
    prepare(chosen)
    count = import_deals(chosen, file)
    output.say(f"✓ {count} deals imported")
    return 0


def import_deals(chosen: Settings, file: Path) -> int:
    """Put every deal of the file into the outbox unless it is there already."""
    from connectors.console.crm import read_deal

    rows = yaml.safe_load(file.read_text(encoding="utf-8"))["deals"]
    database = Database(chosen.database)
    outbox = StoredOutbox(database, chosen.now)
    count = 0
    for row in rows:
        plain = _jsonable(row)
        read_deal(plain)  # refuses what later steps could not read
        if outbox.get("crm", "deal", str(row["id"])) is None:
            outbox.put("crm", "deal", str(row["id"]), plain)
            count += 1
    database.close()
    return count


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
