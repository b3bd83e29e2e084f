"""The choices that no word of a contract makes about its service level, each said."""

from __future__ import annotations

from collections.abc import Iterator

from domain.sla.stated import Stated
from domain.sla.window import WindowKind, WindowRule
from domain.terms import Reading, TermField


def every(rule: WindowRule) -> str:
    """Say over which time a service is measured."""
    if rule.kind is not WindowKind.ROLLING:
        return f"a {rule.kind}"
    return f"in any {rule.period.display()}, looked at every {rule.step.display()}"


def assumed(reading: Reading, zone: str, more: Stated) -> Iterator[str]:
    """Name every choice that no word of the contract makes."""
    said = {term.field for term in reading.terms}
    yield f"Days begin at midnight in {zone}."
    if more.windows is not None:
        yield f"Availability is taken {every(more.windows)}, as stated."
    elif TermField.UPTIME_WINDOW not in said:
        yield "No window is named: availability is taken by calendar month."
    if more.exact_is_met is None:
        yield "To reach the target exactly is to meet it."
    if more.degraded is None:
        yield "A degraded service counts as available."
    if more.shrinks is None and TermField.SLA_EXCLUSION in said:
        yield "Excluded time is taken out of the window as well."
    if TermField.SLA_EXCLUSION not in said:
        yield "Nothing is excluded: maintenance counts as unavailable."
    elif more.notice is None and more.monthly is None:
        yield "Excluded maintenance is taken without a limit and without a proof of its notice."
    if TermField.CLAIM_PERIOD not in said and more.claim is None:
        yield "No time to claim is named."
