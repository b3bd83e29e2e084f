"""Mark the deal Closed Won, and give it the paper and the dates that follow from it."""

from __future__ import annotations

import re

from domain.comparison import Difference, compare
from domain.deadlines import RENEWS
from domain.deals import Stage
from domain.errors import Permanent
from domain.handoff import Step
from domain.ports import Attachment, ClosedWon, Crm, RenewalDates
from domain.terms import TermField
from store import handoffs
from tasks.file import HandoffFile, open_file
from tasks.planning import deadlines_of
from tasks.step import Outcome, Work, as_task


def close_deal(work: Work) -> Outcome:
    """Set the deal to Closed Won, only forward, with every difference noted and none overwritten."""
    ctx, file = work.context, open_file(work.context, work.handoff_id)
    crm = ctx.registry.crm
    if crm is None:
        return Outcome(skipped=True, detail="no CRM is configured (AFTERSIGN_ROLES__CRM=none)")
    if file.deal is None:
        raise Permanent(
            f"No deal in the CRM belongs to {file.customer}",
            why="the signed document names no deal that exists, and no single account has that name",
            fix="link the deal to the document (metadata deal_id) or create it, then press Retry",
        )
    found = differences(file)
    facts = _facts(work, file, found)
    deal = file.deal
    done = work.effects.once(
        "crm",
        "closed-won",
        deal.id,
        role="crm",
        find=lambda _key: None,  # an absolute, forward-only write: repeating it changes nothing
        make=lambda key: crm.close_won(facts, key=key),
        request=facts.deal_id,
    )
    with ctx.database.write() as connection:
        handoffs.change(connection, work.handoff_id, deal_id=deal.id)
    _attach_paper(work, file, crm, deal.id)
    _write_dates(work, file, crm, deal.id)
    already = "it was won before; " if deal.stage is Stage.WON else ""
    return Outcome(done.id, done.url, already + _told(found))


def differences(file: HandoffFile) -> tuple[Difference, ...]:
    """List where the signed paper and the deal disagree."""
    return compare(file.reading, file.deal) if file.deal else ()


def _attach_paper(work: Work, file: HandoffFile, crm: Crm, deal_id: str) -> None:
    contract, ctx = file.contract, work.context
    name = f"{_file_name(str(contract['title']))}.pdf"
    work.effects.once(
        "crm",
        "signed-pdf",
        role="crm",
        find=lambda key: crm.find_file(deal_id, key),
        make=lambda key: crm.attach_file(
            deal_id,
            Attachment(
                name, "application/pdf", ctx.vault.get(contract["document_sha256"]), f"Signed: {contract['title']}"
            ),
            key=key,
        ),
        request=contract["document_sha256"],
    )


def _write_dates(work: Work, file: HandoffFile, crm: Crm, deal_id: str) -> None:
    """Write the end of the term back; a paper that anchors no term leaves the CRM alone."""
    deadlines = deadlines_of(work.context, file)
    if deadlines is None:
        return
    kind = file.terms.text(TermField.RENEWAL_TYPE)
    dates = RenewalDates(
        deal_id=deal_id,
        contract_id=str(file.contract["id"]),
        starts_on=file.terms.start,
        ends_on=deadlines.term_end,
        notice_deadline=deadlines.notice_deadline,
        decide_by=deadlines.decide_by,
        auto_renews=kind in RENEWS if kind else None,
        value=file.terms.money(TermField.ANNUAL_VALUE),
    )
    work.effects.once(
        "crm",
        "renewal-dates",
        f"{deadlines.term_end}",
        role="crm",
        find=lambda _key: None,  # absolute, like the stage
        make=lambda key: crm.write_renewal(dates, key=key),
        request=str(dates),
    )


def _file_name(title: str) -> str:
    """Return a title without what file systems and vendors refuse in names."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", title).strip()[:100] or "Signed contract"


def _facts(work: Work, file: HandoffFile, found: tuple[Difference, ...]) -> ClosedWon:
    zone_day = (file.row["signed_at"] or work.context.clock()).date()
    return ClosedWon(
        deal_id=file.deal.id if file.deal else "",
        contract_id=str(file.contract["id"]),
        document_sha256=str(file.contract["document_sha256"]),
        document_url=f"{work.context.settings.public_url}/handoffs/{work.handoff_id}/document",
        closed_on=zone_day,
        note=_told(found) if found else "",
    )


def _told(found: tuple[Difference, ...]) -> str:
    if not found:
        return "paper and deal agree"
    rows = [f"{row.field}: paper {row.paper}, deal {row.deal}" for row in found]
    return "differs from the deal in " + "; ".join(rows)


close_deal_task = as_task(Step.CRM, "mark the deal closed won")(close_deal)
