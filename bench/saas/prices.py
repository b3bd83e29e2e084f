"""Write the purchased lines, as tables or as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bench.saas.bank import Bank, Grid
from bench.saas.blocks import Block, Row
from bench.saas.deal import Deal, Item, Sla
from bench.saas.sentences import sentence
from bench.saas.slots import Slots
from bench.saas.voice import Voice
from domain.terms import Tier


def price_blocks(deal: Deal, voice: Voice, bank: Bank, words: Slots, *, tables: bool) -> Iterator[Block]:
    """Yield the blocks that state every line of a deal."""
    plain = [item for item in deal.items if item.kind in {"seats", "flat", "once"}]
    if plain:
        yield from _plain(plain, voice, bank, words, tables=tables)
    ramp = [item for item in deal.items if item.kind == "ramp"]
    if ramp:
        yield from _ramp(ramp, voice, bank, words, tables=tables)
    for item in deal.items:
        if item.kind == "tiers":
            yield from _tiers(item, voice, bank, words, tables=tables)


def credit_table(sla: Sla, voice: Voice, bank: Bank) -> Block:
    """Return the steps of the service credits as a table."""
    grid = voice.chance.choice(bank.grids["credit"])
    rows = []
    for step in sla.steps:
        first = "" if step.first is None else voice.tight(step.first)
        words = {"first": first, "below": voice.tight(step.below), "pct": voice.tight(step.percent)}
        rows.append(tuple(cell.format(**words) for cell in (grid.cells if first else grid.open_cells)))
    return Block("table", rows=(grid.heads, *rows))


def _plain(items: list[Item], voice: Voice, bank: Bank, words: Slots, *, tables: bool) -> Iterator[Block]:
    if not tables:
        for item in items:
            yield Block(
                "clause",
                sentence(
                    voice.chance.choice(bank.phrases[f"item.{item.kind}"]).format(**words, **_cells(item, voice, bank))
                ),
            )
        return
    grid = voice.chance.choice(bank.grids["items"])
    yield _table(grid, [{**_cells(item, voice, bank), "place": str(place)} for place, item in enumerate(items, 1)])


def _ramp(items: list[Item], voice: Voice, bank: Bank, words: Slots, *, tables: bool) -> Iterator[Block]:
    cells = [{**_cells(item, voice, bank), "year": str(place)} for place, item in enumerate(items, 1)]
    if tables:
        yield Block(
            "clause",
            sentence(voice.chance.choice(bank.phrases["ramp.intro"]).format(**words, product=items[0].product)),
        )
        yield _table(voice.chance.choice(bank.grids["ramp"]), cells)
        return
    row = voice.chance.choice(bank.phrases["ramp.row"])
    said = "; ".join(row.format(**one) for one in cells)
    yield Block(
        "clause",
        sentence(voice.chance.choice(bank.phrases["item.ramp"]).format(**words, product=items[0].product, rows=said)),
    )


def _tiers(item: Item, voice: Voice, bank: Bank, words: Slots, *, tables: bool) -> Iterator[Block]:
    unit = voice.chance.choice(bank.words.units[item.unit])
    shared = {"product": item.product, "unit": unit, "things": _things(item.unit)}
    if tables:
        yield Block("clause", sentence(voice.chance.choice(bank.phrases["tiers.intro"]).format(**words, **shared)))
        grid = voice.chance.choice(bank.grids["tiers"])
        rows = [_tier_row(grid, tier, voice, shared) for tier in item.tiers]
        yield Block("table", rows=(tuple(head.format(**shared) for head in grid.heads), *rows))
        return
    chosen = voice.chance.randrange(len(bank.phrases["tier.row"]))
    said = [
        _tier(bank.phrases["tier.row" if tier.last else "tier.row.open"][chosen], tier, voice, shared)
        for tier in item.tiers
    ]
    yield Block(
        "clause",
        sentence(voice.chance.choice(bank.phrases["item.tiers"]).format(**words, **shared, rows="; ".join(said))),
    )


def _things(unit: str) -> str:
    counted = unit.partition(" per ")[0]
    return counted if counted.isupper() else f"{counted}s"


def _tier_row(grid: Grid, tier: Tier, voice: Voice, shared: dict[str, str]) -> Row:
    return tuple(_tier(cell, tier, voice, shared) for cell in (grid.cells if tier.last else grid.open_cells))


def _tier(template: str, tier: Tier, voice: Voice, shared: dict[str, str]) -> str:
    last = voice.quantity(tier.last) if tier.last else ""
    over = voice.quantity(tier.first - 1)
    price = voice.money(tier.unit_price.amount)
    return template.format(first=voice.quantity(tier.first), last=last, over=over, price=price, **shared)


def _table(grid: Grid, cells: list[dict[str, str]]) -> Block:
    rows = tuple(tuple(cell.format(**one) for cell in grid.cells) for one in cells)
    return Block("table", rows=(grid.heads, *rows))


def _cells(item: Item, voice: Voice, bank: Bank) -> dict[str, str]:
    price, quantity = item.price or Decimal(0), item.quantity or 1
    yearly = price * quantity * (12 if item.unit.endswith("month") else 1)
    starts = voice.day(item.starts) if item.starts else ""
    ends = voice.day(item.ends) if item.ends else ""
    return {
        "product": item.product,
        "qty": voice.quantity(quantity),
        "unit": voice.chance.choice(bank.words.units[item.unit]),
        "price": voice.money(price),
        "amount": voice.money(price * quantity),
        "yearly": voice.money(yearly),
        "starts": starts,
        "ends": ends,
    }
