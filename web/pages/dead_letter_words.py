"""Dead letters in words: their columns, why each lies here, what helps, and what was started again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from store.views import dead_letters as view
from web.listing import Column, Look
from web.rendering import words

_PLACES = {view.EVENT: "/webhooks/log/", view.STEP: "/handoffs/"}
LABELS = {"letter": "What", "can": "What can be done", "place": "Where", "month": "Waiting since"}
CAN = {
    view.REDRIVE: "Start it again", view.SETTLE: "Say what happened", view.AFTER: "Settle its effect first",
    view.LOOK: "Look at it",
}  # fmt: skip
_KINDS = {view.EVENT: "Events", view.STEP: "Steps", view.EFFECT: "Effects in doubt"}


def _address(row: Any) -> str:
    place = _PLACES.get(row["letter"])
    return f"{place}{row['id']}" if place else f"/dead-letters/in-doubt?{urlencode({'key': row['id']})}"


def _does(row: Any) -> str:
    if row["can"] == view.REDRIVE:
        return f"/dead-letters/redrive?{urlencode({'item': row['item']})}"
    if row["can"] == view.AFTER:
        return f"/dead-letters?{urlencode({'letter': view.EFFECT, 'handoff': row['handoff_id']})}"
    return _address(row)


COLUMNS = (
    Column("title", "What needs a person", link=_address, note="subject"),
    Column("why", "Why", note="fix"),
    Column("place", "Where", sortable=True),
    Column("tries", "Tries", Look.NUMBER, sortable=True),
    Column("since", "Since", Look.MOMENT, sortable=True),
    Column("todo", "What can be done", link=_does),
)
MORE = (
    Column("fix", "How to fix it"), Column("letter", "Kind"), Column("id", "Number"), Column("about", "About"),
    Column("handoff_id", "Handoff"), Column("run_id", "Run"),
)  # fmt: skip


def said(row: dict[str, Any]) -> dict[str, Any]:
    """Say in words what a letter is, why it lies here and what helps."""
    return {**row, **_WORDS[row["letter"]](row), "todo": CAN[row["can"]], "place": row["place"].replace("_", " ")}


def _event(row: dict[str, Any]) -> dict[str, str]:
    if row["state"] == "unknown":
        return {
            "title": f"{row['place']} sent an event that Aftersign does not know", "subject": row["about"],
            "why": "its kind is unknown, so nothing was done with it",
            "fix": "switch it off at the vendor, or update Aftersign",
        }  # fmt: skip
    return {
        "title": f"A signature from {row['place']} led to no handoff", "subject": row["about"],
        "fix": "put right what is named, then start it again",
    }  # fmt: skip


def _step(row: dict[str, Any]) -> dict[str, str]:
    title = row["what"] or f"{words(row['place'])} could not be done"
    return {"title": title, "subject": row["about"] or row["handoff_id"]}


def _doubtful(row: dict[str, Any]) -> dict[str, str]:
    return {
        "title": f"Nobody knows whether this reached {row['place']}", "subject": row["id"],
        "why": row["why"] or "an earlier attempt broke off between request and answer",
        "fix": "look for it at the vendor, then say whether it arrived",
    }  # fmt: skip


_WORDS = {view.EVENT: _event, view.STEP: _step, view.EFFECT: _doubtful}


def label(name: str, value: str) -> str:
    """Return what a choice of a facet is called."""
    labels = {"letter": _KINDS, "can": CAN}.get(name, {})
    return labels.get(value, value.replace("_", " "))


def notice(events: str, runs: str, later: str) -> str:
    """Say what was started again, nothing for an address that was made up."""
    if not all(one.isdecimal() and len(one) < 6 for one in (events, runs, later)):
        return ""
    opened = f"{events} {'event is' if events == '1' else 'events are'} open again"
    asked_for = f"{runs} {'handoff runs' if runs == '1' else 'handoffs run'} again"
    said = f"{opened}, {asked_for}. Nothing that is done is repeated."
    left = f"{later} {'handoff was' if later == '1' else 'handoffs were'} left for later"
    return f"{said} Prefect does not answer: {left}." if later != "0" else said
