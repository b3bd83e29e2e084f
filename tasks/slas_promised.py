"""Which contracts promise availability of a service that is monitored, and what exactly they promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from config.slas import ServiceModel, read_slas
from config.slas_tickets import TicketsModel
from domain.comparison import normal_name
from domain.errors import AftersignError
from domain.obligations import Direction
from domain.pricing.billing_periods import Schedule, frequency
from domain.sla.claims import ClaimRule, Until
from domain.sla.fees import Fees, fees_of
from domain.sla.promise import Promise, promise_of
from domain.sla.schemes import Steps
from domain.sla.stated import Stated
from domain.sla.support import promise_of_support
from domain.terms import ContractTerms, Reading, TermField
from store import contracts, decisions, ledger, slas
from store.slas import AVAILABILITY
from tasks.context import Context
from tasks.file import HandoffFile, open_contract, place_of

_SELLER = "provider"
_MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Watched:
    """Hold one contract's promise about one service, and where its measurements come from."""

    contract_id: str
    file: HandoffFile
    entry: ServiceModel
    promise: Promise
    fees: Fees | None
    calendar: str
    direction: Direction
    counterparty: str

    tickets: TicketsModel | None = None

    @property
    def service(self) -> str:
        """Return the name under which it is stored; each promise about tickets has its own."""
        return f"{self.entry.service}, {self.tickets.name}" if self.tickets else self.entry.service

    @property
    def metric(self) -> str:
        """Return what is promised: availability, or a kind of dealing with tickets."""
        return str(self.tickets.kind) if self.tickets else AVAILABILITY

    @property
    def name(self) -> str:
        """Name it for people."""
        return f"{self.counterparty}, {self.service}"


def watched(ctx: Context) -> tuple[list[Watched], list[str]]:
    """Return every promise that is watched, and what keeps others from it.

    Raises `ConfigurationError` for a `slas.yaml` that is wrong.
    """
    found: list[Watched] = []
    problems: list[str] = []
    known = _known(ctx)
    for entry in read_slas(ctx.settings.config_dir):
        named = [contract for contract, names in known.items() if _is_about(entry, *names)]
        promised, wrong = _promises(ctx, entry, named)
        found += promised
        problems += wrong or ([] if promised else [_unknown(entry, named)])
    return found, problems


def _known(ctx: Context) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the names in the contracts that stand on their own; an amendment is part of the one it changes."""
    with ctx.database.read() as connection:
        owned = [one.contract_id for one in contracts.owned(connection)]
        ended = [row["contract_id"] for row in decisions.listed(connection, (decisions.EXECUTED,))]
        kin, names = ledger.kin(connection), slas.names(connection)
    return {one: names[one] for one in dict.fromkeys([*owned, *ended]) if one in names and not kin.amended_by(one)}


def _is_about(entry: ServiceModel, numbers: frozenset[str], parties: frozenset[str]) -> bool:
    if entry.vendor:
        return normal_name(entry.vendor) in {normal_name(one) for one in parties}
    return entry.contract.casefold() in {one.casefold() for one in numbers}


def _promises(ctx: Context, entry: ServiceModel, named: Sequence[str]) -> tuple[list[Watched], list[str]]:
    found: list[Watched] = []
    problems: list[str] = []
    for contract in named:
        try:
            found += _promise(ctx, entry, contract)
        except (ValueError, AftersignError) as error:
            problems.append(f"contract {contract}, {entry.service}: {error}")
    return found, problems


def _promise(ctx: Context, entry: ServiceModel, contract: str) -> Iterator[Watched]:
    file = open_contract(ctx, contract)
    terms = ContractTerms.of(file.reading.terms)
    with ctx.database.read() as connection:
        ends = _ends(connection, contract)
    calendar, fees = ctx.business.calendar_for(place_of(file)), _fees(entry, terms)
    side, other = _direction(ctx, entry, file.reading), _counterparty(ctx, file)
    for tickets, promise in _promised(entry, file.reading, terms, ends):
        if promise is not None:
            yield Watched(contract, file, entry, promise, fees, calendar, side, other, tickets)


def _promised(
    entry: ServiceModel, reading: Reading, terms: ContractTerms, ends: date | None
) -> Iterator[tuple[TicketsModel | None, Promise | None]]:
    """Yield the promise of availability, or every one about tickets."""
    stated = _stated(entry, terms)
    if not entry.tickets:
        yield None, promise_of(reading, zone=entry.zone, ends=ends, stated=stated)
    for one in entry.tickets:
        yield (
            one,
            promise_of_support(
                reading, one.build(), target=one.target, zone=entry.zone, ends=ends, stated=stated, scheme=one.scheme
            ),
        )


def _fees(entry: ServiceModel, terms: ContractTerms) -> Fees | None:
    """Return what the service costs; a person may name the part of a contract's fees that it is."""
    found, stated = fees_of(terms), entry.stated.yearly_fee
    if stated is None:
        return found
    return Fees(stated, found.term if found else None, f"The service costs {stated.display()} a year, as stated.")


def _ends(connection: Connection, contract_id: str) -> date | None:
    """Return the last day of a contract that has ended; one that runs or renews has none yet."""
    rows = decisions.of_contract(connection, contract_id)
    return next((row["term_end"] for row in rows if row["verdict"] == "ended"), None)


def _stated(entry: ServiceModel, terms: ContractTerms) -> Stated:
    """Add to what a person stated the contract's own target, first day and billing cycle."""
    said, stated = entry.stated, entry.stated.build()
    if said.window is not None and terms.start is not None:
        stated = replace(stated, windows=said.window.build(entry.zone, terms.start))
    if said.steps is not None:
        one = said.steps.build()
        target = terms.values.get(TermField.UPTIME)
        steps = Steps(one.percent, one.minutes, one.most, one.allowance, None if target is None else Decimal(target))
        stated = replace(stated, steps=steps)
    if said.claim_until is not None:
        until = said.claim_until
        every = frequency(terms.text(TermField.BILLING_FREQUENCY) or _MONTHLY)
        start = terms.start if until.kind is Until.BILLING_CYCLE else None
        stated = replace(stated, claim=ClaimRule(until.kind, until.period, until.count, Schedule(every), start))
    return stated


def _direction(ctx: Context, entry: ServiceModel, reading: Reading) -> Direction:
    """Tell whose promise it is: ours where the paper names us as its provider."""
    provides = any(_is_us(ctx, one.name) and one.role == _SELLER for one in reading.parties)
    return Direction.OURS if provides and not entry.vendor else Direction.THEIRS


def _counterparty(ctx: Context, file: HandoffFile) -> str:
    """Return with whom the contract is; under a vendor's paper the customer is us."""
    others = (one.name for one in file.reading.parties if not _is_us(ctx, one.name))
    return file.customer if not _is_us(ctx, file.customer) else next(others, file.customer)


def _is_us(ctx: Context, name: str) -> bool:
    return any(normal_name(name).startswith(normal_name(ours)) for ours in ctx.business.playbook.our_names)


def _unknown(entry: ServiceModel, named: Sequence[str]) -> str:
    what = f"contract {entry.contract}" if entry.contract else f"contract with {entry.vendor}"
    why = "promises a service level from a day on" if named else "is stored"
    return f"slas.yaml, {entry.service}: no {what} {why}"
