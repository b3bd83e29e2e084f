"""Where an object at Asana carries our key."""

from __future__ import annotations

import hashlib
import re

from connectors.asana.models import ProjectRow, Task

_LINE = re.compile(r"^Aftersign: (\S+)$", re.MULTILINE)


def notes(key: str, text: str) -> str:
    """Return notes that end in the key; people may write around that line."""
    return f"{text}\n\nAftersign: {key}".lstrip()


def named(name: str, key: str) -> str:
    """Return a name that ends in a short form of the key."""
    return f"{name} · {hashlib.sha256(key.encode()).hexdigest()[:10]}"


def carries(project: ProjectRow, key: str) -> bool:
    """Tell whether a project was made under the key."""
    return key in _LINE.findall(project.notes) or project.name.endswith(named("", key))


def key_of(task: Task) -> str:
    """Return the key that a task was made under; empty for a task of somebody else's."""
    if task.external and task.external.gid:
        return task.external.gid
    return next(iter(_LINE.findall(task.notes)), "")
