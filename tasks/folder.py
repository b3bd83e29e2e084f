"""Walk a folder of signed contracts: what to import, what not, and why not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import Permanent
from domain.portfolio import KINDS, Entry, Omitted
from extraction.limits import Limits

_LARGEST = Limits().file_bytes


@dataclass(slots=True)
class Walked:
    """Hold what a folder contains; `repeated` names files with the bytes of an earlier one."""

    folder: Path
    entries: list[Entry] = field(default_factory=list)
    omitted: list[Omitted] = field(default_factory=list)
    repeated: list[Omitted] = field(default_factory=list)


def walk(folder: Path) -> Walked:
    """List a folder and what is below it in a fixed order; hidden files and folders are passed over.

    Links are never followed. Raises `Permanent` when there is no such folder.
    """
    if not folder.is_dir():
        raise Permanent(f"There is no folder {folder}", fix="name the folder that holds the signed contracts")
    found, seen = Walked(folder.resolve()), dict[str, str]()
    for item in _below(found.folder):
        _take(found, item, seen)
    return found


def _below(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as listed:
        items = sorted(listed, key=lambda item: item.name)
    for item in items:
        if item.name.startswith("."):
            continue
        if item.is_dir(follow_symlinks=False):
            yield from _below(Path(item.path))
        else:
            yield item


def _take(found: Walked, item: os.DirEntry[str], seen: dict[str, str]) -> None:
    name = Path(item.path).relative_to(found.folder).as_posix()
    why = _unfit(found.folder, item)
    if why:
        found.omitted.append(Omitted(name.encode("utf-8", "replace").decode(), why))
        return
    try:
        sha256 = digest(Path(item.path))
    except OSError as error:
        found.omitted.append(Omitted(name, f"it cannot be opened: {error.strerror}"))
        return
    if sha256 in seen:
        found.repeated.append(Omitted(name, f"the same file as {seen[sha256]}"))
        return
    seen[sha256] = name
    kind = KINDS[Path(item.path).suffix.lower()]
    found.entries.append(Entry(sha256, item.path, name, kind, item.stat().st_size))


def _unfit(folder: Path, item: os.DirEntry[str]) -> str:
    """Return why an item is not imported, empty when it is."""
    if item.is_symlink():
        inside = Path(item.path).resolve().is_relative_to(folder)
        return "a link; what it leads to is read where it stands" if inside else "a link that leads out of the folder"
    if not item.is_file():
        return "not a file"
    if not item.path.isprintable() or item.path.encode("utf-8", "ignore") != os.fsencode(item.path):
        return "its name holds characters that cannot be kept; rename it"
    if Path(item.path).suffix.lower() not in KINDS:
        return f"not one of {', '.join(KINDS)}"
    if item.stat().st_size > _LARGEST:
        return f"larger than {_LARGEST // 1024**2} MiB"
    return ""


def digest(path: Path) -> str:
    """Return the sha256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
