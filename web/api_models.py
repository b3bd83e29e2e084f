"""The shapes of the JSON API, so that /openapi.json tells what to expect."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """Say what happened, why, and how to fix it."""

    what: str
    why: str
    fix: str


class Event(BaseModel):
    """Describe the webhook a handoff began with."""

    id: str = Field(description="The entry in our inbox")
    source: str
    event_id: str
    kind: str
    document: str
    state: str
    received_at: datetime
    deliveries: int = Field(description="How often the provider delivered this completion")


class Contract(BaseModel):
    """Describe the signed paper."""

    id: str
    title: str
    customer: str
    document_sha256: str
    certificate_sha256: str | None
    signed_at: datetime | None
    signers: list[dict[str, Any]]


class StepModel(BaseModel):
    """Describe one step of a handoff."""

    state: str = Field(description="pending, running, done, skipped, waiting or dead (needs a person)")
    reference: str
    url: str
    detail: str
    error: Problem | None
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    run_id: str | None


class Actions(BaseModel):
    """Hold the five actions a signature must lead to."""

    crm: StepModel
    brief: StepModel
    first_touch: StepModel
    project: StepModel
    welcome: StepModel


class Preparation(BaseModel):
    """Hold the steps that prepare the five actions."""

    store: StepModel
    extract: StepModel
    assign: StepModel
    schedule: StepModel


class Times(BaseModel):
    """Hold the clock of a handoff."""

    received_at: datetime
    signed_at: datetime | None
    accepted_at: datetime
    completed_at: datetime | None
    seconds_to_first_touch: float | None = Field(description="From acceptance to the CSM's task")
    seconds_signature_to_first_touch: float | None


class Gap(BaseModel):
    """Describe what is not known; nobody guessed it."""

    source: str = Field(description="contract: not found in the paper; brief: asked of the rep")
    key: str
    label: str
    detail: str


class BriefModel(BaseModel):
    """Point to the newest brief; `completeness` is a share from 0 to 1."""

    version: int
    completeness: float
    created_at: datetime
    url: str


class FirstTouch(BaseModel):
    """Describe the CSM's first task."""

    csm: str
    state: str
    instruction: str
    due_at: datetime
    contacted_at: datetime | None
    contacted_by: str
    snoozed_until: datetime | None
    escalation: int


class HandoffRow(BaseModel):
    """Summarise a handoff."""

    id: str
    state: str = Field(description="running, complete or incomplete")
    customer: str
    deal_id: str
    deal_type: str
    document_sha256: str | None
    owner: str | None
    backup: str | None
    ownership_reason: str
    csm: str
    csm_reason: str
    run_id: str | None
    runs: int
    event: Event
    contract: Contract | None
    preparation: Preparation
    actions: Actions
    times: Times
    gaps: list[Gap]
    brief: BriefModel | None
    first_touch: FirstTouch | None


class Citation(BaseModel):
    """Point to the words that prove a value; `start` and `end` are offsets into the page's text."""

    sha256: str
    page: int
    start: int
    end: int
    quote: str


class DutyModel(BaseModel):
    """Describe who owes an obligation to whom, and when."""

    obligor: str = ""
    beneficiary: str = ""
    due: str = ""
    trigger: str = ""
    recurrence: str = ""
    consequence: str = ""


class TermModel(BaseModel):
    """Describe one term in canonical form, and how far it may be trusted."""

    field: str
    value: str
    duty: DutyModel | None
    rule: str
    citation: Citation
    standing: str
    confidence: float | None
    readers: list[str] | None


class LineModel(BaseModel):
    """Describe one purchased product."""

    product: str
    quantity: str | None
    unit_price: str | None
    total: str | None
    citation: Citation


class PartyModel(BaseModel):
    """Describe a contracting party."""

    name: str
    role: str
    citation: Citation | None


class AlertModel(BaseModel):
    """Describe one renewal alert; `stage` is its distance in days."""

    id: str
    stage: int
    due_on: date
    act_by: date
    recipient: str
    state: str
    sent_at: datetime | None
    explanation: Any


class DifferenceModel(BaseModel):
    """Describe where paper and deal disagree."""

    field: str
    paper: str
    deal: str


class WelcomeMailModel(BaseModel):
    """Describe one mail to the customer."""

    key: str
    due_at: datetime
    state: str
    reason: str
    sent_at: datetime | None


class WelcomeModel(BaseModel):
    """Describe the customer's welcome sequence."""

    state: str
    reason: str
    template: str
    recipient: str
    contact_name: str
    intake_done_at: datetime | None
    mails: list[WelcomeMailModel]


class AnswerModel(BaseModel):
    """Describe what a rep or the customer typed."""

    key: str
    source: str
    value: str
    who: str
    at: datetime


class EffectModel(BaseModel):
    """Describe one change to the outside world."""

    key: str
    role: str
    state: str
    reference: str
    url: str
    attempts: int
    intended_at: datetime
    applied_at: datetime | None
    detail: str


class Handoff(HandoffRow):
    """Describe a handoff in full."""

    terms: list[TermModel]
    lines: list[LineModel]
    parties: list[PartyModel]
    alerts: list[AlertModel]
    differences: list[DifferenceModel]
    welcome: WelcomeModel | None
    answers: list[AnswerModel]
    effects: list[EffectModel]


class OutboxRow(BaseModel):
    """Describe what a console connector would have sent; the same key is never there twice."""

    id: int
    role: str
    kind: str
    key: str
    body: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class InboxRow(BaseModel):
    """Describe one received event, without its body."""

    id: str
    source: str
    event_id: str
    kind: str
    account: str
    document: str
    state: str
    reason: str
    received_at: datetime
    deliveries: int
    attempt: int
    dispatched_at: datetime | None
    run_id: str | None
    handoff_id: str | None


class CounterRow(BaseModel):
    """Count deliveries of one kind and verdict."""

    source: str
    kind: str
    verdict: str
    count: int
    last_at: datetime


class Webhooks(BaseModel):
    """Hold the inbox log."""

    entries: list[InboxRow]
    counters: list[CounterRow]
    forged: int


class Health(BaseModel):
    """Say that the process is alive."""

    status: str


class Readiness(BaseModel):
    """Say whether work can be done, and if not, why."""

    status: str
    reasons: list[str]
