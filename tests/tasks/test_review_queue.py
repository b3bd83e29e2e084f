"""A person's correction is proved by a quote, recorded, and moves deadlines and alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.business import load_business
from config.settings import Settings
from connectors import registry
from domain.errors import Permanent
from domain.terms import TermField
from store import alerts, audit, migrate, readings
from store.database import Database
from store.outbox import StoredOutbox
from store.vault import Vault
from tasks import context, review
from tasks.context import Context
from tasks.importing import import_file
from tests.conftest import CONFIG, ROOT

WHO = "sofia.marin@lumora.example"


@pytest.fixture
def ctx(settings: Callable[..., Settings]) -> Iterator[Context]:
    chosen = settings(config_dir=CONFIG)
    database = Database(chosen.database)
    migrate.migrate(database)
    built = registry.build(chosen, StoredOutbox(database, chosen.now))
    made = Context(chosen, load_business(CONFIG), database, Vault(chosen.home / "vault"), built, chosen.now)
    with context.use(made):
        yield made
    database.close()


@pytest.fixture
def contract(ctx: Context) -> str:
    """Import one sample whose terms are all read."""
    return import_file(ctx, sample("harbourline-order-form.pdf")).contract_id


def sample(name: str) -> Path:
    return next((ROOT / "samples").rglob(name))


def terms(ctx: Context, contract: str) -> dict[str, str]:
    with ctx.database.read() as connection:
        return {term.field: term.value for term in readings.load(connection, contract).terms}


def planned(ctx: Context, contract: str) -> set[str]:
    with ctx.database.read() as connection:
        return {str(row["act_by"]) for row in alerts.of_contract(connection, contract) if row["state"] == "planned"}


def quote(ctx: Context, contract: str, field: TermField) -> tuple[int, str]:
    with ctx.database.read() as connection:
        term = readings.load_unreviewed(connection, contract).get(field)
    assert term is not None
    return term.citation.page, term.citation.quote


class TestACorrection:
    def test_with_a_reason_moves_the_deadline_and_is_audited(self, ctx: Context, contract: str) -> None:
        before = planned(ctx, contract)
        page, words = quote(ctx, contract, TermField.NOTICE_PERIOD)
        field = TermField.NOTICE_PERIOD
        review.correct(ctx, contract, field, "P180D", page=page, quote=words, who=WHO, because="side letter of 3 March")
        assert terms(ctx, contract)[field] == "P180D"
        assert planned(ctx, contract)
        assert planned(ctx, contract).isdisjoint(before)
        with ctx.database.read() as connection:
            happened = [(entry.action, entry.actor) for entry in audit.trail(connection, contract)]
        assert ("term.corrected", WHO) in happened

    def test_that_does_not_follow_from_its_quote_is_refused(self, ctx: Context, contract: str) -> None:
        page, words = quote(ctx, contract, TermField.NOTICE_PERIOD)
        with pytest.raises(Permanent, match="does not follow") as caught:
            review.correct(ctx, contract, TermField.NOTICE_PERIOD, "P180D", page=page, quote=words, who=WHO)
        assert "--because" in caught.value.fix

    @pytest.mark.parametrize(
        ("page", "words", "said"),
        [
            (1, "words that stand nowhere", "does not stand"),
            (99, "x", "has no page 99"),
            (1, "e", "more than once"),
            (1, " ", "does not stand"),
        ],
    )
    def test_without_words_that_prove_it_is_refused(
        self, ctx: Context, contract: str, page: int, words: str, said: str
    ) -> None:
        with pytest.raises(Permanent, match=said):
            review.correct(ctx, contract, TermField.NOTICE_PERIOD, "P30D", page=page, quote=words, who=WHO)

    def test_of_an_unknown_contract_names_where_to_look(self, ctx: Context) -> None:
        with pytest.raises(Permanent, match="There is no contract") as caught:
            review.reject(ctx, "nonesuch", TermField.UPTIME, who=WHO)
        assert "review list" in caught.value.fix


class TestARejection:
    def test_leaves_a_gap_and_no_alert_that_hangs_on_it(self, ctx: Context, contract: str) -> None:
        told = review.reject(ctx, contract, TermField.NOTICE_PERIOD, who=WHO, because="struck out by hand")
        assert told
        assert TermField.NOTICE_PERIOD not in terms(ctx, contract)


class TestTheQueue:
    def test_lists_gaps_with_why_and_drops_what_was_decided(self, ctx: Context) -> None:
        for path in sorted((ROOT / "samples").rglob("*.pdf")):
            import_file(ctx, path)
        waiting = review.queue(ctx)
        assert waiting
        assert all(one.why and one.customer for one in waiting)
        assert [one.priority for one in waiting] == sorted((one.priority for one in waiting), reverse=True)
        first = waiting[0]
        review.reject(ctx, first.contract_id, first.field, who=WHO, because="not in the paper")
        assert (first.contract_id, first.field) not in [(one.contract_id, one.field) for one in review.queue(ctx)]

    def test_accepts_only_what_was_read(self, ctx: Context, contract: str) -> None:
        review.accept(ctx, contract, TermField.GOVERNING_LAW, who=WHO)
        absent = next(field for field in TermField if field not in terms(ctx, contract))
        with pytest.raises(Permanent, match="There is no"):
            review.accept(ctx, contract, absent, who=WHO)
