"""A brief as a PDF by Typst: the data goes in as JSON, so nothing a customer wrote is ever taken for markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from domain.errors import Permanent

TEMPLATE = Path(__file__).parent / "templates" / "brief.typ"


def available() -> bool:
    """Tell whether PDFs can be made here."""
    return find_spec("typst") is not None


def brief_pdf(brief: Mapping[str, Any], *, version: int, made: str) -> bytes:
    """Return a brief as a PDF. Raises `Permanent` without the extra `pdf`."""
    if not available():
        raise Permanent(
            "Briefs cannot be made as PDF here", why="Typst is not installed",
            fix="install the extra: uv sync --extra pdf",
        )  # fmt: skip
    import typst  # noqa: PLC0415

    shown = {name: brief.get(name) for name in ("customer", "sections", "gaps", "answered")}
    data = json.dumps({**shown, "version": version, "made": made}, default=str)
    return bytes(typst.compile(str(TEMPLATE), sys_inputs={"brief": data}))
