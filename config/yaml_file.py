"""Read one YAML file into a model; every error names file, line and what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from domain.errors import ConfigurationError

Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path, model: type[Model]) -> Model:
    """Parse and validate a file. Raises `ConfigurationError` with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read",
            why=str(error.strerror),
            fix="run `aftersign init` to write the default files",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 text", why=str(error), fix="save the file as UTF-8") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-13-01
        raise _malformed(path, error) from error
    try:
        return model.model_validate(data if data is not None else {})
    except ValidationError as error:
        raise _invalid(path, node, error) from error


def _malformed(path: Path, error: yaml.YAMLError | ValueError) -> ConfigurationError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    return ConfigurationError(
        f"{path}:{line} is not YAML",
        why=str(getattr(error, "problem", None) or error),
        fix="check indentation, colons and quotes on that line",
    )


def _invalid(path: Path, node: yaml.Node | None, error: ValidationError) -> ConfigurationError:
    problems = [
        f"{path}:{_line(node, problem['loc'])} {'.'.join(map(str, problem['loc']))}: {problem['msg']}"
        for problem in error.errors()
    ]
    return ConfigurationError(
        problems[0], why="; ".join(problems[1:4]), fix="write one of the allowed values on that line"
    )


def line_of(path: Path, *location: int | str) -> int:
    """Return the line of a part of a file that was read before."""
    return _line(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader), location)


def _line(node: yaml.Node | None, location: Sequence[int | str]) -> int:
    """Return the line of the deepest part of `location` that exists in the file."""
    line = 1
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        line, node = child
    return line


def _child(node: yaml.Node | None, part: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None
