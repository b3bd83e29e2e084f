"""Which credit or invoice line settles a finding: only what was seen counts as recovered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from domain.findings.billed import BilledLine, Role
from domain.findings.finding import Code, Finding

_CREDITS = frozenset({Code.CREDIT_MISSING, Code.REBATE_UNCLAIMED})


def seen(raised: Mapping[str, Finding], lines: Iterable[BilledLine]) -> dict[str, str]:
    """Return for each finding the line that may settle it, in words; findings without one are left out.

    It is issued after the finding's invoice, for the same product and days, or a credit where a
    credit was missing.
    """
    by_contract = list(lines)
    found = {fingerprint: _line(one, by_contract) for fingerprint, one in raised.items()}
    return {fingerprint: _words(line) for fingerprint, line in found.items() if line is not None}


def _line(finding: Finding, lines: Sequence[BilledLine]) -> BilledLine | None:
    since = finding.place.issued if finding.place else date.min
    later = [line for line in lines if line.invoice.issued >= since and not _is_it(finding, line)]
    return next((line for line in later if _settles(finding, line)), None)


def _settles(finding: Finding, line: BilledLine) -> bool:
    if finding.code in _CREDITS:
        return line.role is Role.CREDIT
    refers = bool(finding.place and line.invoice.corrects and line.invoice.corrects == finding.place.number)
    same = line.product == finding.product and _shares(finding, line)
    return refers or same or (line.role is Role.CREDIT and finding.place is not None)


def _shares(finding: Finding, line: BilledLine) -> bool:
    if line.days is None or finding.first is None or finding.last is None:
        return True
    return line.days.start <= finding.last and finding.first < line.days.end


def _is_it(finding: Finding, line: BilledLine) -> bool:
    place = finding.place
    return place is not None and (place.source, place.invoice) == (line.invoice.source, line.invoice.id)


def _words(line: BilledLine) -> str:
    return f"{line.invoice.kind.replace('_', ' ')} {line.invoice.number} of {line.invoice.issued}: {line.amount}"
