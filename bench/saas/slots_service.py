"""The words that templates of service levels are filled with."""

from __future__ import annotations

from collections.abc import Iterator

from bench.saas.bank import Bank
from bench.saas.deal import Sla
from bench.saas.voice import Voice

_WINDOWS = {"month": "monthly", "quarter": "quarterly", "year": "annual"}


def service_slots(sla: Sla | None, voice: Voice, bank: Bank) -> Iterator[tuple[str, object]]:
    """Yield the words of the service levels; none where there are none."""
    if sla is None:
        return
    yield from (("uptime", voice.percent(sla.uptime)), ("window", voice.chance.choice(bank.words.windows[sla.window])))
    yield from (("window_adj", _WINDOWS[sla.window]), ("window_each", sla.window))
    if sla.steps:
        yield from (("single", voice.percent(sla.steps[0].percent)), ("steps", _credits(sla, voice, bank)))
    if sla.credit_cap:
        yield "credit_cap", voice.percent(sla.credit_cap)
    if sla.claim:
        yield "claim", voice.length(sla.claim)
    if sla.chronic:
        yield from (("misses", voice.count(sla.chronic[0])), ("span", voice.count(sla.chronic[1])))


def _credits(sla: Sla, voice: Voice, bank: Bank) -> str:
    """Write the steps of the credits one after the other."""
    chosen = voice.chance.randrange(len(bank.phrases["credit.row"]))
    rows, adjective = [], _WINDOWS[sla.window]
    for step in sla.steps:
        kind = "credit.row" if step.first is not None else "credit.row.open"
        first = "" if step.first is None else voice.percent(step.first)
        row = bank.phrases[kind][chosen]
        rows.append(
            row.format(
                first=first, below=voice.percent(step.below), pct=voice.percent(step.percent), window_adj=adjective
            )
        )
    return "; ".join(rows)
