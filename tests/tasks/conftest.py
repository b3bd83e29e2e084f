"""What tests of tasks share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from tasks import context
from tests.conftest import CONFIG
from tests.tasks.office import Office


@pytest.fixture
def office(settings: Callable[..., Settings], tmp_path: Path) -> Iterator[Office]:
    made = Office.opened(settings(config_dir=CONFIG), tmp_path)
    with context.use(made.ctx):
        yield made
    made.database.close()
