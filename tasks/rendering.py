"""Render briefs and mails from the templates beside this file; data is never a template."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

_FOLDER = Path(__file__).parent / "templates"


@lru_cache(maxsize=2)
def _environment(*, html: bool) -> Environment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(template: str, **values: Any) -> str:
    """Render a template of this folder; `.html` templates escape every value."""
    environment = _environment(html=template.endswith(".html"))
    return environment.get_template(template).render(**values)


def fill(text: str, values: dict[str, str]) -> str:
    """Fill `{name}` places of a text that business people wrote; unknown names stay as they are."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
