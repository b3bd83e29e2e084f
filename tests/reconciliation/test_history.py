from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from domain.findings.contract import BilledContract, Policy
from domain.invoices import Direction, Invoice, InvoiceKind, InvoiceLine, InvoiceParty, InvoiceStatus
from domain.money import Money
from domain.pricing.agreement import Agreement
from domain.pricing.billing_periods import Schedule
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Model, Tariff
from reconciliation.arrivals import LINE_COLUMNS, PAPER_COLUMNS, Arrivals, LineNumbers, lines_frame
from reconciliation.history import ROW_GROUP, History
from reconciliation.manifest import OtherSchema
from tests.reconciliation.worlds import MONTH, OURS, START, TODAY

VENDOR = InvoiceParty("Hollowmere Cloud GmbH")
PRICE = PriceLine("Calls", Tariff(Model.PER_UNIT, Decimal("0.0123")), "EUR", START, None, None, MONTH)
CONTRACT = BilledContract(
    "c1", "SO-1", Direction.PAYABLE, VENDOR, Agreement("EUR", START, None, (PRICE,), Schedule(MONTH))
)
NUMBERS = LineNumbers([("c1", "Calls")])


def invoice(line: InvoiceLine) -> Invoice:
    return Invoice(
        "files", "r1", "R-1", InvoiceKind.INVOICE, InvoiceStatus.OPEN, Direction.PAYABLE, "EUR", TODAY, VENDOR, OURS,
        (line,),
    )  # fmt: skip


def calls(**changes: object) -> InvoiceLine:
    base = InvoiceLine("1", "Calls", Money(Decimal("1.23"), "EUR"), Decimal(100), product="Calls", period_first=START)
    return replace(base, period_last=START.replace(day=31), **changes)


def rows(paper: Invoice) -> pd.DataFrame:
    return lines_frame([paper], {("files", "r1"): CONTRACT}, NUMBERS, today=TODAY, policy=Policy()).lines


def many(count: int, begin: int = 0) -> Arrivals:
    base = np.arange(begin, begin + count)
    lines = pd.DataFrame(dict.fromkeys(LINE_COLUMNS, base)).astype({**LINE_COLUMNS, "currency": "int64"})
    lines = lines.assign(currency=np.int16(3), line=np.int32(0))
    papers = pd.DataFrame(
        {"paper": [begin], "first": [0], "count": [count], "issued": [1], "source": ["s"], "invoice": [str(begin)]}
    )
    return Arrivals(lines, papers.astype(PAPER_COLUMNS))


class TestArrivals:
    def test_are_whole_numbers_of_the_smallest_units(self) -> None:
        row = rows(invoice(calls())).iloc[0]
        assert (row["amount"], row["quantity"], row["line"], row["odd"]) == (123, 100_000, 0, False)
        assert (rows(invoice(calls())).dtypes == pd.Series(LINE_COLUMNS)).all()

    @pytest.mark.parametrize("changes", [{"quantity": Decimal(10) ** 16}, {"amount": Money(Decimal(10) ** 18, "EUR")}])
    def test_raise_beyond_64_bits_and_never_wrap(self, changes: dict[str, object]) -> None:
        with pytest.raises(OverflowError):
            rows(invoice(calls(**changes)))

    @pytest.mark.parametrize(
        "changes",
        [{"amount": Money(Decimal("1.234"), "EUR")}, {"amount": Money(Decimal(-1), "EUR")}, {"unit_price": Decimal(9)}],
    )
    def test_mark_as_odd_what_only_the_exact_rules_understand(self, changes: dict[str, object]) -> None:
        assert rows(invoice(calls(**changes)))["odd"].all()

    def test_give_a_paper_one_fingerprint_however_its_total_is_written(self) -> None:
        papers = [
            replace(invoice(calls()), id=text, total=Money(Decimal(text), "EUR")) for text in ("1.50", "1.5", "1.51")
        ]
        found = lines_frame(papers, {}, NUMBERS, today=TODAY, policy=Policy()).papers["paper"]
        assert found.nunique() == 2


class TestTheHistory:
    def test_has_row_groups_that_two_threads_can_share(self, tmp_path: Path) -> None:
        history = History(tmp_path)
        history.append(many(250_000), NUMBERS)
        file = pq.ParquetFile(history.files("lines")[0])
        sizes = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
        assert sizes == [ROW_GROUP, ROW_GROUP, 50_000]
        assert all("FLOAT" not in file.schema.column(at).physical_type for at in range(len(LINE_COLUMNS)))
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"

    def test_keeps_every_position_when_nights_are_compacted(self, tmp_path: Path) -> None:
        history = History(tmp_path)
        for begin in (0, 120_000, 200_000):
            history.append(many((120_000, 80_000, 5)[begin // 100_000], begin), NUMBERS)
        before = self._read(history)
        history.compact()
        again = History(tmp_path)
        assert len(again.files("lines")) == 1
        assert self._read(again) == before == list(range(200_005))
        assert again.papers().first.tolist() == [0, 120_000, 200_000]
        assert again.names(np.array([1])) == [("s", "120000")]
        assert len(list(tmp_path.glob("lines-*"))) == 1

    def test_ignores_a_night_that_never_reached_the_manifest(self, tmp_path: Path) -> None:
        history = History(tmp_path)
        history.append(many(10), NUMBERS)
        (tmp_path / "lines-00002-10.parquet").write_bytes(b"half a file")
        assert self._read(History(tmp_path)) == list(range(10))

    def test_refuses_what_another_version_wrote(self, tmp_path: Path) -> None:
        (tmp_path / "manifest.json").write_text(json.dumps({"schema": 99}), encoding="utf-8")
        with pytest.raises(OtherSchema, match="build the history anew"):
            History(tmp_path)

    def test_remembers_the_numbers_of_contract_lines(self, tmp_path: Path) -> None:
        History(tmp_path).append(many(1), LineNumbers([("c1", "Calls"), ("c2", "Seats")]))
        numbers = History(tmp_path).numbers()
        assert numbers.number("c2", "Seats") == 1
        assert numbers.number("c3", "Seats") == 2

    def _read(self, history: History) -> list[int]:
        place = np.zeros(2, np.int32)
        return [int(value) for batch in history.batches(place) for value in batch.first]
