"""The file of one handoff: everything later steps decide from, read back from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.deals import Deal, Fact
from domain.errors import Permanent
from domain.people import Person, Traits
from domain.playbook import Play, choose_play, classify
from domain.signatures import SignedDocument
from domain.terms import ContractTerms, Reading, TermField
from store import briefs, contracts, handoffs, ledger
from tasks.confirm import deal_query, from_json
from tasks.context import Context


@dataclass(frozen=True, slots=True)
class HandoffFile:
    """Hold what is known about one handoff right now."""

    row: Mapping[Any, Any]
    contract: Mapping[Any, Any]
    signed: SignedDocument
    reading: Reading
    deal: Deal | None
    answers: Mapping[str, Fact]
    family_size: int
    amends: bool = False

    @property
    def customer(self) -> str:
        """Return the customer as the paper names it, else as the CRM does."""
        return str(self.contract["customer"])

    @property
    def terms(self) -> ContractTerms:
        """Return typed access to the paper's terms."""
        return ContractTerms.of(self.reading.terms)

    @property
    def deal_type(self) -> str:
        """Return new, expansion or renewal."""
        return classify(self.deal.type if self.deal else "", known_customer=self.family_size > 1, amends=self.amends)[0]

    @property
    def traits(self) -> Traits:
        """Return what rules may ask of this contract."""
        account = self.deal.account if self.deal else None
        terms = self.terms
        value = terms.money(TermField.TOTAL_VALUE) or terms.money(TermField.ANNUAL_VALUE)
        return Traits(
            region=account.region if account else "",
            tier=account.tier if account else "",
            type=self.deal_type,
            language=account.language if account else "",
            product=self.reading.lines[0].product if self.reading.lines else "",
            value=value or self.signed.total or (self.deal.amount if self.deal else None),
        )


def open_file(ctx: Context, handoff_id: str) -> HandoffFile:
    """Read a handoff's file. Raises `Permanent` while its document is not stored yet."""
    with ctx.database.read() as connection:
        row = handoffs.get(connection, handoff_id)
        answers = briefs.given(connection, handoff_id)
    if row["contract_id"] is None:
        raise Permanent(
            "The signed document is not stored yet",
            why="the step before this one did not finish",
            fix="fix the step 'store the document' and press Retry",
        )
    return _read(ctx, row, row["contract_id"], from_json(row["signed"]), answers)


def open_contract(ctx: Context, contract_id: str) -> HandoffFile:
    """Read the file of a contract that came without a handoff, such as an imported one."""
    with ctx.database.read() as connection:
        contract = contracts.get(connection, contract_id)
    signed = SignedDocument(contract["source_document"], contract["title"], completed=True, status="imported")
    return _read(ctx, {}, contract_id, signed, [])


def _read(
    ctx: Context, row: Mapping[Any, Any], contract_id: str, signed: SignedDocument, given: Sequence[Mapping[Any, Any]]
) -> HandoffFile:
    with ctx.database.read() as connection:
        contract = contracts.get(connection, contract_id)
        kin = ledger.kin(connection)
        reading = ledger.standing(connection, contract_id, ctx.clock().date(), graph=kin)
        size = contracts.family_size(connection, contract["family_id"])
        amends = bool(kin.amended_by(contract_id))
    newest_last = sorted(given, key=lambda answer: answer["at"])
    answers = {
        **_filled_in(ctx, signed),
        **{answer["key"]: Fact(answer["value"], _who(answer), answer["at"].date()) for answer in newest_last},
    }
    theirs = tuple(person for person in signed.signers if not ctx.business.is_ours(person.email))
    signed = replace(signed, signers=theirs)
    return HandoffFile(row, contract, signed, reading, _deal(ctx, signed, contract["customer"]), answers, size, amends)


def place_of(file: HandoffFile) -> str:
    """Return the customer's country or region, which chooses the business calendar."""
    account = file.deal.account if file.deal else None
    return (account.country or account.region) if account else ""


def csm_of(ctx: Context, file: HandoffFile) -> Person:
    """Return the assigned customer success manager. Raises `Permanent` when there is none."""
    person = ctx.business.people.get(file.row["csm_email"])
    if person is None:
        raise Permanent(
            "No customer success manager is assigned",
            why="the step 'assign the people' did not finish"
            if not file.row["csm_email"]
            else "the person was removed",
            fix="correct config/ownership.yaml and press Retry",
        )
    return person


def play_of(ctx: Context, file: HandoffFile) -> Play:
    """Return the play this deal is onboarded by."""
    return choose_play(ctx.business.plays, file.traits)


def goal_of(file: HandoffFile) -> str | None:
    """Return what the customer wants, from the latest answer or the CRM."""
    fact = file.answers.get("primary_goal") or (file.deal.facts.get("primary_goal") if file.deal else None)
    return fact.value if fact else None


def calendar_of(ctx: Context, file: HandoffFile) -> tuple[str, str]:
    """Return the customer's time zone and business calendar."""
    account = file.deal.account if file.deal else None
    place = (account.country or account.region) if account else ""
    return (account.timezone if account and account.timezone else "UTC"), ctx.business.calendar_for(place)


def _deal(ctx: Context, signed: SignedDocument, customer: str) -> Deal | None:
    if ctx.registry.crm is None:
        return None
    return ctx.registry.crm.find_deal(deal_query(signed, customer))


def _filled_in(ctx: Context, signed: SignedDocument) -> dict[str, Fact]:
    """Return what people filled in while signing, where a field is named like a line of the brief."""
    day = signed.completed_at.date() if signed.completed_at else None
    asked = {field.key for field in ctx.business.brief}
    filled = {name: value.strip() for name, value in signed.fields.items() if name in asked and value.strip()}
    return {name: Fact(value, "field of the signed document", day) for name, value in filled.items()}


def _who(given: Mapping[Any, Any]) -> str:
    name = f" {given['who']}" if given["who"] else ""
    return {"rep": f"sales rep{name}", "customer": f"customer{name}, intake form"}[given["source"]]
