"""Run everything for one machine."""

from __future__ import annotations

import signal
from types import FrameType

from cli import output
from cli.environment import prefect_auth
from cli.services import Services, free_port
from cli.setup import prepare, shown
from config.business import load_business
from config.settings import Settings, settings
from domain.errors import ConfigurationError


def run_up() -> int:
    """Start web, Prefect server and worker, and stay until asked to stop."""
    chosen = settings()
    load_business(chosen.config_dir)  # a broken file is told before anything starts
    _check_ports(chosen)
    prepare(chosen)
    output.say(f"✓ database  {shown(chosen)}")
    services = Services(chosen)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        services.start_all(lambda name, seconds: output.say(f"✓ {name:<9} ready after {seconds:.1f} s"))
        output.say(f"Web      {chosen.public_url}")
        output.say(f"Prefect  {chosen.prefect_api.removesuffix('/api')}  (sign in with {prefect_auth(chosen)})")
        output.say("Ctrl-C stops all.")
        services.watch()
    except KeyboardInterrupt:
        output.say("stopping")
    finally:
        services.stop()
    return 0


def _check_ports(chosen: Settings) -> None:
    """Refuse to start beside another program: its answers would be taken for ours."""
    wanted = {"AFTERSIGN_WEB__PORT": (chosen.web.host, chosen.web.port)}
    if not chosen.prefect.api_url:
        wanted["AFTERSIGN_PREFECT__PORT"] = (chosen.prefect.host, chosen.prefect.port)
    for variable, (host, port) in wanted.items():
        if free_port(host, port) != port:
            raise ConfigurationError(
                f"Port {port} is taken",
                why="another program, perhaps an earlier `aftersign up`, listens there",
                fix=f"stop it or set {variable} to another port",
            )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
