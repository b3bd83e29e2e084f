"""Look at a paper without touching the store: what it says, what would follow, what it is too late for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from config.business import Business
from domain.ambiguity import careful_deadlines
from domain.deadlines import Deadlines, Fault, Renewal, impossible, renewal_of
from domain.documents import Document
from domain.errors import Permanent
from domain.lateness import already_late
from domain.papers import Paper
from domain.people import Traits
from domain.portfolio import Entry, Look, PlannedAlert, text_hash
from domain.provisional import earliest, readings
from domain.terms import ContractTerms, Reading, Standing, TermField
from extraction import read_contract, read_document
from extraction.mentions import read_mentions


def renewal_under(
    business: Business, terms: ContractTerms, place: str = "", traits: Traits | None = None
) -> Renewal | None:
    """Return what the deadline engine needs under our rules; `None` while nothing anchors the term."""
    return renewal_of(
        terms,
        business.calendar_for(place),
        transit_days=business.alerts.transit_days,
        buffer_days=business.ladder_for(traits or Traits())[1],
    )


def deadlines_under(
    business: Business,
    reading: Reading,
    place: str = "",
    *,
    today: date,
    traits: Traits | None = None,
    since: date | None = None,
    begun: int = 0,
) -> Deadlines | None:
    """Compute the deadlines of a paper; while terms are in doubt, those that make people act first.

    Readings that are impossible in themselves give no date; `begun` counts the renewals that have happened. `since` is the day from which the
    terms hold.
    """
    ladder, _ = business.ladder_for(traits or Traits())
    renewals = [renewal_under(business, terms, place, traits) for terms in readings(reading.terms)]
    sound = [replace(one, begun=begun) for one in renewals if one is not None and not impossible(one)]
    return earliest([_careful(one, today, ladder, since) for one in sound], today)


def faults_under(business: Business, reading: Reading, place: str = "") -> list[Fault]:
    """Name what makes a paper's term impossible."""
    renewal = renewal_under(business, ContractTerms.of(reading.terms), place)
    return impossible(renewal) if renewal else []


def _careful(renewal: Renewal, today: date, ladder: Sequence[int], since: date | None) -> Deadlines:
    found, open_ = careful_deadlines(renewal, today=today, ladder=ladder, since=since)
    for one in open_:
        found = found.because(one.display())
    return found


def look_at_file(business: Business, entry: Entry, *, today: date) -> Look:
    """Read one file and say what importing it would give; nothing is stored. Raises `OSError`."""
    document = read_document(Path(entry.path).read_bytes(), kind=entry.kind)
    return look(business, document, read_contract(document), entry=entry, identity=entry.sha256, today=today)


def look(
    business: Business,
    document: Document,
    reading: Reading,
    *,
    entry: Entry,
    identity: str,
    today: date,
    place: str = "",
) -> Look:
    """Say what a reading means for the portfolio; `identity` is the contract's, or the file's."""
    terms = ContractTerms.of(reading.terms)
    renewal = renewal_under(business, terms, place)
    deadlines = deadlines_under(business, reading, place, today=today)
    paper = paper_of(document, reading, identity=identity, file=entry.name)
    return Look(
        name=entry.name,
        paper=paper,
        customer=paper.customer,
        terms=len(reading.terms),
        needs_review=_doubtful(reading),
        alerts=tuple(PlannedAlert(alert.stage, alert.on) for alert in (deadlines.alerts if deadlines else ())),
        late=already_late(reading, renewal, today=today) if renewal else None,
        text_hash=text_hash(document),
        problem=f"{document.problem}: {document.problem_detail}" if document.problem else "",
    )


def _doubtful(reading: Reading) -> tuple[str, ...]:
    """Return what a person should look at: what was not found, and what readers disagree about."""
    unsure = (term.field for term in reading.terms if term.standing is Standing.NEEDS_REVIEW)
    return tuple(dict.fromkeys([*(gap.field for gap in reading.gaps), *map(str, unsure)]))


def paper_of(document: Document, reading: Reading, *, identity: str, file: str) -> Paper:
    """Return what tells this paper apart from others, and which others it names."""
    terms, title = ContractTerms.of(reading.terms), reading.get(TermField.TITLE)
    days = (terms.day(TermField.AGREEMENT_DATE), terms.day(TermField.EFFECTIVE_DATE))
    return Paper(
        id=identity,
        file=file,
        title=title.value if title else "",
        number=terms.text(TermField.CONTRACT_NUMBER) or "",
        type=terms.text(TermField.DOCUMENT_TYPE) or "",
        customer=next((party.name for party in reading.parties if party.role == "customer"), ""),
        parties=tuple(party.name for party in reading.parties),
        days=tuple(day for day in days if day),
        heading=title.citation if title else None,
        mentions=read_mentions(document),
    )


def failure(entry: Entry, problem: str) -> Look:
    """Say that a file broke off what was done with it."""
    return Look(entry.name, Paper(entry.sha256, entry.name, ""), problem=problem, failed=True)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Break off what takes longer. Raises `Permanent`.

    The parser has limits of its own; this is for rules that meet a text nobody thought of. Only
    the main thread of a process can be interrupted; elsewhere nothing is limited.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _too_long(_number: int, _frame: object) -> None:
    raise Permanent("Reading took too long", why="the rules did not come to an end", fix="report the file")
