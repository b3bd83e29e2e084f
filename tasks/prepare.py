"""Prepare a handoff: store the paper, read it, name its people, plan its alerts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import RowMapping

from domain.documents import Document, FileKind
from domain.errors import AftersignError, Permanent
from domain.handoff import Step
from domain.people import Ownership, assign_owner, choose_csm
from domain.ports import DealQuery
from domain.terms import EXPECTED, Gap, Reading
from extraction import read_contract, read_document
from extraction.language_model import LanguageModel
from extraction.third import with_third
from store import audit, contracts, handoffs, readings
from tasks.confirm import from_json
from tasks.context import Context
from tasks.file import HandoffFile, open_file
from tasks.keeping import keep
from tasks.linking import link_new
from tasks.planning import plan
from tasks.step import Outcome, Work, as_task


def store_document(work: Work) -> Outcome:
    """Store the executed PDF and its certificate, and register contract, family and signers.

    A certificate that the provider will not give out is named as missing; the paper itself counts.
    """
    ctx = work.context
    with ctx.database.read() as connection:
        row = handoffs.get(connection, work.handoff_id)
    esign, signed = ctx.registry.esign(row["source"]), from_json(row["signed"])
    title = signed.name or row["document"]
    digest = keep(ctx, f"{title}.pdf", esign.signed_pdf(row["document"]), _media(".pdf"))
    missing, proof, name = "", None, ""
    try:
        name, certificate = esign.certificate(row["document"])
        proof = keep(ctx, name, certificate, _media(name))
    except Permanent as error:
        missing = f"; without certificate: {error.what}"
    values = {
        "source": row["source"],
        "source_document": row["document"],
        "title": title[:300],
        "customer": _provisional_customer(work, row),
        "document_sha256": digest,
        "certificate_sha256": proof,
        "certificate_name": name[:300],
        "signed_at": row["signed_at"],
        "signers": row["signed"]["signers"],
        "reference": row["signed"]["references"],
    }
    with ctx.database.write() as connection:
        contract = contracts.add_contract(ctx.database, connection, values, ctx.clock())
        handoffs.change(connection, work.handoff_id, contract_id=contract, customer=values["customer"])
    url = f"{ctx.settings.public_url}/handoffs/{work.handoff_id}/document"
    return Outcome(digest, url, f"contract {contract}{missing}")


def _media(name: str) -> str:
    return "application/json" if name.endswith(".json") else "application/pdf"


def extract_terms(work: Work) -> Outcome:
    """Read the paper in a child process and keep every value whose citation holds."""
    ctx, file = work.context, open_file(work.context, work.handoff_id)
    found = read_into(ctx, file.contract["id"], file.contract["document_sha256"], thorough=True)
    if found.customer:
        with ctx.database.write() as connection:
            handoffs.change(connection, work.handoff_id, customer=found.customer)
    linked = link_new(ctx, file.contract["id"])
    return Outcome(f"{found.terms}", detail="; ".join([found.detail, *linked]))


@dataclass(frozen=True, slots=True)
class Found:
    """Hold what reading a paper gave."""

    customer: str
    terms: int
    detail: str


def read_into(
    ctx: Context, contract_id: str, sha256: str, *, kind: FileKind = FileKind.PDF, thorough: bool = False
) -> Found:
    """Read a stored paper and record its text, terms, parties, lines, clauses and gaps.

    `thorough` compares every page with what a second reader of PDFs makes of it.
    """
    document = read_document(ctx.vault.get(sha256), kind=kind, thorough=thorough)
    reading = _unreadable(document) if document.problem else _third(ctx, document, read_contract(document))
    customer = next((party.name for party in reading.parties if party.role == "customer"), "")
    with ctx.database.write() as connection:
        contracts.save_text(ctx.database, connection, document)
        readings.save(connection, contract_id, reading)
        if customer:
            contracts.rename_customer(ctx.database, connection, contract_id, customer, ctx.clock())
    detail = f"{len(reading.terms)} terms, {len(reading.lines)} lines, {len(reading.gaps)} gaps"
    if document.problem:
        detail = f"{document.problem}: {document.problem_detail}"
    return Found(customer, len(reading.terms), detail)


def assign_people(work: Work) -> Outcome:
    """Choose the customer success manager, then the contract's owner and a distinct backup."""
    ctx, file = work.context, open_file(work.context, work.handoff_id)
    if not file.row["csm_email"]:
        _assign_csm(ctx, file)
    chosen = own(ctx, file)
    return Outcome(chosen.owner.email, detail=chosen.reason)


def own(ctx: Context, file: HandoffFile) -> Ownership:
    """Name the contract's owner and a distinct backup."""
    with ctx.database.read() as connection:
        load = contracts.owner_load(connection)
    today = ctx.clock().date()
    current = (file.contract["owner_email"] or "", file.contract["backup_email"] or "")
    chosen = assign_owner(
        ctx.business.ownership, ctx.business.people, file.traits, today=today, load=load, current=current
    )
    with ctx.database.write() as connection:
        contracts.change(
            connection,
            file.contract["id"],
            owner_email=chosen.owner.email,
            backup_email=chosen.backup.email,
            ownership_reason=chosen.reason,
        )
        detail = {"owner": chosen.owner.email, "backup": chosen.backup.email, "reason": chosen.reason}
        audit.record(connection, ctx.clock(), "aftersign", "contract.owned", file.contract["id"], **detail)
    return chosen


def schedule_alerts(work: Work) -> Outcome:
    """Plan the renewal alerts for owner and backup, counted from the day one must act."""
    return plan(work.context, open_file(work.context, work.handoff_id))


store_task = as_task(Step.STORE, "store the document")(store_document)
extract_task = as_task(Step.EXTRACT, "extract the terms")(extract_terms)
assign_task = as_task(Step.ASSIGN, "assign the people")(assign_people)
schedule_task = as_task(Step.SCHEDULE, "schedule the alerts")(schedule_alerts)


def _assign_csm(ctx: Context, file: HandoffFile) -> None:
    with ctx.database.read() as connection:
        load = handoffs.csm_load(connection)
    person, reason = choose_csm(ctx.business.csms(), file.traits, today=ctx.clock().date(), load=load)
    with ctx.database.write() as connection:
        handoffs.change(
            connection,
            file.row["id"],
            csm_email=person.email,
            csm_reason=reason,
            deal_type=file.deal_type,
            deal_id=file.deal.id if file.deal else "",
        )


def _provisional_customer(work: Work, row: RowMapping) -> str:
    """Name the customer before the paper is read: the CRM's account, else the document's name."""
    signed = from_json(row["signed"])
    crm = work.context.registry.crm
    deal_id = signed.references.get("deal_id", "")
    if crm is not None and deal_id:
        deal = crm.find_deal(DealQuery(deal_id=deal_id, document=signed.id))
        if deal and deal.account.legal_name:
            return deal.account.legal_name[:300]
    return (signed.name or row["document"])[:300]


def _third(ctx: Context, document: Document, reading: Reading) -> Reading:
    """Ask the language model, where one is set up; without its answer the two readers' reading stands."""
    chosen = ctx.settings.llm
    if chosen.provider == "off":
        return reading
    key = chosen.api_key.get_secret_value()
    asked = LanguageModel(chosen.provider, chosen.model, key, chosen.base_url, chosen.seconds)
    try:
        return with_third(reading, document, asked.claims(document))
    except AftersignError as error:
        return replace(reading, gaps=(*reading.gaps, Gap("document", str(error))))


def _unreadable(document: Document) -> Reading:
    why = f"the document cannot be read ({document.problem}): {document.problem_detail}"
    return Reading(gaps=tuple(Gap(field, why) for field in EXPECTED))
