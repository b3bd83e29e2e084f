"""The app manifest: what `aftersign connect slack` gives to Slack's "create an app from a manifest"."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import yaml

from connectors.slack.scopes import SCOPES
from domain.errors import ConfigurationError

PATH = "/webhooks/slack"


def manifest(public_url: str, *, socket_mode: bool) -> str:
    """Return the manifest as people paste it, in YAML. Raises `ConfigurationError`."""
    return yaml.safe_dump(parts(public_url, socket_mode=socket_mode), sort_keys=False)


def parts(public_url: str, *, socket_mode: bool) -> dict[str, Any]:
    """Return the manifest's parts; with Socket Mode Slack needs no address of ours.

    Raises `ConfigurationError` when Slack could not reach the address.
    https://docs.slack.dev/reference/app-manifest
    """
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Aftersign",
            "description": "What happens after a contract is signed",
            "background_color": "#1f2937",
        },
        "features": {"bot_user": {"display_name": "Aftersign", "always_online": True}},
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": _interactivity(public_url, socket_mode=socket_mode),
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _interactivity(public_url: str, *, socket_mode: bool) -> dict[str, Any]:
    if socket_mode:
        return {"is_enabled": True}
    if urlsplit(public_url).scheme != "https":
        raise ConfigurationError(
            f"Slack cannot send button presses to {public_url or 'nowhere'}",
            why="Slack needs an https:// address it can reach",
            fix="set AFTERSIGN_WEB__PUBLIC_URL to one, or use Socket Mode with AFTERSIGN_SLACK__APP_TOKEN",
        )
    return {"is_enabled": True, "request_url": public_url.rstrip("/") + PATH}
