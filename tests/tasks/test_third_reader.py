"""A language model reads along only where somebody turned it on, and its silence costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from config.business import load_business
from config.settings import Settings
from config.settings_reaching import LanguageModel
from connectors import registry
from domain.terms import Standing, TermField
from extraction.third import NAME
from store import migrate, readings
from store.database import Database
from store.outbox import StoredOutbox
from store.vault import Vault
from tasks import context
from tasks.context import Context
from tasks.importing import import_file
from tests.conftest import CONFIG, ROOT
from tests.extraction.test_third import endpoint

SAMPLE = ROOT / "samples/contracts/harbourline-order-form.pdf"
CAP = {"field": "escalation_cap", "value": "5", "quote": "5 %"}


@contextmanager
def context_with(settings: Callable[..., Settings], llm: LanguageModel) -> Iterator[Context]:
    chosen = settings(config_dir=CONFIG, llm=llm)
    database = Database(chosen.database)
    migrate.migrate(database)
    built = registry.build(chosen, StoredOutbox(database, chosen.now))
    made = Context(chosen, load_business(CONFIG), database, Vault(chosen.home / "vault"), built, chosen.now)
    with context.use(made):
        yield made
    database.close()


def reading_of(ctx: Context):
    identity = import_file(ctx, SAMPLE).contract_id
    with ctx.database.read() as connection:
        return readings.load(connection, identity)


def model(base_url: str) -> LanguageModel:
    return LanguageModel(provider="openai", model="local", base_url=base_url, seconds=5)


class TestALanguageModel:
    def test_is_not_asked_unless_it_is_turned_on(self, settings: Callable[..., Settings]) -> None:
        with endpoint([CAP]) as (_, asked), context_with(settings, LanguageModel()) as ctx:
            reading = reading_of(ctx)
        assert not asked
        assert all(NAME not in term.readers for term in reading.terms)

    def test_reads_along_when_it_is(self, settings: Callable[..., Settings]) -> None:
        with endpoint([]) as (found, asked), context_with(settings, model(found.base_url)) as ctx:
            reading = reading_of(ctx)
        assert len(asked) == 1
        assert reading.get(TermField.ESCALATION_CAP) is not None

    def test_that_does_not_answer_leaves_the_two_readers_reading(self, settings: Callable[..., Settings]) -> None:
        with endpoint([], status=400) as (found, _), context_with(settings, model(found.base_url)) as ctx:
            reading = reading_of(ctx)
        assert reading.get(TermField.NOTICE_PERIOD) is not None
        assert any("did not answer" in gap.why for gap in reading.gaps)
        assert any(term.standing is Standing.CONFIDENT for term in reading.terms)
