"""The demo: the whole story on the sample company's contracts."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from cli import output
from cli.environment import apply_environment, prefect_auth
from cli.services import Services, free_port
from cli.setup import import_deals, prepare, shown
from config.settings import Settings, settings
from domain.errors import Permanent

SAMPLES = Path(__file__).parent.parent / "samples"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MAIN = "harbourline-order-form.pdf"
# What is planted, by sample file, and what it shows.
PLANTED = {
    "corvid-lathe-agreement.pdf": "a deal without an economic buyer: the brief asks the rep",
    "dunhollow-order-form.pdf": "a paper that differs from the deal: shown, never overwritten",
    "sablecourt-order-form.pdf": "a failed run: no deal in the CRM",
}
URGENT = "pellingrove-order-form.pdf"
LATE_DEAL = SAMPLES / "late-deal.yaml"


def run_demo(*, once: bool, port: int, prefect_port: int) -> int:
    """Run the demo; with `once` check every promised object and return 0 or 1."""
    from samples.fake_pandadoc import with_samples

    signal.signal(signal.SIGTERM, _interrupt)
    fake = with_samples()
    chosen = _settings(fake.start(), port, prefect_port)
    services = Services(chosen)
    try:
        _begin(chosen, services)
        _import()
        handoffs = _sign(chosen, fake)
        _reconcile(chosen)
        _links(chosen, handoffs)
        if once:
            from cli.demo_checks import check

            return check(chosen, fake, handoffs)
        output.say("Ctrl-C stops all.")
        services.watch()
    except KeyboardInterrupt:
        output.say("\nstopping")
    finally:
        services.stop()
        fake.stop()
    return 0


def _settings(pandadoc: str, port: int, prefect_port: int) -> Settings:
    """Choose the embedded defaults for everything the caller did not set."""
    home = Path(os.environ.get("AFTERSIGN_HOME", ".aftersign"))
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    web, prefect = free_port("127.0.0.1", port), free_port("127.0.0.1", prefect_port)
    if web != port or prefect != prefect_port:
        output.say(f"Port {port} or {prefect_port} is taken; using {web} and {prefect}.")
    os.environ.update(
        {
            "AFTERSIGN_HOME": str(home),
            "AFTERSIGN_WEB__HOST": "127.0.0.1",
            "AFTERSIGN_WEB__PORT": str(web),
            "AFTERSIGN_PREFECT__PORT": str(prefect),
            "AFTERSIGN_ROLES__ESIGN": "pandadoc,console",
            "AFTERSIGN_PANDADOC__BASE_URL": pandadoc,
            "AFTERSIGN_PANDADOC__API_KEY": "demo-api-key",
            "AFTERSIGN_PANDADOC__WEBHOOK_KEYS": "demo-shared-key",
            "AFTERSIGN_CONSOLE__WEBHOOK_KEYS": "demo-shared-key",
            "AFTERSIGN_ROLES__BILLING": "files",
            "AFTERSIGN_FILES__INVOICES": str(SAMPLES / "invoices"),
            "AFTERSIGN_CLOCK_OFFSET_SECONDS": str(_clock_offset(home)),
        }
    )
    if not (Path(os.environ.get("AFTERSIGN_CONFIG_DIR", "config")) / "playbook.yaml").exists():
        os.environ["AFTERSIGN_CONFIG_DIR"] = str(SAMPLES.parent / "config")
    settings.cache_clear()
    return settings()


def _clock_offset(home: Path) -> float:
    """Return the seconds that make the first demo start on a Monday morning; kept for later ones."""
    path = home / "demo-clock.json"
    if not path.exists():
        path.write_text(json.dumps({"offset": (START - datetime.now(UTC)).total_seconds()}))
    return float(json.loads(path.read_text())["offset"])


def _begin(chosen: Settings, services: Services) -> None:
    output.say(f"Aftersign demo. Data in {chosen.home} (delete the folder to start over). Nothing leaves this machine.")
    apply_environment(chosen)
    prepare(chosen)
    output.say(f"✓ Database        {shown(chosen)}")
    deals = import_deals(chosen, SAMPLES / "crm.yaml")
    output.say(f"✓ Console CRM     {deals} deals imported" if deals else "✓ Console CRM     deals are there already")
    urls = {
        "web": chosen.public_url,
        "prefect": chosen.prefect_api.removesuffix("/api"),
        "worker": "runs flows in one process",
    }
    services.start_all(lambda name, seconds: output.say(f"✓ {name.title():<15} {urls[name]:<36} {seconds:.1f} s"))


def _import() -> None:
    from cli.imports import import_all

    rows = import_all(sorted((SAMPLES / "contracts").glob("*.pdf")), quiet=False)
    fresh = [row for row in rows if row["found"] != "already on file"]
    gaps = sum(1 for row in fresh if " 0 gaps" not in row["found"])
    said = f"{len(fresh)} PDFs imported, {gaps} of them with gaps for a person" if fresh else "on file already"
    output.say(f"✓ Contracts       {said}; clock {settings().now():%a %d %b %Y %H:%M} UTC")


def _sign(chosen: Settings, fake: Any) -> dict[str, str]:
    """Deliver the signed webhooks and wait for their handoffs; return handoff ids by sample file."""
    documents = _documents()
    handoffs: dict[str, str] = {}
    for file in (MAIN, *PLANTED):
        document = documents[file]
        begin = time.monotonic()
        answer = fake.deliver(f"{chosen.public_url}/webhooks/pandadoc", document, event_id=f"demo-{document}")
        status = answer["events"][0]["status"]
        output.say(f"→ Signed webhook for {file}: verified, {status}")
        found = wait_for(chosen, document)
        handoffs[file] = found["id"]
        if file == MAIN and status == "accepted":
            output.say(f"Handoff {found['state']} in {time.monotonic() - begin:.1f} s.")
        if file == MAIN:
            _steps(found)
    return handoffs


def _reconcile(chosen: Settings) -> None:
    """Hold the sample invoices against the sample contracts, by the same deployment that does so every night."""
    from cli.runs import run_to_end
    from store import findings, invoices
    from store.database import Database

    state = run_to_end("reconcile-invoices/aftersign", {"limit_percent": 100})
    with Database(chosen.database).read() as connection:
        count, found = invoices.count(connection), findings.listed(connection)
    output.say(f"✓ Invoices        {count} held against their contracts, {len(found)} differ ({state.lower()})")
    for row in found:
        one = findings.finding_of(row)
        place = one.place.number if one.place else "not billed"
        output.say(f"  {one.code} {place} {one.product}: {one.explanation}")


def _documents() -> dict[str, str]:
    import yaml

    listed = yaml.safe_load((SAMPLES / "contracts.yaml").read_text(encoding="utf-8"))["contracts"]
    return {row["file"]: row["document_id"] for row in listed}


def wait_for(chosen: Settings, document: str, seconds: float = 120) -> dict[str, Any]:
    """Wait until the handoff of a document has ended its run. Raises `Permanent`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for row in read_json(f"{chosen.public_url}/api/handoffs?limit=500"):
            if row["event"]["document"] == document and row["state"] in {"complete", "incomplete"}:
                return read_json(f"{chosen.public_url}/api/handoffs/{row['id']}")  # type: ignore[no-any-return]
        time.sleep(0.2)
    raise Permanent(f"The handoff of {document} did not end within {seconds:.0f} s", fix=f"read {chosen.home / 'logs'}")


def read_json(url: str) -> Any:
    """Read JSON from our own web process."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=20) as answer:
        found = json.load(answer)
    return found["items"] if isinstance(found, dict) and set(found) >= {"items"} else found


def _steps(found: dict[str, Any]) -> None:
    for name, step in {**found["preparation"], **found["actions"]}.items():
        mark = {"done": "✓", "skipped": "–"}.get(step["state"], "✗")
        output.say(f"  {mark} {name.replace('_', ' '):<12} {step['detail'] or (step['error'] or {}).get('what', '')}")


def _links(chosen: Settings, handoffs: dict[str, str]) -> None:
    url, prefect = chosen.public_url, chosen.prefect_api.removesuffix("/api")
    outbox = read_json(f"{url}/api/outbox?limit=500")
    main = handoffs[MAIN]
    slack = _first(outbox, "chat", main)
    mail = _first(outbox, "mail", main)
    run = read_json(f"{url}/api/handoffs/{main}")["run_id"]
    output.say("")
    output.say(f"  Handoffs       {url}/handoffs")
    output.say(f"  Brief          {url}/handoffs/{main}/brief")
    output.say(f"  Slack preview  {url}/outbox/{slack}     E-mail  {url}/outbox/{mail}")
    output.say(f"  Prefect run    {prefect}/runs/flow-run/{run}   (sign in with {prefect_auth(chosen)})")
    output.say("Also planted:")
    for file, what in PLANTED.items():
        output.say(f"  {what}  {url}/handoffs/{handoffs[file]}")
    output.say(f"  a notice deadline in 6 days ({URGENT}): owner and backup are alerted within the hour")
    output.say(f"To finish the failed run: uv run aftersign crm import {_short(LATE_DEAL)}, then press Retry on it.")


def _first(rows: list[dict[str, Any]], role: str, handoff: str) -> str:
    found = [row["id"] for row in rows if row["role"] == role and row["key"].startswith(f"{handoff}:")]
    return str(min(found)) if found else ""


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
