"""Start and continue the customer's welcome sequence; each mail leaves at most once."""

from __future__ import annotations

from sqlalchemy import RowMapping

from domain.calendars import zone
from domain.errors import OutcomeUnknown, Permanent
from domain.handoff import DealType, Step
from domain.ports import Mail
from domain.tokens import Purpose
from domain.welcome import MailState, SequenceState, WelcomeMail, WelcomeTemplate, decide, plan
from store import first_touches, sequences
from store.links import link
from tasks.brief import first_due
from tasks.context import Context
from tasks.effect import Effector
from tasks.file import HandoffFile, calendar_of, csm_of, goal_of, open_file, play_of
from tasks.rendering import fill, render
from tasks.step import Outcome, Work, as_task


def start_welcome(work: Work) -> Outcome:
    """Plan the sequence for a new customer and send what is due today."""
    ctx, file = work.context, open_file(work.context, work.handoff_id)
    play = play_of(ctx, file)
    if not play.welcome:
        return Outcome(skipped=True, detail=f"the play {play.name!r} has no welcome sequence")
    if file.deal_type != DealType.NEW:
        return Outcome(skipped=True, detail=f"a {file.deal_type} gets no welcome sequence")
    csm_of(ctx, file)  # nobody is welcomed before somebody is there to welcome them
    template = ctx.business.welcome_template(play.welcome)
    _open(ctx, file, template)
    sent = continue_sequence(ctx, work.handoff_id, work.effects)
    return Outcome(template.name, detail=sent)


def continue_sequence(ctx: Context, handoff_id: str, effects: Effector) -> str:
    """Do the one next thing in a customer's sequence and say what it was."""
    file = open_file(ctx, handoff_id)
    with ctx.database.read() as connection:
        sequence, mails = sequences.get(connection, handoff_id), sequences.mails(connection, handoff_id)
    if sequence is None:
        raise Permanent(f"{handoff_id} has no welcome sequence", fix="press Retry on its handoff")
    template = ctx.business.welcome_template(sequence["template"])
    state, done = SequenceState(sequence["state"]), sequence["intake_done_at"] is not None
    decision = decide(template, mails, state=state, intake_done=done, now=ctx.clock())
    now = ctx.clock()
    with ctx.database.write() as connection:
        for key, why in decision.skip:
            sequences.mark(connection, handoff_id, key, MailState.SKIPPED, now, why)
        if decision.finished:
            sequences.set_state(connection, handoff_id, SequenceState.FINISHED, decision.why, "aftersign", now)
    if decision.send:
        spec = next(mail for mail in template.mails if mail.key == decision.send)
        _send(ctx, file, sequence, template, spec, effects)
        return f"{decision.send} sent to {sequence['recipient']}"
    return decision.why


def _open(ctx: Context, file: HandoffFile, template: WelcomeTemplate) -> None:
    recipient = _recipient(file)
    timezone, calendar = calendar_of(ctx, file)
    mails = plan(template, start=ctx.clock(), timezone=timezone, calendar=calendar)
    with ctx.database.write() as connection:
        sequences.open_sequence(
            ctx.database,
            connection,
            file.row["id"],
            template=template.name,
            recipient=recipient[1],
            contact=recipient[0],
            mails=mails,
            now=ctx.clock(),
        )


def _recipient(file: HandoffFile) -> tuple[str, str]:
    """Return (name, address) of the day-to-day contact, else of the signer."""
    contacts = [*(file.deal.contacts if file.deal else ()), *file.signed.signers]
    for role in ("day_to_day", "signer"):
        for contact in contacts:
            if role in contact.roles and contact.email:
                return contact.name, contact.email
    raise Permanent(
        f"Nobody at {file.customer} can be welcomed",
        why="neither the CRM nor the signature names a contact with an address",
        fix="add the day-to-day contact to the deal in the CRM, then press Retry",
    )


def _send(
    ctx: Context,
    file: HandoffFile,
    sequence: RowMapping,
    template: WelcomeTemplate,
    spec: WelcomeMail,
    effects: Effector,
) -> None:
    mail = compose(ctx, file, sequence["contact_name"], sequence["recipient"], template, spec)
    mailer, identity = ctx.registry.mailer, file.row["id"]
    try:
        effects.at_most_once(
            "welcome",
            spec.key,
            role="mail",
            find=mailer.find_mail,
            make=lambda key: mailer.send(mail, key=key),
            request=mail.subject,
        )
    except OutcomeUnknown as error:
        _mark(ctx, identity, spec.key, MailState.UNKNOWN, error.why)
        raise
    _mark(ctx, identity, spec.key, MailState.SENT, "")


def compose(
    ctx: Context, file: HandoffFile, name: str, address: str, template: WelcomeTemplate, spec: WelcomeMail
) -> Mail:
    """Write one mail of the sequence; it shows the customer nothing but their own goal."""
    csm = csm_of(ctx, file)
    with ctx.database.read() as connection:
        touch = first_touches.get(connection, file.row["id"])
    due = touch["due_at"] if touch else first_due(ctx, file)
    timezone, _ = calendar_of(ctx, file)
    values = {
        "customer": file.customer,
        "contact": name.split(" ", maxsplit=1)[0] if name else "there",
        "csm": csm.name,
        "goal": goal_of(file) or "the result you bought our product for",
        "intake_url": link(ctx.settings, Purpose.INTAKE, file.row["id"]),
        "first_due": f"{due.astimezone(zone(timezone)):%A, %d %B}",
    }
    body = fill(spec.body, values).strip()
    links = template.materials if spec.day in {0, 7} else ()
    subject = fill(spec.subject, values)
    text = body + "".join(f"\n\n{title}: {url}" for title, url in links)
    html = render("plain.html", subject=subject, paragraphs=body.split("\n\n"), links=links)
    sender = f"{csm.name} <{csm.email}>"
    return Mail(to=(address,), subject=subject, text=text, html=html, sender=sender, reply_to=csm.email)


def _mark(ctx: Context, handoff_id: str, key: str, state: MailState, reason: str) -> None:
    with ctx.database.write() as connection:
        sequences.mark(connection, handoff_id, key, state, ctx.clock(), reason)


start_welcome_task = as_task(Step.WELCOME, "start the welcome sequence")(start_welcome)
