"""What an alert says: how long is left, what happens if nobody acts, and the words it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from domain.lateness import committed
from domain.ports import Button, ChatMessage
from domain.renewal import RENEWS
from domain.terms import ContractTerms, Reading, TermField
from tasks.tell import plain

_SHOWN = (
    TermField.RENEWAL_TYPE, TermField.RENEWAL_TERM, TermField.NOTICE_PERIOD, TermField.NOTICE_METHOD,
    TermField.ANNUAL_VALUE, TermField.TOTAL_VALUE, TermField.ESCALATION_PERCENT, TermField.ESCALATION_CAP,
    TermField.UPTIME,
)  # fmt: skip
_QUOTE = 90
_TITLE = 150


def message(
    row: Mapping[Any, Any],
    clock: Mapping[Any, Any] | None,
    reading: Reading,
    *,
    today: date,
    url: str,
    duties: int,
    record: tuple[str, ...] = (),
) -> ChatMessage:
    """Return one alert for its recipient, with everything needed to act on it; `record` is how the last year went."""
    left = (row["act_by"] - today).days
    head = f"{row['customer']}: {_left(left)} to act on {row['title']} (by {row['act_by']})"
    sections = (*row["explanation"], *_consequence(clock, reading), *_terms(reading), *record, *_open(duties))
    return ChatMessage(
        to=str(row["recipient"]),
        title=head[:_TITLE],
        text=head,
        sections=tuple(plain(line) for line in sections),
        context=plain(f"You are told because {row['reason']}.") if row["reason"] else "",
        buttons=(
            Button("open", "Open the contract", url=url, primary=True),
            Button("acknowledge", "I take care of it", value=str(row["contract_id"])),
        ),
    )


def _left(days: int) -> str:
    if days < 0:
        return f"{-days} days too late"
    return "last day" if days == 0 else f"{days} day{'' if days == 1 else 's'} left"


def _consequence(clock: Mapping[Any, Any] | None, reading: Reading) -> Iterator[str]:
    """Say what happens if nobody acts, and what it costs."""
    terms = ContractTerms.of(reading.terms)
    kind, term = terms.text(TermField.RENEWAL_TYPE) or "", terms.period(TermField.RENEWAL_TERM)
    end = clock["term_end"] if clock else None
    if kind in RENEWS:
        cost = committed(terms, term)
        price = f"commits {cost.amount.display()} ({cost.basis})" if cost.amount else f"commits money; {cost.basis}"
        length = f" for {term.display()}" if term else ""
        yield f"If nobody acts it renews after {end}{length} and {price}, before any rise of prices."
    elif end is not None:
        yield f"If nobody acts it ends on {end} and with it what it pays for."


def _terms(reading: Reading) -> Iterator[str]:
    for field in _SHOWN:
        term = reading.get(field)
        if term is not None:
            quote = " ".join(term.citation.quote.split())
            short = quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…"
            yield f"{field.value.replace('_', ' ')}: {term.value} (page {term.citation.page}: “{short}”)"


def _open(duties: int) -> Iterator[str]:
    if duties:
        yield f"{duties} open obligation{'' if duties == 1 else 's'} hang on it."
