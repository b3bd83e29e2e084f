"""The environment that our own Prefect server and worker get; safe by default."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from config.settings import Settings

_SAFE = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # The second user interface asks a third party for its configuration at every start.
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
    "PREFECT_WORKER_QUERY_SECONDS": "0.5",
    "PREFECT_WORKER_PREFETCH_SECONDS": "5",
    # One row a commit is the default; groups halve the load a handoff puts on the database.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_API_REQUEST_TIMEOUT": "120",
}


def prefect_auth(settings: Settings) -> str:
    """Return the user:password of the Prefect server, made once when none is configured."""
    given = settings.prefect.auth.get_secret_value()
    if given:
        return given
    path = settings.home / "prefect-auth"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"aftersign:{secrets.token_urlsafe(12)}")
    return path.read_text().strip()


def child_environment(settings: Settings) -> dict[str, str]:
    """Return the environment for the processes `up` starts; the caller's own settings win."""
    auth = prefect_auth(settings)
    home = (settings.home / "prefect").resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    ours = {
        **_SAFE,
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_LOCAL_STORAGE_PATH": str(home / "results"),
        "PREFECT_API_URL": settings.prefect_api,
        "PREFECT_API_AUTH_STRING": auth,
        "PREFECT_SERVER_API_AUTH_STRING": auth,
        "PREFECT_SERVER_API_HOST": settings.prefect.host,
        "PREFECT_SERVER_API_PORT": str(settings.prefect.port),
        "PREFECT_UI_API_URL": settings.prefect_api,
        "AFTERSIGN_PREFECT__AUTH": auth,
    }
    database = settings.prefect.database_url.get_secret_value()
    if database:
        ours["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = database
    return {**ours, **{k: v for k, v in os.environ.items() if k not in _FIXED}, **_pinned(ours)}


# What decides where our own server lives must not come from somebody's other Prefect.
_FIXED = ("PREFECT_API_URL", "PREFECT_HOME", "PREFECT_PROFILE")


def _pinned(ours: dict[str, str]) -> dict[str, str]:
    names = (
        "PREFECT_API_URL",
        "PREFECT_HOME",
        "PREFECT_PROFILES_PATH",
        "AFTERSIGN_PREFECT__AUTH",
        "PREFECT_API_AUTH_STRING",
        "PREFECT_SERVER_API_AUTH_STRING",
    )
    return {name: ours[name] for name in names}


def apply_environment(settings: Settings) -> None:
    """Set the same environment in this process, before Prefect is imported."""
    os.environ.update(child_environment(settings))


def log_path(settings: Settings, name: str) -> Path:
    """Return the log file of one of our processes."""
    folder = settings.home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"
