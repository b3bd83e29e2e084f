"""Contract servers for tests, and the session's ledger of what was proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.contracts.contract import load
from tests.contracts.ledger import Ledger
from tests.contracts.report import lines
from tests.contracts.server import ContractServer

Start = Callable[[str], ContractServer]
LEDGER = pytest.StashKey[Ledger]()


@pytest.fixture(scope="session")
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Return what this session has proved so far."""
    return request.config.stash.setdefault(LEDGER, Ledger())


@pytest.fixture
def contract(ledger: Ledger) -> Iterator[Start]:
    """Start a vendor's contract; whoever breaks it fails the test."""
    started: list[ContractServer] = []

    def start(vendor: str) -> ContractServer:
        started.append(ContractServer(load(vendor)))
        return started[-1]

    yield start
    for server in started:
        server.close()
        ledger.add(server)
    broken = [text for server in started for text in server.violations]
    assert not broken, "the vendor's contract was broken:\n" + "\n".join(broken)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was proved when asked."""
    ledger = config.stash.get(LEDGER, None)
    if ledger is not None and config.getoption("--contracts-report"):
        terminalreporter.section("contracts")
        for line in lines(ledger):
            terminalreporter.write_line(line)
