"""Read a contract with two keys: rules and a trained reader, independently; only their agreement is confident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.documents import Document
from domain.periods import add
from domain.terms import Clause, ContractTerms, Gap, Reading, Rival, Standing, Term, TermField
from extraction.citations import verify
from extraction.rivalry import settled
from extraction.rules import read_terms
from extraction.rules.notice import TO_GO_ON
from extraction.rules.view import View, view
from extraction.trained.artefact import Model, model
from extraction.trained.ends import PERPETUAL, counted
from extraction.trained.lock import Answer, meaning, unlock
from extraction.trained.reader import Evidence, clauses, look
from extraction.trained.spotting import Guess
from extraction.trained.values import FIELDS, READ_FROM

CRITICAL = frozenset(
    {
        TermField.AGREEMENT_DATE,
        TermField.EFFECTIVE_DATE,
        TermField.EXPIRATION_DATE,
        TermField.INITIAL_TERM,
        TermField.TERM_TYPE,
        TermField.RENEWAL_TYPE,
        TermField.RENEWAL_TERM,
        TermField.NOTICE_PERIOD,
        TermField.TOTAL_VALUE,
        TermField.ANNUAL_VALUE,
        TermField.ESCALATION_PERCENT,
        TermField.ESCALATION_INDEX,
        TermField.ESCALATION_CAP,
    }
)
_RULES, _TRAINED = "rules", "trained"


@dataclass(frozen=True, slots=True)
class Opened:
    """Hold what both keys gave: the reading of both together, all that was ranked, and the answers."""

    reading: Reading
    evidence: Evidence
    answers: Mapping[TermField, Answer]


def read_contract(document: Document) -> Reading:
    """Collect every term whose quote proves it, with its standing and what the other reader says instead."""
    if document.problem is not None or not document.pages:
        return read_terms(document)
    return _proven(document, opened(document, model()).reading)


def _proven(document: Document, reading: Reading) -> Reading:
    """Keep only terms whose quote stands in the text and whose value follows from it."""
    good = tuple(term for term in reading.terms if verify(document, term))
    why = "a value was read, but its quote does not prove it"
    lost = tuple(Gap(term.field, why) for term in reading.terms if term not in good)
    return replace(reading, terms=good, gaps=(*reading.gaps, *lost))


def opened(document: Document, learned: Model) -> Opened:
    """Read a contract with the rules and with a model, and put both together."""
    reading, seen = read_terms(document), view(document)
    evidence = look(seen.text, learned)
    found = answers(seen.text, reading, evidence, learned)
    return Opened(_together(seen, reading, evidence, found, learned), evidence, found)


def rules_say(reading: Reading) -> Mapping[TermField, str]:
    """Return the rules' values as the trained reader gives them: an end is counted where it is not stated."""
    terms = ContractTerms.of(reading.terms)
    said = {field: terms.text(field) or "" for field in FIELDS}
    if _to_go_on(reading):
        said[TermField.NOTICE_PERIOD] = ""  # annotators mark notice that ends a contract alone
    start, length = terms.start, terms.period(TermField.INITIAL_TERM)
    if not said[TermField.EXPIRATION_DATE]:
        if terms.text(TermField.TERM_TYPE) in {PERPETUAL, "until_terminated"}:
            said[TermField.EXPIRATION_DATE] = PERPETUAL
        elif length:
            said[TermField.EXPIRATION_DATE] = add(start, length).isoformat() if start else str(length)
    return {field: meaning(value) for field, value in said.items()}


def _to_go_on(reading: Reading) -> Term | None:
    """Return the notice without which the contract ends, if it is of that kind."""
    notice = reading.get(TermField.NOTICE_PERIOD)
    return notice if notice and notice.rule == TO_GO_ON else None


def answers(text: str, reading: Reading, evidence: Evidence, learned: Model) -> dict[TermField, Answer]:
    """Turn both keys for every field that both readers read."""
    said, found = dict(rules_say(reading)), {}
    said[TermField.EXPIRATION_DATE] = counted(said[TermField.EXPIRATION_DATE], text, evidence.ranked)
    for field in FIELDS:
        passages = [one for one in evidence.ranked if one.category == READ_FROM[field]]
        answer = unlock(learned.locks[field], said[field], evidence.guesses[field], passages)
        if answer:
            found[field] = answer
    return found


def _together(
    seen: View, reading: Reading, evidence: Evidence, found: Mapping[TermField, Answer], learned: Model
) -> Reading:
    terms = [_alone(seen, term, reading, evidence) for term in reading.terms if term.field not in _DECIDED]
    doubtful: list[Gap] = []
    for field, answer in found.items():
        for term in _terms(seen, field, answer, reading, evidence):
            if answer.asserted or _RULES in term.readers:  # what may move a deadline is kept until a person looked
                terms.append(term)
            else:
                doubtful.append(_unlikely(term))
    wish = _to_go_on(reading)
    if wish and not any(term.field is wish.field for term in terms):
        terms.append(replace(wish, standing=Standing.NEEDS_REVIEW))
    terms = settled([*terms, *_unanswered(reading, found, terms)])
    told = {term.field.value for term in terms}
    gaps = [gap for gap in reading.gaps if gap.field not in told and gap.field not in {one.field for one in doubtful}]
    passages = [
        Clause(one.category, citation, round(one.probability, 4))
        for one in clauses(evidence, learned)
        if (citation := seen.cite_most(one.start, one.end)) is not None
    ]
    order = list(TermField)
    terms.sort(key=lambda term: order.index(term.field))
    gaps = [*gaps, *(gap for gap in doubtful if gap.field not in told)]
    return replace(reading, terms=tuple(terms), gaps=tuple(gaps), clauses=tuple(passages))


_DECIDED = frozenset({*FIELDS, TermField.INITIAL_TERM})


def _terms(seen: View, field: TermField, answer: Answer, reading: Reading, evidence: Evidence) -> Iterable[Term]:
    """Return the term that was chosen; an end is the day, the length or the lack of a term, as the paper has it."""
    ruled, by_rules = _by_rules(field, reading), answer.by_rules
    guess = evidence.best(field) if by_rules else evidence.saying(field, answer.value)
    guessed = _guessed(seen, field, guess) if guess else None
    chosen, other = (ruled, guessed) if by_rules and ruled else (guessed, ruled)
    if chosen is None:
        return
    agree = other is not None and (answer.agreed or meaning(chosen.value) == meaning(other.value))
    rivals = () if other is None or agree else (Rival(other.value, other.citation, other.readers[0]),)
    readers = (_RULES, _TRAINED) if agree else chosen.readers
    yield replace(chosen, standing=answer.standing, confidence=answer.confidence, readers=readers, rivals=rivals)


def _by_rules(field: TermField, reading: Reading) -> Term | None:
    if field is not TermField.EXPIRATION_DATE:
        return reading.get(field)
    return reading.get(field) or reading.get(TermField.INITIAL_TERM) or reading.get(TermField.TERM_TYPE)


def _guessed(seen: View, field: TermField, guess: Guess) -> Term | None:
    """Return the guess as a term whose quote proves it; `None` where no quote does."""
    value = guess.value
    if field is TermField.EXPIRATION_DATE and guess.length:
        field, value = TermField.INITIAL_TERM, guess.length
    elif guess.value == PERPETUAL:
        field = TermField.TERM_TYPE
    citation = seen.cite(guess.start, guess.end)
    term = Term(field, value, citation, "trained", readers=(_TRAINED,)) if citation else None
    return term if term and verify(seen.document, term) else None


def _alone(seen: View, term: Term, reading: Reading, evidence: Evidence) -> Term:
    """Judge a term that only the rules read: arithmetic and ranked passages can be its second key."""
    if term.field not in CRITICAL:
        return term
    second = _second_key(seen, term, reading, evidence)
    if not second:
        return replace(term, standing=Standing.NEEDS_REVIEW)
    return replace(term, standing=Standing.CONFIDENT, readers=(_RULES, second))


_LIKELY = 0.3


def _second_key(seen: View, term: Term, reading: Reading, evidence: Evidence) -> str:
    if term.field is TermField.RENEWAL_TYPE and term.value == "auto":
        start = seen.starts[term.citation.page - 1] + term.citation.start
        likely = evidence.chance("Renewal Term", start, start + len(term.citation.quote)) >= _LIKELY
        return _TRAINED if likely else ""
    if term.field in {TermField.TOTAL_VALUE, TermField.ANNUAL_VALUE}:
        return "arithmetic" if _adds_up(reading) else ""
    return ""


def _adds_up(reading: Reading) -> bool:
    """Tell whether the total is the sum of the lines, or the yearly value times the years."""
    terms = ContractTerms.of(reading.terms)
    total, annual = terms.money(TermField.TOTAL_VALUE), terms.money(TermField.ANNUAL_VALUE)
    length = terms.period(TermField.INITIAL_TERM)
    sums = [line.total for line in reading.lines if line.total is not None]
    for value in (total, annual):
        same = value is not None and bool(sums) and all(one.currency == value.currency for one in sums)
        if same and value and sum(one.amount for one in sums) == value.amount:
            return True
    months = length.months if length else None
    return bool(total and annual and months and total.currency == annual.currency) and (
        annual.amount * months == total.amount * 12  # type: ignore[union-attr,operator]
    )


def _unlikely(term: Term) -> Gap:
    why = f"{term.value} stands on page {term.citation.page}, but is unlikely to be it ({term.confidence:.0%})"
    return Gap(term.field, why)


def _unanswered(reading: Reading, found: Mapping[TermField, Answer], terms: Iterable[Term]) -> list[Term]:
    """Keep the length of a term whose end is stated as well; where it leads to that end, arithmetic is its second key."""
    told = {term.field for term in terms}
    length, end = reading.get(TermField.INITIAL_TERM), found.get(TermField.EXPIRATION_DATE)
    if length is None or TermField.INITIAL_TERM in told:
        return []
    if end and end.by_rules and _leads_to(reading, end.value):
        return [replace(length, standing=end.standing, confidence=end.confidence, readers=(_RULES, "arithmetic"))]
    return [replace(length, standing=Standing.NEEDS_REVIEW)]


def _leads_to(reading: Reading, end: str) -> bool:
    """Tell whether the term's length, counted from its start, ends on a day, that day included or not."""
    terms = ContractTerms.of(reading.terms)
    start, length = terms.start, terms.period(TermField.INITIAL_TERM)
    if start is None or length is None:
        return False
    after = add(start, length)
    return end in {after.isoformat(), (after - timedelta(days=1)).isoformat()}
