"""How a team's CRM and work tool name things: `crm.yaml` and `work.yaml`, both optional."""

from __future__ import annotations

from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from config.yaml_file import read_yaml

T = TypeVar("T")


def read_mapping(path: Path, vendor: str, shape: type[T], default: T) -> T:
    """Return a vendor's part of a mapping file, laid over the default.

    A missing file or part leaves the default; other vendors' parts are not looked at. Raises
    `ConfigurationError` with file and line.
    """
    if not path.exists():
        return default
    part: dict[str, Any] = {vendor: (_strict(shape) | None, None)}
    model = create_model("Mapping", __config__=ConfigDict(extra="ignore"), **part)
    given: BaseModel | None = getattr(read_yaml(path, model), vendor)
    if given is None:
        return default
    chosen = {name: getattr(given, name) for name in given.model_fields_set}
    return shape(**{**{f.name: getattr(default, f.name) for f in fields(default)}, **chosen})  # type: ignore[arg-type]


def _strict(shape: type[Any]) -> type[BaseModel]:
    """Return a model of a dataclass that refuses names it does not have; nothing is required."""
    hints = get_type_hints(shape)
    members: dict[str, Any] = {
        field.name: (hints[field.name], Field(default_factory=field.default_factory))
        if field.default_factory is not MISSING
        else (hints[field.name], None if field.default is MISSING else field.default)
        for field in fields(shape)
    }
    return create_model(shape.__name__, __config__=ConfigDict(extra="forbid"), **members)
