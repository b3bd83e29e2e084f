"""What the vendors' boxes and the states of alerts say: nothing twice, nothing without a reason, nothing stuck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from bench.year.evidence import Evidence, deliveries
from bench.year.journal import Journal
from bench.year.promises import AFTER_DECISION, NO_REASON, ORPHANS, SAME_TEXT, STUCK, TWICE, US, Broken


def twice(journal: Journal, evidence: Evidence) -> Iterator[Broken]:
    customers = {contract: paper.customer for contract, paper in journal.papers.items()}
    seen = Counter((one.alert["id"], one.way) for one in deliveries(evidence, customers))
    by_id = {row["id"]: row for row in evidence.alerts}
    for (alert, way), times in seen.items():
        if times > 1:
            yield Broken(TWICE, by_id[alert]["contract_id"], f"stage {by_id[alert]['stage']} {times} times by {way}")
    same = Counter(
        (row["contract_id"], row["deadline_version"], row["stage"], row["recipient"])
        for row in evidence.alerts
        if row["sent_at"] is not None
    )
    for (contract, _, stage, recipient), times in same.items():
        if times > 1:
            yield Broken(TWICE, contract, f"stage {stage} has {times} rows sent to {recipient}")
    for one in evidence.messages:
        if one.last > one.first:
            yield Broken(TWICE, "", f"{one.key} was delivered on {one.first} and again on {one.last}")


def same_text(evidence: Evidence) -> Iterator[Broken]:
    seen = Counter((one.way, one.to, one.text, one.first.date()) for one in evidence.messages)
    for (way, to, text, day), times in seen.items():
        if times > 1:
            yield Broken(SAME_TEXT, "", f"{times} x {text!r} to {to} by {way} on {day}")


def states(journal: Journal, evidence: Evidence) -> Iterator[Broken]:
    for row in evidence.alerts:
        if row["state"] in {"superseded", "suppressed"} and not row["reason"].strip():
            yield Broken(NO_REASON, row["contract_id"], f"stage {row['stage']} of {row['due_on']} is {row['state']}")
        if row["state"] in {"planned", "collapsed"} and row["due_on"] < journal.ends - timedelta(days=2):
            yield Broken(STUCK, row["contract_id"], f"stage {row['stage']} of {row['due_on']} is {row['state']}")


def after_decisions(evidence: Evidence) -> Iterator[Broken]:
    terms = {(row["contract_id"], row["version"]): row["term_end"] for row in evidence.deadlines}
    done = {
        (row["contract_id"], row["term_end"]): row["executed_at"]
        for row in evidence.decisions
        if row["state"] == "executed" and row["decided_by"] != US
    }
    for row in evidence.alerts:
        term = terms.get((row["contract_id"], row["deadline_version"]))
        at = done.get((row["contract_id"], term)) if term else None
        if at is not None and row["sent_at"] is not None and row["sent_at"] > at:
            yield Broken(AFTER_DECISION, row["contract_id"], f"stage {row['stage']} sent at {row['sent_at']:%Y-%m-%d}")


def orphans(journal: Journal) -> Iterator[Broken]:
    for day, lost in journal.orphans.items():
        for contract in lost:
            yield Broken(ORPHANS, contract, f"on {day}")
