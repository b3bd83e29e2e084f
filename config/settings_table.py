"""Every setting as a Markdown table, so that the documentation cannot fall behind the model."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import isclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.settings import PREFIX, Settings

START, END = (
    "<!-- settings: written by `aftersign config settings --write docs/configuration.md` -->",
    "<!-- settings end -->",
)


def settings_table() -> str:
    """Return the table of all settings: variable, default, meaning."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for name, field in _fields(Settings, ""):
        rows.append(f"| `{PREFIX}{name}` | {_default(field)} | {field.description} |")
    return "\n".join(rows)


def written(document: str) -> str:
    """Return the document with the table between its two marks brought up to date."""
    before, _, rest = document.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{settings_table()}\n{END}{after}"


def _fields(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isclass(kind) and issubclass(kind, BaseModel):
            yield from _fields(kind, f"{prefix}{name.upper()}__")
        else:
            yield prefix + name.upper(), field


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, list):
        value = ",".join(f"{item:g}" if isinstance(item, float) else str(item) for item in value)
    if isinstance(value, bool):
        value = str(value).lower()
    text = value.as_posix() if isinstance(value, Path) else f"{value:g}" if isinstance(value, float) else str(value)
    return f"`{text}`" if text else "empty"
