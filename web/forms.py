"""The forms behind links: what rep and customer are asked, and how their answers are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from store import briefs, read_models, sequences
from store.read_models import Missing
from web.context import WebContext
from web.dependencies import BY_LINK, only

# The only lines of a brief that a customer ever sees or answers, in the customer's words.
INTAKE = {
    "primary_goal": "What is the one result you want to reach first?",
    "success_metric": "Which number will tell you that it worked?",
    "baseline": "Where does that number stand today?",
    "target_date": "By when do you want to get there?",
    "day_to_day": "Who will work with us day to day? (name and e-mail)",
    "technical": "Who is our technical contact? (name and e-mail)",
    "integrations": "Which systems should we connect to?",
    "migration": "Is there data to bring over?",
    "sso": "Do you use single sign-on, and which one?",
}
_ASKED_ANYWAY = ("primary_goal", "success_metric", "day_to_day", "integrations", "technical")


@dataclass(frozen=True, slots=True)
class Ask:
    """Hold one question of a form and what is already known; `confirm` marks a value to check."""

    key: str
    question: str
    value: str = ""
    confirm: bool = False


def rep_asks(connection: Connection, handoff_id: str) -> list[Ask]:
    """List the missing required lines with what the rep already typed."""
    given = _given(connection, handoff_id, "rep")
    return [Ask(gap["key"], gap["ask"], given.get(gap["key"], "")) for gap in _body(connection, handoff_id)["gaps"]]


def intake_asks(connection: Connection, handoff_id: str) -> list[Ask]:
    """List what the customer is asked: a fixed few lines, and those of ours that are still missing."""
    row, given = briefs.latest(connection, handoff_id), _given(connection, handoff_id, "customer")
    body = dict(row["body"]) if row else {}
    known = _known(body.get("sections", []))
    gaps = {gap["key"] for gap in body.get("gaps", [])}
    return [
        Ask(key, question, given.get(key) or known.get(key, ""), confirm=key in known and key not in given)
        for key, question in INTAKE.items()
        if key in _ASKED_ANYWAY or key in gaps or key in given
    ]


def _known(sections: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for section in sections:
        for answer in section["answers"]:
            if answer["key"] in _ASKED_ANYWAY:
                found.setdefault(answer["key"], []).append(str(answer["value"]))
    return {key: "\n".join(values) for key, values in found.items()}


def keep_rep(context: WebContext, handoff_id: str, form: dict[str, str]) -> int:
    """Keep what a rep typed for lines they were asked; return how many answers there are."""
    now = context.clock()
    with context.database.write() as connection:
        only(form, read_models.asked(connection, handoff_id))
        return briefs.answer(context.database, connection, handoff_id, "rep", form, BY_LINK, now)


def keep_intake(context: WebContext, handoff_id: str, form: dict[str, str]) -> int:
    """Keep what a customer typed and note that the form is filled in; return how many answers there are."""
    now = context.clock()
    only(form, set(INTAKE))
    with context.database.write() as connection:
        count = briefs.answer(context.database, connection, handoff_id, "customer", form, BY_LINK, now)
        sequences.intake_done(connection, handoff_id, now)
        return count


def _given(connection: Connection, handoff_id: str, source: str) -> dict[str, str]:
    return {r["key"]: r["value"] for r in briefs.given(connection, handoff_id) if r["source"] == source}


def _body(connection: Connection, handoff_id: str) -> dict[str, Any]:
    row = briefs.latest(connection, handoff_id)
    if row is None:
        raise Missing(
            "This form is not ready yet",
            why="we are still preparing it",
            fix="try the link again in a few minutes",
        )
    return dict(row["body"])
