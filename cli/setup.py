"""Set up, check and diagnose an installation."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from cli import output
from config.business import Business, load_business
from config.settings import Settings, settings
from config.slas import read_slas
from domain.errors import ConfigurationError
from store import migrate
from store.database import Database
from store.outbox import StoredOutbox

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
        read_slas(chosen.config_dir)
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
        if play.onboarding:
            business.onboarding_template(play.onboarding)
        if play.welcome:
            business.welcome_template(play.welcome)


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
