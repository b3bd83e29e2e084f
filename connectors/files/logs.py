"""Rows of logs: CSV and JSON files, also gzipped, with headers as they come."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TypeVar

from domain.errors import ConfigurationError, Permanent

_LIMIT = 200 * 1024 * 1024  # unpacked
_ENDINGS = (".csv", ".csv.gz", ".json", ".json.gz", ".jsonl", ".jsonl.gz")

Row = Mapping[str, str]
_T = TypeVar("_T")


def files(folder: Path, variable: str) -> Iterator[Path]:
    """Yield the files of a folder that are read, by name. Raises `ConfigurationError` naming its variable."""
    if not folder.is_dir():
        raise ConfigurationError(
            f"The folder {folder.name!r} is not there",
            why="it is no folder, or may not be read",
            fix=f"correct {variable}",
        )
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name.casefold().endswith(_ENDINGS):
            yield path


def read(path: Path, build: Callable[[Row], _T]) -> Iterator[_T]:
    """Yield what `build` makes of each row, its names in lower case. Raises `Permanent` naming file and record."""
    try:
        text = _content(path).decode("utf-8-sig")
        rows = list(_json_rows(text, path)) if ".json" in path.name.casefold() else list(_csv_rows(text))
    except (ValueError, OSError, EOFError, zlib.error, csv.Error) as error:
        raise _bad(path.name, str(error)) from error
    for number, row in enumerate(rows, 1):
        try:
            yield build({name.strip().casefold(): value for name, value in row.items()})
        except ValueError as error:
            raise _bad(f"{path.name}, record {number}", str(error)) from error


def first(row: Row, names: tuple[str, ...]) -> str:
    """Return the first of several columns that says something."""
    return next((row[name] for name in names if row.get(name)), "")


def moment(text: str, zone: tzinfo) -> datetime | None:
    """Return a time in UTC, written in ISO 8601 or as whole seconds since 1970. Raises `ValueError`."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) == 10:
        return datetime.fromtimestamp(int(text), UTC)
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _content(path: Path) -> bytes:
    with gzip.open(path) if path.suffix.casefold() == ".gz" else path.open("rb") as file:
        content = file.read(_LIMIT + 1)
    if len(content) > _LIMIT:
        raise ValueError(f"it is larger than {_LIMIT // 2**20} MiB")
    return content


def _csv_rows(text: str) -> Iterator[Row]:
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        if any(row.values()):
            yield {str(name): str(value or "").strip() for name, value in row.items() if name is not None}


def _json_rows(text: str, path: Path) -> Iterator[Row]:
    if ".jsonl" in path.name.casefold():
        found: object = [json.loads(line) for line in text.splitlines() if line.strip()]
    else:
        found = json.loads(text)
    if isinstance(found, dict):
        found = next((value for value in found.values() if isinstance(value, list)), None)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ValueError("it is not a list of objects")
    for row in found:
        yield {name: "" if value is None else str(value).strip() for name, value in row.items()}


def _bad(where: str, why: str) -> Permanent:
    return Permanent(
        f"The file {where} cannot be read",
        why=why,
        fix="correct the file; a part of the evidence is not used without the rest",
    )
