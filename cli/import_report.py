"""The report of an import, the same for a dry run: what is printed, written and told to programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from domain.lateness import Late, totals, urgency
from domain.papers import Families, Paper
from domain.portfolio import Look
from domain.terms import Citation
from tasks.folder import Walked

Report = dict[str, Any]


def report(
    walked: Walked,
    looks: Mapping[str, Look],
    found: Families,
    others: Sequence[Paper],
    texts: Mapping[str, tuple[str, str]],
    *,
    today: date,
) -> Report:
    """Put together what was found; `looks` are by sha256, `texts` name files that were imported before."""
    names = {paper.id: paper.title or paper.file for paper in others}
    names |= {look.paper.id: look.name for look in looks.values()}
    same = _same_text(looks, texts)
    copies = {row["file"] for row in same}
    missed = [look for look in looks.values() if look.late and look.name not in copies]
    late = sorted(missed, key=lambda look: _urgency(look, today))
    sums, unknown = totals(look.late for look in late if look.late)
    files = [_file(sha, look, today) for sha, look in looks.items()]
    return {
        "folder": str(walked.folder),
        "summary": _summary(walked, looks.values(), found, late=len(late)),
        "already_too_late": [_late(look.name, look.customer, look.late) for look in late if look.late],
        "committed": {currency: str(amount) for currency, amount in sorted(sums.items())},
        "committed_unknown": unknown,
        "families": [
            {
                "child": names.get(one.child, one.child),
                "kind": one.kind,
                "parent": names.get(one.parent, one.parent),
                "confidence": one.confidence,
                "state": "ambiguous" if one.ambiguous else "proposed",
                "evidence": one.evidence,
                "citation": _cited(one.citation),
            }
            for one in found.proposals
        ],
        "missing_parents": [
            {"child": names.get(one.child, one.child), "kind": one.kind, "evidence": one.evidence}
            for one in found.orphans
        ],
        "same_text": same,
        "duplicates": [{"file": one.name, "why": one.why} for one in walked.repeated],
        "skipped": [{"file": one.name, "why": one.why} for one in walked.omitted],
        "files": files,
    }


def _summary(walked: Walked, looks: Iterable[Look], found: Families, *, late: int) -> Mapping[str, int]:
    seen = list(looks)
    fresh = [look for look in seen if not (look.failed or look.on_file)]
    return {
        "contracts": len(fresh),
        "already_on_file": sum(look.on_file for look in seen),
        "alerts": sum(len(look.alerts) for look in fresh),
        "need_review": sum(bool(look.needs_review) for look in seen),
        "already_too_late": late,
        "families_proposed": sum(not one.ambiguous for one in found.proposals),
        "unreadable": sum(bool(look.problem) and not look.failed for look in seen),
        "failed": sum(look.failed for look in seen),
        "duplicates": len(walked.repeated),
        "skipped": len(walked.omitted),
    }


def _file(sha256: str, look: Look, today: date) -> Mapping[str, Any]:
    state = "failed" if look.failed else "unreadable" if look.problem else "on file" if look.on_file else "contract"
    return {
        "file": look.name,
        "sha256": sha256,
        "state": state,
        "customer": look.customer,
        "title": look.paper.title,
        "number": look.paper.number,
        "terms": look.terms,
        "needs_review": list(look.needs_review),
        "alerts": [{"stage": alert.stage, "on": str(alert.on), "due": alert.on <= today} for alert in look.alerts],
        "problem": look.problem,
    }


def _late(file: str, customer: str, late: Late) -> Mapping[str, Any]:
    return {
        "file": file,
        "customer": customer,
        "what": late.kind,
        "deadline": str(late.deadline),
        "days_late": max(late.days, 0),
        "days_left": max(-late.days, 0),
        "term_ends": str(late.ends),
        "locked_until": str(late.locked_until),
        "cost": str(late.cost.amount) if late.cost.amount else "unknown",
        "basis": late.cost.basis,
        "clause": " ".join(late.clause.quote.split()) if late.clause else "",
        "page": late.clause.page if late.clause else None,
    }


def _urgency(look: Look, today: date) -> tuple[int, date]:
    return urgency(look.late, today=today) if look.late else (9, today)


def _same_text(looks: Mapping[str, Look], texts: Mapping[str, tuple[str, str]]) -> list[Mapping[str, str]]:
    """Name files whose text is another file's, of this folder or imported before."""
    first = {text: known for text, known in texts.items() if known[0] not in looks}
    same: list[Mapping[str, str]] = []
    for sha256, look in looks.items():
        if not look.text_hash:
            continue
        known, name = first.setdefault(look.text_hash, (sha256, look.name))
        if known != sha256:
            same.append({"file": look.name, "same_as": name})
    return same


def _cited(citation: Citation | None) -> Mapping[str, Any] | None:
    if citation is None:
        return None
    return {"page": citation.page, "start": citation.start, "end": citation.end, "quote": citation.quote}
