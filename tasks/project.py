"""Start the onboarding project, or resume one that was left half-made."""

from __future__ import annotations

from datetime import date

from domain.brief import cite
from domain.handoff import Step
from domain.periods import Period, add
from domain.playbook import Obligation, plan_project
from domain.ports import Project, Reference, WorkItem
from domain.ports import Work as Board
from domain.terms import TermField
from domain.tokens import Purpose
from store.links import link
from tasks.file import HandoffFile, calendar_of, csm_of, open_file, play_of
from tasks.step import Outcome, Work, as_task


def start_project(work: Work) -> Outcome:
    """Create the project from the playbook's template, task by task, each under its own key."""
    ctx, file = work.context, open_file(work.context, work.handoff_id)
    board = ctx.registry.work
    if board is None:
        return Outcome(skipped=True, detail="no work tool is configured (AFTERSIGN_ROLES__WORK=none)")
    if not play_of(ctx, file).onboarding:
        return Outcome(skipped=True, detail=f"a {file.deal_type} starts no onboarding")
    project = _plan(work, file)
    made = work.effects.once(
        "project",
        role="work",
        find=board.find_project,
        make=lambda key: board.create_project(project, key=key),
        request=project.name,
        settle=board.settle_seconds,
    )
    for item in project.items:
        _item_once(work, board, made, item)
    for title, url in project.links.items():
        _link_once(work, board, made, title, url)
    return Outcome(made.id, made.url, f"{project.template}: {len(project.items)} tasks until {project.items[-1].due}")


def _item_once(work: Work, board: Board, project: Reference, item: WorkItem) -> None:
    work.effects.once(
        "project",
        item.key,
        role="work",
        find=lambda key: board.find_item(project, key),
        make=lambda key: board.create_item(project, item, key=key),
        request=item.name,
        settle=board.settle_seconds,
    )


def _link_once(work: Work, board: Board, project: Reference, title: str, url: str) -> None:
    work.effects.once(
        "project",
        "link",
        title.lower(),
        role="work",
        find=lambda _key: None,  # the port leaves one link under one key
        make=lambda key: board.add_link(project, title, url, key=key),
        request=url,
    )


def _plan(work: Work, file: HandoffFile) -> Project:
    ctx = work.context
    csm = csm_of(ctx, file)
    template = ctx.business.onboarding_template(play_of(ctx, file).onboarding)
    start = (file.row["signed_at"] or ctx.clock()).date()
    _, calendar = calendar_of(ctx, file)
    people = {"csm": csm.email}
    for person in ctx.business.people.values():
        for team in person.teams:
            if person.available(ctx.clock().date()):
                people.setdefault(team, person.email)
    plan = plan_project(
        template,
        customer=file.customer,
        start=start,
        calendar=calendar,
        people=people,
        obligations=_obligations(file, start),
    )
    links = {"Brief": link(ctx.settings, Purpose.BRIEF, work.handoff_id)}
    return Project(plan.name, plan.template, plan.owner, plan.start, plan.items, links)


def _obligations(file: HandoffFile, signed: date) -> list[Obligation]:
    """Return our dated duties; a period counts from the effective date, else from signature."""
    anchor = file.terms.start or signed
    found = []
    for term in file.reading.all(TermField.OBLIGATION):
        if term.duty and term.duty.due:
            found.append(Obligation(term.value, _due(term.duty.due, anchor), f"Source: {cite(term.citation.page)}"))
    return found


def _due(due: str, anchor: date) -> date:
    return add(anchor, Period.parse(due)) if due.startswith("P") else date.fromisoformat(due)


start_project_task = as_task(Step.PROJECT, "start the onboarding project")(start_project)
