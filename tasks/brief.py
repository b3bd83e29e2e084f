"""Assemble the context brief, keep its versions, and deliver it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from domain.brief import Answer, Brief, Inputs, KnownGap, Question, assemble, changes
from domain.calendars import zone
from domain.comparison import Difference
from domain.errors import Permanent
from domain.handoff import Step
from domain.people import Person
from domain.playbook import first_touch_instruction
from domain.ports import Attachment, Button, Chat, ChatMessage, Draft, DraftRecipient, Mail
from domain.tokens import Purpose
from store import briefs, first_touches
from store.links import link
from tasks.context import Context
from tasks.crm import differences
from tasks.file import HandoffFile, csm_of, goal_of, open_file
from tasks.planning import deadlines_of
from tasks.rendering import render
from tasks.step import Outcome, Work, as_task
from tasks.tell import mail_once, plain, post_once


def issue_brief(work: Work) -> Outcome:
    """Write the next version of the brief if anything changed, and deliver it to its readers."""
    ctx, file = work.context, open_file(work.context, work.handoff_id)
    body = save_version(ctx, file)
    deliver(work, file, body)
    detail = (
        f"version {body['version']}, {body['completeness']:.0%} complete, {len(body['gaps'])} gaps asked of the rep"
    )
    return Outcome(f"v{body['version']}", f"{ctx.settings.public_url}/handoffs/{work.handoff_id}/brief", detail)


def save_version(ctx: Context, file: HandoffFile) -> dict[str, Any]:
    """Store the brief as it stands now and return its body; an unchanged one keeps its version."""
    brief = _assemble(ctx, file)
    with ctx.database.read() as connection:
        before = briefs.latest(connection, file.row["id"])
    content = _content(brief)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    if before and before["content_hash"] == digest:
        return dict(before["body"])
    earlier = _from_body(before["body"]) if before else None
    version = before["version"] + 1 if before else 1
    body = {**content, "version": version, "changes": [asdict(row) for row in changes(earlier, brief)]}
    links = _links(ctx, file, has_gaps=bool(brief.gaps))
    values = {
        "handoff_id": file.row["id"],
        "version": version,
        "content_hash": digest,
        "body": body,
        "changes": body["changes"],
        "completeness": brief.completeness,
        "markdown": render("brief.md", brief=body, **links),
        "html": render("brief.html", brief=body, **links),
        "text": render("brief.txt", brief=body, **links),
    }
    with ctx.database.write() as connection:
        briefs.add(connection, values, ctx.clock())
    return body


def deliver(work: Work, file: HandoffFile, body: dict[str, Any]) -> None:
    """Send this version by mail and chat at the same moment as the closed-won notice."""
    ctx, version = work.context, f"v{body['version']}"
    csm = csm_of(ctx, file)
    with ctx.database.read() as connection:
        stored = briefs.version(connection, file.row["id"], body["version"])
    if stored is None:
        raise Permanent(f"Version {body['version']} of the brief is missing", fix="press Retry")
    subject = f"Brief: {file.customer}" + (
        "" if body["version"] == 1 else f" (version {body['version']}: what changed)"
    )
    rep = file.deal.rep_email if file.deal else ""
    mail = Mail(
        to=(csm.email,),
        cc=tuple({rep or ctx.business.playbook.revops, file.contract["owner_email"] or ""} - {"", csm.email}),
        subject=subject,
        text=stored["text"],
        html=stored["html"],
    )
    mail_once(work.effects, ctx.registry.mailer, mail, "brief", version, "mail")
    _to_chat(work, file, body, version)
    _as_document(work, body, version, csm)


def _to_chat(work: Work, file: HandoffFile, body: dict[str, Any], version: str) -> None:
    chat, playbook = work.context.registry.chat, work.context.business.playbook
    if chat is None:
        return
    url = link(work.context.settings, Purpose.BRIEF, work.handoff_id)
    messages = {"channel": _channel_message(playbook.handoff_channel, body, url)}
    if body["version"] == 1:
        messages["closed-won"] = ChatMessage(
            to=playbook.closed_won_channel,
            text=f"Signed: {file.customer} ({file.deal_type})",
            sections=(f"Signed: *{plain(file.customer)}* ({file.deal_type})",),
            buttons=(Button("open", "Open the brief", url=url),),
        )
    rep = file.deal.rep_email if file.deal else ""
    if body["gaps"]:
        messages["gaps"] = _gap_message(
            rep or playbook.revops, body, link(work.context.settings, Purpose.REP_FORM, work.handoff_id)
        )
    posted = {
        name: post_once(work.effects, chat, message, "brief", version, "chat", name)
        for name, message in messages.items()
    }
    _upload(work, chat, body, replace(messages["channel"], thread=posted["channel"].id))


def _upload(work: Work, chat: Chat, body: dict[str, Any], beside: ChatMessage) -> None:
    """Put the whole brief as a file below its message, for those who may not open the page."""
    version = f"v{body['version']}"
    with work.context.database.read() as connection:
        stored = briefs.version(connection, work.handoff_id, body["version"])
    text = stored["markdown"] if stored else ""
    file = Attachment(
        f"brief-{work.handoff_id}-{version}.md", "text/markdown", text.encode(), f"Brief: {body['customer']}"
    )
    work.effects.once(
        "brief",
        version,
        "chat",
        "file",
        role="chat",
        find=lambda key: chat.find_upload(key, beside.to),
        make=lambda key: chat.upload(file, beside, key=key),
        request=file.name,
    )


def _as_document(work: Work, body: dict[str, Any], version: str, csm: Person) -> None:
    """Make the brief as a document at the e-sign provider, for teams that want it there."""
    drafts, template = work.context.registry.drafts, work.context.registry.brief_template
    if drafts is None:
        return
    tokens = {answer["key"]: answer["value"] for section in body["sections"] for answer in section["answers"]}
    draft = Draft(
        template,
        f"Brief: {body['customer']} ({version})",
        (DraftRecipient(csm.email, csm.name, "csm"),),
        {"customer": body["customer"], "version": version, **tokens},
    )
    work.effects.once(
        "brief",
        version,
        "document",
        role="esign",
        find=drafts.find_draft,
        make=lambda key: drafts.create_draft(draft, key=key),
        request=draft.name,
    )


def _channel_message(channel: str, body: dict[str, Any], url: str) -> ChatMessage:
    customer, version = body["customer"], body["version"]
    head = f"Brief for {customer}" + ("" if version == 1 else f", version {version}")
    picked = {"primary_goal": "Goal", "product": "Bought", "signer": "Signer", "send_by": "Renewal clock"}
    found = {a["key"]: a["value"] for section in reversed(body["sections"]) for a in reversed(section["answers"])}
    changed = tuple(f"{row['label']}: {plain(row['before'])} → {plain(row['after'])}" for row in body["changes"][:5])
    gaps = (plain(f"Known gaps: {', '.join(gap['label'] for gap in body['gaps'])}"),) if body["gaps"] else ()
    return ChatMessage(
        to=channel,
        title=head,
        text=f"{head}: {body['completeness']:.0%} complete",
        fields=tuple((label, found[key]) for key, label in picked.items() if key in found),
        sections=(*changed, *gaps),
        buttons=(Button("open", "Open the brief", url=url, primary=True),),
    )


def _gap_message(to: str, body: dict[str, Any], url: str) -> ChatMessage:
    asked = "\n".join(f"• {gap['ask']}" for gap in body["gaps"])
    return ChatMessage(
        to=to,
        title=f"{len(body['gaps'])} answers are missing: {body['customer']}",
        text=f"Customer success needs {len(body['gaps'])} answers about {body['customer']}",
        sections=(plain(asked),),
        buttons=(Button("open", "Answer (2 minutes)", url=url, primary=True),),
    )


def _assemble(ctx: Context, file: HandoffFile) -> Brief:
    csm = csm_of(ctx, file)
    with ctx.database.read() as connection:
        touch = first_touches.get(connection, file.row["id"])
    due = touch["due_at"] if touch else first_due(ctx, file)
    office = ctx.business.office_hours(csm)
    inputs = Inputs(
        customer=file.customer,
        signed=file.signed,
        reading=file.reading,
        deal=file.deal,
        deadlines=deadlines_of(ctx, file),
        first_action=first_touch_instruction(file.customer, goal_of(file)),
        first_due=f"{due.astimezone(zone(office.timezone)):%A %d %B %Y, %H:%M} {office.timezone}",
        csm=csm.name,
        answers=file.answers,
        differences=differences(file),
    )
    return assemble(ctx.business.brief, inputs)


def first_due(ctx: Context, file: HandoffFile) -> datetime:
    """Return when the first touch is due: one business day of the CSM after acceptance."""
    return ctx.business.office_hours(csm_of(ctx, file)).next_business_day(file.row["accepted_at"])


def _links(ctx: Context, file: HandoffFile, *, has_gaps: bool) -> dict[str, str]:
    identity = file.row["id"]
    return {
        "url": link(ctx.settings, Purpose.BRIEF, identity),
        "rep_url": link(ctx.settings, Purpose.REP_FORM, identity) if has_gaps else "",
    }


def _content(brief: Brief) -> dict[str, Any]:
    return {
        "customer": brief.customer,
        "completeness": round(brief.completeness, 4),
        "answered": brief.answered(),
        "sections": [
            {"question": str(question), "answers": [_answer(answer) for answer in brief.section(question)]}
            for question in Question
        ],
        "gaps": [asdict(gap) for gap in brief.gaps],
        "differences": [asdict(row) for row in brief.differences],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "key": answer.key,
        "label": answer.label,
        "value": answer.value,
        "source": answer.source,
        "updated": answer.updated.isoformat() if answer.updated else None,
    }


def _from_body(body: dict[str, Any]) -> Brief:
    answers = tuple(
        Answer(
            Question(section["question"]),
            row["key"],
            row["label"],
            row["value"],
            row["source"],
            date.fromisoformat(row["updated"]) if row["updated"] else None,
        )
        for section in body["sections"]
        for row in section["answers"]
    )
    gaps = tuple(KnownGap(Question(g["question"]), g["key"], g["label"], g["ask"]) for g in body["gaps"])
    return Brief(
        body["customer"], answers, gaps, tuple(Difference(**d) for d in body["differences"]), body["completeness"]
    )


issue_brief_task = as_task(Step.BRIEF, "issue the brief")(issue_brief)
