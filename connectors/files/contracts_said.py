"""What is wrong with a contract, in the words of its file: where, what stands there, what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.files.contracts_text import Document, Value
from domain.invoices import InvoiceProblem


def problem(document: Document, location: Sequence[int | str], value: Value, error: Any) -> InvoiceProblem:
    """Return what pydantic says about one value in the words of a contract file."""
    context = error.get("ctx", {})
    inner = [*error["loc"], *([context["name"]] if error["type"] == "unknown" else [])]
    allowed = str(context.get("allowed") or context.get("expected") or "")
    if error["type"] == "missing":
        words = "is missing"
    elif error["type"] == "enum":
        words = "is none of the words that are allowed"
    else:
        words = str(context.get("error") or error["msg"])
    fix = f"allowed: {allowed}; {left_out(value)}" if allowed else left_out(value)
    return InvoiceProblem(document.place([*location, *inner]), said(value, inner, words), fix)


def said(value: Value, location: Sequence[int | str], words: str) -> str:
    """Write where in the contract, what stands there, and what is wrong with it."""
    name, found = "", value
    for part in location:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
        found = _inner(found, part)
    shown = f" {found!r}" if isinstance(found, str | bool) and repr(found) not in words else ""
    text = words.replace("Input should be", "should be").replace("Value error, ", "")
    return f"{name or 'the contract'}{shown} {text}"


def _inner(value: Value, part: int | str) -> Value:
    if isinstance(value, dict):
        return value.get(str(part))
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None


def left_out(value: Value) -> str:
    """Say which contract is not checked."""
    number = value.get("number") if isinstance(value, dict) else None
    return f"contract {number} is left out" if number else "the contract is left out"
