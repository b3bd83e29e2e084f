"""The context brief: seven questions answered from CRM, contract and rep, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from domain.comparison import Difference
from domain.deadlines import Deadlines
from domain.deals import Contact, Deal, Fact, Promise, Role
from domain.signatures import SignedDocument
from domain.terms import ContractTerms, Line, Reading, Term, TermField


class Question(StrEnum):
    """Name the seven questions, then the two sections every CSM asks for next."""

    WHO = "Who are they?"
    BOUGHT = "What did they buy?"
    PEOPLE = "Who do we talk to?"
    PROMISES = "What was promised?"
    COMPLEXITY = "How complex is it?"
    SUCCESS = "What does success mean to them?"
    FIRST_ACTION = "What do we do first, and by when?"
    RENEWAL = "When does the renewal clock run out?"
    SPECIAL = "Which terms are special?"


SEVEN = tuple(Question)[:7]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Hold one line of the brief as configured; `ask` is the question put to the rep."""

    key: str
    question: Question
    label: str
    required: bool = False
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold one filled line of the brief with its source and, where known, its age."""

    question: Question
    key: str
    label: str
    value: str
    source: str
    updated: date | None = None


@dataclass(frozen=True, slots=True)
class KnownGap:
    """Hold a required line nobody has filled, and what to ask of the rep."""

    question: Question
    key: str
    label: str
    ask: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """Hold everything a brief is assembled from; what is `None` becomes a gap, not a failure."""

    customer: str
    signed: SignedDocument
    reading: Reading
    deal: Deal | None
    deadlines: Deadlines | None
    first_action: str
    first_due: str
    csm: str
    answers: Mapping[str, Fact] = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    contract_url: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """Hold one version of the brief; `completeness` is the share of required lines answered."""

    customer: str
    answers: tuple[Answer, ...]
    gaps: tuple[KnownGap, ...]
    differences: tuple[Difference, ...]
    completeness: float
    version: int = 1

    def section(self, question: Question) -> tuple[Answer, ...]:
        """Return the lines that answer one question."""
        return tuple(answer for answer in self.answers if answer.question is question)

    def answered(self) -> int:
        """Count the seven questions that have at least one answer."""
        return sum(1 for question in SEVEN if self.section(question))

    def get(self, key: str) -> str | None:
        """Return the first value under that key."""
        return next((answer.value for answer in self.answers if answer.key == key), None)


@dataclass(frozen=True, slots=True)
class Change:
    """Hold what moved between two versions of a brief."""

    label: str
    before: str
    after: str


def assemble(specs: Sequence[FieldSpec], inputs: Inputs) -> Brief:
    """Fill every configured line from the best source and list what is missing.

    Answers typed by the rep or the customer win over the CRM, which wins over the paper, except
    that money and dates always show the signed paper; disagreements are carried as differences.
    """
    found = _by_key([*_from_paper(inputs), *_from_deal(inputs), *_from_people(inputs)])
    answers: list[Answer] = []
    gaps: list[KnownGap] = []
    for spec in specs:
        lines = _merged(_typed(spec, inputs) or found.get(spec.key, []))
        answers += [replace(line, question=spec.question, label=spec.label) for line in lines]
        if not lines and spec.required:
            gaps.append(KnownGap(spec.question, spec.key, spec.label, spec.ask or spec.label))
    required = sum(1 for spec in specs if spec.required)
    return Brief(
        customer=inputs.customer,
        answers=tuple(answers),
        gaps=tuple(gaps),
        differences=tuple(inputs.differences),
        completeness=1 - len(gaps) / required if required else 1.0,
    )


def changes(before: Brief | None, after: Brief) -> tuple[Change, ...]:
    """List the lines that differ between two versions, in the order of the newer one."""
    if before is None:
        return ()
    old, new = _values(before), _values(after)
    rows = [
        Change(label, old.get(key, ("", "–"))[1], value)
        for key, (label, value) in new.items()
        if old.get(key, ("", None))[1] != value
    ]
    return (*rows, *(Change(label, value, "–") for key, (label, value) in old.items() if key not in new))


def _values(brief: Brief) -> dict[str, tuple[str, str]]:
    grouped: dict[str, tuple[str, str]] = {}
    for answer in brief.answers:
        label, value = grouped.get(answer.key, (answer.label, ""))
        grouped[answer.key] = (label, f"{value}; {answer.value}" if value else answer.value)
    return grouped


def _by_key(lines: Iterable[Answer]) -> dict[str, list[Answer]]:
    grouped: dict[str, list[Answer]] = {}
    for line in lines:
        grouped.setdefault(line.key, []).append(line)
    return grouped


def _merged(lines: Sequence[Answer]) -> list[Answer]:
    """Say a fact once when several sources agree on it, and name them all."""
    merged: dict[str, Answer] = {}
    for line in lines:
        key = " ".join(line.value.split()).casefold()
        known = merged.get(key)
        merged[key] = replace(known, source=f"{known.source}; {line.source}") if known else line
    return list(merged.values())


def _typed(spec: FieldSpec, inputs: Inputs) -> list[Answer]:
    fact = inputs.answers.get(spec.key)
    return [_line(spec.key, fact.value, fact.source, fact.updated)] if fact and fact.value else []


def _line(key: str, value: str, source: str, updated: date | None = None) -> Answer:
    return Answer(Question.WHO, key, key, value, source, updated)


def _from_deal(inputs: Inputs) -> list[Answer]:
    deal = inputs.deal
    if deal is None:
        return []
    account, source = deal.account, f"CRM deal {deal.id}"
    plain = {
        "legal_name": account.legal_name,
        "industry": account.industry,
        "size": account.size,
        "tier": account.tier,
        "region": account.region,
        "timezone": account.timezone,
        "language": account.language,
    }
    lines = [_line(key, value, f"CRM account {account.id}") for key, value in plain.items() if value]
    lines += [
        _line(key, fact.value, fact.source or source, fact.updated) for key, fact in deal.facts.items() if fact.value
    ]
    lines += [_line("promise", _promise(promise), promise.source or source) for promise in deal.promises]
    if not inputs.reading.lines:
        lines += [_line("product", line.product, source) for line in deal.lines]
    if deal.rep_name:
        lines.append(_line("rep", f"{deal.rep_name} <{deal.rep_email}>", source))
    return lines


def _promise(promise: Promise) -> str:
    said = ", ".join(part for part in (promise.who, promise.when) if part)
    return f"{promise.text} ({said})" if said else promise.text


def _from_people(inputs: Inputs) -> list[Answer]:
    known = inputs.deal.contacts if inputs.deal else ()
    contacts = {contact.email.casefold(): contact for contact in known if contact.email}
    source = f"CRM deal {inputs.deal.id}" if inputs.deal else ""
    lines = [
        _line("signer", _person(contacts.get(signer.email.casefold(), signer)), "signature certificate")
        for signer in inputs.signed.signers
    ]
    for contact in known:
        for role in contact.roles:
            if role != Role.SIGNER:
                lines.append(_line(role, _person(contact), source))
    return lines


def _person(contact: Contact) -> str:
    title = f", {contact.title}" if contact.title else ""
    address = f" <{contact.email}>" if contact.email else ""
    return f"{contact.name}{title}{address}"


def _from_paper(inputs: Inputs) -> list[Answer]:
    reading, terms = inputs.reading, ContractTerms.of(inputs.reading.terms)
    lines = [_line("customer", inputs.customer, "signed document")]
    lines += [
        _line("legal_name", party.name, cite(party.citation.page))
        for party in reading.parties
        if party.role == "customer"
    ]
    lines += [_line("product", _product(line), cite(line.citation.page)) for line in reading.lines]
    lines += [
        _line(_PAPER[term.field], _shown(term, terms), cite(term.citation.page))
        for term in reading.terms
        if term.field in _PAPER
    ]
    if inputs.deadlines:
        lines += _clock(inputs.deadlines)
    action = f"{inputs.first_action} (due {inputs.first_due}, {inputs.csm})"
    return [*lines, _line("first_action", action, "playbook")]


_PAPER = {
    TermField.CONTRACT_NUMBER: "contract_number",
    TermField.EFFECTIVE_DATE: "start",
    TermField.INITIAL_TERM: "term",
    TermField.TOTAL_VALUE: "total_value",
    TermField.ANNUAL_VALUE: "annual_value",
    TermField.BILLING_FREQUENCY: "billing",
    TermField.PAYMENT_DAYS: "payment",
    TermField.RENEWAL_TYPE: "renewal",
    TermField.ESCALATION_CAP: "uplift",
    TermField.NOTICE_PERIOD: "notice",
    TermField.UPTIME: "uptime",
    TermField.SUPPORT: "support",
    TermField.SPECIAL: "special",
    TermField.OBLIGATION: "obligation",
}


def _shown(term: Term, terms: ContractTerms) -> str:
    if term.field in {TermField.INITIAL_TERM, TermField.NOTICE_PERIOD}:
        return _length(term, terms)
    if term.field in {TermField.TOTAL_VALUE, TermField.ANNUAL_VALUE}:
        money = terms.money(term.field)
        return money.display() if money else term.value
    suffix = {TermField.ESCALATION_CAP: " % at most", TermField.UPTIME: " %", TermField.PAYMENT_DAYS: " days"}
    return term.value + suffix.get(term.field, "")


def _length(term: Term, terms: ContractTerms) -> str:
    period = terms.period(term.field)
    if period is None:
        return term.value
    business = term.field is TermField.NOTICE_PERIOD and terms.text(TermField.NOTICE_UNIT) == "business_day"
    return f"{period.count} business days" if business else period.display()


def _product(line: Line) -> str:
    quantity = f"{line.quantity:f} × " if line.quantity is not None else ""
    price = f" at {line.unit_price.display()}" if line.unit_price else ""
    return f"{quantity}{line.product}{price}"


def _clock(deadlines: Deadlines) -> list[Answer]:
    source = "deadline engine: " + " ".join(deadlines.explanation)
    lines = [_line("term_end", str(deadlines.term_end), source)]
    if deadlines.send_by:
        lines.append(_line("send_by", f"notice must be sent by {deadlines.send_by}", source))
    return [*lines, _line("decide_by", str(deadlines.decide_by), source)]


def cite(page: int) -> str:
    """Return how a page of the signed paper is named as a source."""
    return f"contract, page {page}"
