"""An independent referee: compares what had to happen with what the tables and the vendors' boxes say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from bench.year import boxes
from bench.year.closed import closed_windows
from bench.year.evidence import Delivery, Evidence, Row, deliveries, told_on
from bench.year.expected import End, ends
from bench.year.journal import Journal
from bench.year.promises import LATE, MISSED, Broken, Case, Verdict

_LADDER = timedelta(days=124)  # 120 days and the weekend before them


def judge(journal: Journal, evidence: Evidence, calendar_of: Callable[[str], str]) -> Verdict:
    """Look for every broken promise."""
    verdict = Verdict()
    for case in _cases(journal, evidence, calendar_of):
        _deadlines(case, verdict)
        verdict.broken += closed_windows(case)
    verdict.broken += [*boxes.twice(journal, evidence), *boxes.same_text(evidence), *boxes.states(journal, evidence)]
    verdict.broken += [*boxes.after_decisions(evidence), *boxes.orphans(journal)]
    return verdict


def _cases(journal: Journal, evidence: Evidence, calendar_of: Callable[[str], str]) -> Iterator[Case]:
    customers = {contract: paper.customer for contract, paper in journal.papers.items()}
    sent: dict[str, list[Delivery]] = defaultdict(list)
    for one in deliveries(evidence, customers):
        sent[one.alert["contract_id"]].append(one)
    decided: dict[str, list[Row]] = defaultdict(list)
    for row in evidence.decisions:
        decided[row["contract_id"]].append(row)
    for contract, paper in journal.papers.items():
        watched = ends(journal, contract, calendar_of(paper.place))
        yield Case(journal, contract, watched, sent[contract], decided[contract])


def _deadlines(case: Case, verdict: Verdict) -> None:
    """Look at each decide-by that fell inside a stretch of knowledge."""
    for end in case.ends:
        if case.over_before(end):
            continue
        decide_by, done = end.first.decide_by, case.carried_out(end)
        if done is not None and done["executed_at"].date() <= max(decide_by, end.since):
            verdict.counts["deadlines settled beforehand"] += end.since < decide_by <= end.until
        elif end.since < decide_by <= end.until:
            verdict.counts["deadlines"] += 1
            verdict.broken += _unheard(case, end, decide_by, MISSED, verdict)
        elif decide_by <= end.since < end.first.closes <= end.until and not _watched_before(case, end):
            verdict.counts["deadlines known after decide-by"] += 1
            verdict.broken += _unheard(case, end, end.first.closes, LATE, verdict)


def _watched_before(case: Case, end: End) -> bool:
    return any(one.until <= end.since and one.first.act_by == end.first.act_by and one is not end for one in case.ends)


def _unheard(case: Case, end: End, last: date, promise: str, verdict: Verdict) -> Iterator[Broken]:
    heard = [one for one in case.deliveries if one.alert["act_by"] == end.first.act_by]
    in_time = [one for one in heard if told_on(one) <= last and _read(case, one, last)]
    if in_time:
        return
    if _excused(case, end, last, heard):
        verdict.counts["deadlines told late because nothing worked"] += 1
        return
    yield Broken(promise, case.contract, f"term to {end.first.term_end}, act by {end.first.act_by}, told by {last}")


def _read(case: Case, one: Delivery, last: date) -> bool:
    return case.journal.reads(one.alert["recipient"], told_on(one), last)


def _excused(case: Case, end: End, last: date, heard: Sequence[Delivery]) -> bool:
    """Tell whether no day was left on which anything worked, and the first that came was used."""
    day, weather = max(end.alertable, end.first.act_by - _LADDER), case.journal.weather
    while weather.blocked(day):
        day += timedelta(days=1)
    return day > last and any(told_on(one) <= day for one in heard)
