"""Serve notice: the letter with the clause it rests on, the task to send it, the proof that it arrived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping

from domain.errors import Permanent
from domain.people import Person
from domain.ports import ChatMessage
from domain.terms import ContractTerms, Reading, TermField
from tasks.context import Context
from tasks.effect import Effector
from tasks.keeping import keep
from tasks.rendering import render
from tasks.tell import plain, reach


def letter(ctx: Context, about: RowMapping, row: RowMapping, reading: Reading, verdict: str, signer: Person) -> str:
    """Write the notice into the vault and return its sha256."""
    clause = reading.get(TermField.NOTICE_PERIOD) or reading.get(TermField.RENEWAL_TYPE)
    ours = next((party.name for party in reading.parties if party.role == "provider"), signer.email.rpartition("@")[2])
    text = render(
        "notice.txt",
        our_name=ours,
        today=ctx.clock().date(),
        customer=about["customer"],
        address="",
        method=_method(reading),
        subject=f"Notice of {'non-renewal' if verdict == 'terminate' else 'non-renewal and request to renegotiate'}",
        agreement=_agreement(about, reading),
        clause={"page": clause.citation.page, "quote": " ".join(clause.citation.quote.split())} if clause else None,
        verdict=verdict,
        term_end=row["term_end"],
        signer=signer.name,
    ).encode()
    return keep(ctx, f"notice {about['customer']}.txt", text, "text/plain")


def _agreement(about: RowMapping, reading: Reading) -> str:
    terms = ContractTerms.of(reading.terms)
    title = terms.text(TermField.TITLE) or about["title"]
    number, day = terms.text(TermField.CONTRACT_NUMBER), terms.day(TermField.AGREEMENT_DATE)
    named = f" ({number})" if number and number not in title else ""
    return f"The {title}{named}{f' of {day}' if day else ''}"


def _method(reading: Reading) -> str:
    ways = [term.value.replace("_", " ") for term in reading.all(TermField.NOTICE_METHOD)]
    return " or ".join(ways) or "registered post (the paper names no method)"


def ask(ctx: Context, identity: str, about: RowMapping, row: RowMapping, reading: Reading, verdict: str) -> None:
    """Give the owner the task of sending the notice."""
    to = about["owner_email"] or about["backup_email"] or ctx.business.playbook.revops
    text = f"Send the notice to {about['customer']} by {row['send_by']}"
    fields = tuple(_serving(row, reading, verdict))
    message = ChatMessage(
        to=to, title=text[:150], text=text, fields=fields, sections=tuple(map(plain, row["explanation"]))
    )
    reach(Effector(ctx, f"notice-{identity}"), message, ctx.settings.public_url, "serve")


def _serving(row: Mapping[Any, Any], reading: Reading, verdict: str) -> Iterator[tuple[str, str]]:
    yield "Decision", verdict
    yield "Send by", str(row["send_by"])
    yield "Must arrive by", str(row["effective_deadline"])
    yield "How", _method(reading)
    yield "Then", "store the proof of service: aftersign renewals execute"


def proof_of(ctx: Context, row: RowMapping, served_on: date | None, proof: Path | None) -> str:
    """Store the proof that a notice was served in time and return its sha256. Raises `Permanent`."""
    if served_on is None or proof is None:
        raise Permanent(
            "A notice is carried out only with proof",
            why="whoever cannot prove service has not served",
            fix="give the day with --served-on and the receipt with --proof",
        )
    if served_on > row["notice_deadline"]:
        raise Permanent(
            f"The notice of {served_on} came too late",
            why=f"it had to be given by {row['notice_deadline']}; the renewal is locked in",
            fix="ask legal; the contract goes on to its next term",
        )
    return keep(ctx, proof.name, proof.read_bytes())
