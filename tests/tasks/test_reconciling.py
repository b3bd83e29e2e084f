"""Night after night: invoices come in, findings are raised once, people are told, money comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config.settings import Settings
from config.settings_measuring import Files
from config.settings_roles import Roles
from domain.errors import Permanent, Transient
from domain.findings.status import Move, Status
from store import findings, invoices
from tasks import context, pulling
from tasks.contract_record import last_year
from tasks.money_news import tell
from tasks.reconcile import reconcile_all
from tasks.reconciling import Outcome, Scope
from tests.tasks.office import Office

WHO = "gregor.palmqvist@lumora.example"
HEAD = "invoice_number,contract_number,customer,issued_on,service_from,service_to,product,quantity,unit_price,amount,currency"
CONTRACT = """
number: SO-77
direction: receivable
other: {name: Hollowmere Cloud GmbH}
currency: EUR
first: 2026-01-01
last: 2027-12-31
billing: {every: P1M}
payment: {days: 30}
prices:
  - {product: Seats, price: 12.50 EUR, quantity: 40, per: P1M, clause: {quote: EUR 12.50 per seat and month, page: 2}}
"""


def row(
    month: int, amount: str = "500.00", *, number: str = "", product: str = "Seats", contract: str = "SO-77"
) -> str:
    last = (date(2026, month + 1, 1) - date.resolution) if month < 12 else date(2026, 12, 31)
    days = f"2026-{month:02d}-01,2026-{month:02d}-01,{last}"
    price = Decimal(amount) / 40
    return f"{number or f'R-{month}'},{contract},Hollowmere Cloud GmbH,{days},{product},40,{price},{amount},EUR"


@dataclass
class Books:
    """Hold the folders that invoices and contracts lie in."""

    office: Office
    folder: Path

    def invoices(self, name: str, *rows: str) -> None:
        (self.folder / "invoices" / name).write_text("\n".join([HEAD, *rows]) + "\n")

    def contract(self, text: str, name: str = "so-77.yaml") -> None:
        (self.folder / "contracts" / name).write_text(text)

    def night(self, day: date, **scope: object) -> Outcome:
        ctx = self.office.on(day)
        with context.use(ctx):
            for source in pulling.sources(ctx):
                pulling.pull_now(ctx, source)
            return reconcile_all(ctx, Scope(**scope))[0]  # type: ignore[arg-type]

    def found(self, *statuses: Status) -> list[tuple[str, str, str]]:
        with self.office.database.read() as connection:
            rows = findings.listed(connection, **({"statuses": statuses} if statuses else {}))  # type: ignore[arg-type]
            return [(one["code"], one["status"], one["at_stake"]) for one in rows]

    def move(self, *steps: Move) -> None:
        with self.office.database.write() as connection:
            (one,) = findings.listed(connection)
            for step in steps:
                findings.move(connection, one["fingerprint"], step, self.office.now)


@pytest.fixture
def books(settings: Callable[..., Settings], tmp_path: Path) -> Books:
    for name in ("invoices", "contracts"):
        (tmp_path / name).mkdir()
    files = Files(invoices=tmp_path / "invoices", contracts=tmp_path / "contracts")
    made = Books(
        Office.opened(settings(files=files, roles=Roles(billing=["files"]), clock_offset_seconds=60), tmp_path),
        tmp_path,
    )
    made.contract(CONTRACT)
    made.invoices("first.csv", row(1), row(2), row(3, "480.00"), row(4))
    return made


class TestANight:
    def test_raises_what_is_wrong_and_keeps_the_original(self, books: Books) -> None:
        books.night(date(2026, 4, 10))
        assert books.found() == [("AR-UNDER", "detected", "20.00")]
        with books.office.database.read() as connection:
            assert len(invoices.load(connection)) == 4
            (found,) = findings.listed(connection)
        assert "EUR 12.50 per seat" in findings.finding_of(found).clauses[0].quote
        assert list((books.office.settings.home / "vault").rglob("*"))

    def test_that_brings_nothing_new_changes_nothing(self, books: Books) -> None:
        books.night(date(2026, 4, 10))
        assert books.night(date(2026, 4, 11)).changes == ()
        assert books.night(date(2026, 4, 12), full=True).changes == ()

    def test_looks_only_at_contracts_with_news(self, books: Books) -> None:
        books.night(date(2026, 4, 1))
        assert books.night(date(2026, 4, 20)).contracts == 1
        assert books.night(date(2026, 4, 21)).contracts == 0
        assert books.night(date(2026, 4, 22), full=True).contracts == 1

    def test_finds_what_we_forgot_to_bill_when_its_grace_is_over(self, books: Books) -> None:
        for day in range(4, 28):
            books.night(date(2026, 5, day))
        assert ("AR-MISSING", "detected", "500.00") in books.found()

    def test_recovers_only_what_it_sees(self, books: Books) -> None:
        books.night(date(2026, 4, 10))
        books.move(Move(Status.CONFIRMED, WHO), Move(Status.TO_BILL, WHO), Move(Status.REBILLED, WHO))
        assert books.night(date(2026, 4, 11)).changes == ()
        books.invoices(
            "later.csv", row(3, "20.00", number="R-3b").replace("2026-03-01,2026-03-01", "2026-04-12,2026-03-01")
        )
        books.night(date(2026, 4, 13))
        assert books.found(Status.RECOVERED) == [("AR-UNDER", "recovered", "20.00")]

    def test_resolves_what_the_source_corrected(self, books: Books) -> None:
        books.night(date(2026, 4, 10))
        books.invoices("first.csv", row(1), row(2), row(3), row(4))
        books.night(date(2026, 4, 11))
        assert books.found(Status.RESOLVED) == [("AR-UNDER", "resolved", "20.00")]

    def test_supersedes_what_other_terms_have_settled(self, books: Books) -> None:
        books.night(date(2026, 4, 10))
        dearer = "  - {product: Seats, price: 12.00 EUR, quantity: 40, per: P1M, first: 2026-03-01, last: 2026-03-31}\n"
        books.contract(CONTRACT + dearer)
        books.night(date(2026, 4, 11))
        assert books.found(Status.SUPERSEDED) == [("AR-UNDER", "superseded", "20.00")]

    def test_records_nothing_when_it_is_a_rehearsal(self, books: Books) -> None:
        assert len(books.night(date(2026, 4, 10), dry_run=True).changes) == 1
        assert books.found() == []

    def test_keeps_to_its_days_and_its_contract(self, books: Books) -> None:
        assert books.night(date(2026, 4, 10), since=date(2026, 4, 1)).changes == ()
        assert books.night(date(2026, 4, 10), contract="SO-99").contracts == 0
        assert len(books.night(date(2026, 4, 10), party="hollowmere", until=date(2026, 3, 31)).changes) == 1

    def test_refuses_to_believe_that_everything_is_wrong(self, books: Books) -> None:
        books.night(date(2026, 4, 10))
        many = [row(4, "1000.00", number=f"X-{n}", product=f"Extra {n}") for n in range(60)]
        books.invoices("broken.csv", *many)
        with pytest.raises(Permanent, match="suddenly be wrong"):
            books.night(date(2026, 4, 11))
        assert len(books.found()) == 1
        books.night(date(2026, 4, 12), limit_percent=100)
        assert len(books.found()) == 61

    def test_stops_the_payment_of_what_belongs_to_no_contract_until_a_person_says(self, books: Books) -> None:
        books.invoices("stranger.csv", row(4, number="S-1", contract="").replace("Hollowmere Cloud", "HM Services"))
        books.night(date(2026, 4, 10))
        assert ("NO-CONTRACT", "detected", "0") in [
            (code, status, stake.split(".")[0]) for code, status, stake in books.found()
        ]
        with books.office.database.write() as connection:
            key = "receivable|hm services|"
            invoices.remember(books.office.database, connection, key, "SO-77", WHO, books.office.now)
        books.night(date(2026, 4, 11))
        assert {(code, status) for code, status, _ in books.found()} == {
            ("AR-UNDER", "detected"),
            ("DUPLICATE", "detected"),
        }

    def test_keeps_rows_that_cannot_be_read_as_problems_and_reads_the_others(self, books: Books) -> None:
        books.invoices("odd.csv", row(4, number="R-9").replace("500.00", "many"))
        books.night(date(2026, 4, 10))
        with books.office.database.read() as connection:
            assert [one["where"] for one in invoices.problems(connection)] == ["odd.csv, line 2, invoice R-9"]
            assert invoices.count(connection) == 4


class TestTelling:
    def test_goes_to_revops_once_where_nobody_owns_the_contract(self, books: Books) -> None:
        books.night(date(2026, 4, 10))
        revops = books.office.business.playbook.revops
        assert tell(books.office.ctx) == [revops]
        assert tell(books.office.ctx) == []
        (told,) = books.office.told("chat")
        assert told[0] == revops
        assert "EUR 20.00" in told[1]

    def test_is_silent_without_news(self, books: Books) -> None:
        books.invoices("first.csv", row(1), row(2), row(3), row(4))
        books.night(date(2026, 4, 10))
        assert tell(books.office.ctx) == []

    def test_that_fails_is_tried_again(self, books: Books) -> None:
        books.night(date(2026, 4, 10))
        books.office.chat.down = books.office.mail.down = True
        with pytest.raises(Transient):
            tell(books.office.ctx)
        books.office.chat.down = books.office.mail.down = False
        assert tell(books.office.ctx) == [books.office.business.playbook.revops]


def test_amounts_are_never_floats(books: Books) -> None:
    books.night(date(2026, 4, 10))
    with books.office.database.read() as connection:
        (one,) = findings.listed(connection)
    assert isinstance(one["at_stake"], str)
    assert replace(findings.finding_of(one)).delta is not None


def test_a_renewal_hears_how_the_year_of_invoices_went(books: Books) -> None:
    books.night(date(2026, 4, 10))
    with books.office.database.read() as connection:
        said = last_year(connection, "SO-77", date(2026, 5, 1))
        assert said[0] == "Net of tax, billed by us since 2025-05-01: EUR 1,980.00 on 4 papers."
        assert "AR-UNDER 1" in said[1]
        assert last_year(connection, "SO-99", date(2026, 5, 1)) == ()
