"""At the end of a whole run: nothing declared was left out, and nothing broken was let through."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contracts.ledger import Ledger, declared


@pytest.fixture
def whole(request: pytest.FixtureRequest, ledger: Ledger) -> Ledger:
    """Return the ledger when every contract test was selected."""
    files = {path.name for path in Path(__file__).parent.glob("test_*.py")}
    chosen = {item.path.name for item in request.session.items if item.path.parent == Path(__file__).parent}
    if files - chosen or not ledger.valid:
        pytest.skip("only a part of the contract tests was selected, or the vendors' contracts are not here")
    return ledger


class TestTheWholeRun:
    def test_called_every_operation_that_a_connector_declares(self, whole: Ledger) -> None:
        assert whole.missing() == []

    def test_refused_every_broken_request(self, whole: Ledger) -> None:
        whole.break_all()
        assert whole.through == []
        assert sum(whole.refused.values()) > len(whole.valid)

    def test_reads_the_operations_out_of_every_readme(self) -> None:
        assert {"pandadoc"} <= set(declared())
