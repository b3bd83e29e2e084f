"""Write a deal down as a contract: choose the paper, fill the phrases, lay the pages out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bench.saas.bank import Bank, Paper, Section
from bench.saas.blocks import Block
from bench.saas.deal import Deal
from bench.saas.draw import deal as drawn
from bench.saas.layout import Look, pages
from bench.saas.needs import join, needs
from bench.saas.prices import credit_table, price_blocks
from bench.saas.sentences import sentence
from bench.saas.slots import Slots, slots
from bench.saas.standards import Body, body
from bench.saas.voice import Voice

BANKS = ("dev", "wide", "unseen")
_UNSAID = 99
_FILLED = 0.7


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold a contract as text, its pages divided by form feeds, and what is true of it."""

    title: str
    text: str
    deal: Deal
    blocks: tuple[Block, ...]


@cache
def bank_of(name: str) -> Bank:
    """Return a bank of phrasings. Raises `ValueError` for an unknown name."""
    if name == "dev":
        from bench.saas.phrases_dev import BANK

        return BANK
    if name == "wide":
        from bench.saas.phrases_wide import BANK as WIDE

        return WIDE
    if name == "unseen":
        from bench.saas.phrases_unseen import BANK as HELD_OUT

        return HELD_OUT
    message = f"no bank named {name!r}; there are {', '.join(BANKS)}"
    raise ValueError(message)


def contract(seed: int, bank: str) -> Sample:
    """Return the contract of a seed, always the same one for the same bank."""
    deal, chosen, chance = drawn(seed), bank_of(bank), random.Random(f"{bank} {seed}")
    paper = chance.choice(chosen.papers)
    voice = Voice.drawn(chance, chance.choice(paper.roles or chosen.roles), deal.currency)
    blocks = tuple(_written(deal, voice, chosen, paper))
    text = "\f".join(pages(blocks, Look.drawn(chance)))
    return Sample(f"{bank}-{seed}", text, deal, blocks)


def _written(deal: Deal, voice: Voice, bank: Bank, paper: Paper) -> Iterator[Block]:
    chance, pen = voice.chance, _Pen(deal, voice, bank, slots(deal, voice, bank), set())
    standard = body(paper.standard, deal, random.Random(chance.random())) if paper.standard else Body()
    keys = [key for key in needs(deal) if key not in standard.says]
    said = _placed(join(keys, bank, chance), paper, chance)
    yield Block("title", chance.choice(paper.titles))
    for section, told in zip(paper.sections, said, strict=True):
        blocks = list(_section(section, told, pen))
        if blocks:
            yield Block("heading", chance.choice(section.headings) if section.headings else "")
            yield from blocks
    if standard.clauses:
        yield Block("heading", "Standard Terms")
        yield from (Block("text", f"{clause.number} {clause.text}") for clause in standard.clauses)


def _placed(keys: list[str], paper: Paper, chance: random.Random) -> list[list[str]]:
    """Deal the keys out to the sections that may say them; what no section names ends in the last."""
    placed: list[list[str]] = [[] for _ in paper.sections]
    for key in keys:
        fits = [place for place, section in enumerate(paper.sections) if _rank(section, key) < _UNSAID]
        placed[chance.choice(fits) if fits else -1].append(key)
    return [_in_order(told, section) for told, section in zip(placed, paper.sections, strict=True)]


def _in_order(keys: list[str], section: Section) -> list[str]:
    return sorted(keys, key=lambda key: _rank(section, key))


def _rank(section: Section, key: str) -> int:
    """Return the place that a section gives to a key, by what the key says first."""
    lead = key.partition("+")[0]
    return next((at for at, name in enumerate(section.says) if lead == name or lead.startswith(f"{name}.")), _UNSAID)


@dataclass(frozen=True, slots=True)
class _Pen:
    deal: Deal
    voice: Voice
    bank: Bank
    words: Slots
    used: set[str]


def _section(section: Section, keys: list[str], pen: _Pen) -> Iterator[Block]:
    chance, bank = pen.voice.chance, pen.bank
    paired = [key for key in keys if section.form == "pairs" and key in bank.pairs]
    if paired:
        rows = [row for key in paired for row in _pairs(chance.choice(bank.pairs[key]), pen.words)]
        yield Block("pairs", rows=tuple(rows))
    clauses = [block for key in keys if key not in paired for block in _clauses(key, section, pen)]
    for text in _fillers(section, pen):
        clauses.insert(chance.randint(0, len(clauses)), Block("clause", text))
    yield from clauses


def _fillers(section: Section, pen: _Pen) -> Iterator[str]:
    """Yield what is said beside the deal, never twice in one paper."""
    for name in section.fillers:
        left = [text for text in pen.bank.fillers[name] if text not in pen.used]
        if left and pen.voice.chance.random() < _FILLED:
            text = pen.voice.chance.choice(left)
            pen.used.add(text)
            yield sentence(text.format(**pen.words))


def _clauses(key: str, section: Section, pen: _Pen) -> Iterator[Block]:
    chance, bank, sla = pen.voice.chance, pen.bank, pen.deal.sla
    if key == "items":
        yield from price_blocks(
            pen.deal, pen.voice, bank, pen.words, tables=chance.random() < (0.9 if section.form != "clauses" else 0.35)
        )
    elif key == "credit.steps" and sla and chance.random() < 0.6:
        yield Block("clause", sentence(chance.choice(bank.phrases["credit.intro"]).format(**pen.words)))
        yield credit_table(sla, pen.voice, bank)
    else:
        yield Block("clause", sentence(chance.choice(bank.phrases[key]).format(**pen.words)))


def _pairs(template: str, words: Slots) -> Iterator[tuple[str, str]]:
    for line in template.split("\n"):
        label, _, value = line.partition(" | ")
        yield label.format(**words), sentence(value.format(**words))
