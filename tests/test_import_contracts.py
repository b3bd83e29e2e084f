"""Each import contract breaks when somebody breaks it; a contract that cannot fail proves nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
VIOLATIONS = {
    "Nothing flows back up": ("domain/money.py", "import store.audit"),
    "The domain knows the standard library, calendars and nothing else": ("domain/money.py", "import sqlalchemy"),
    "Only flows, tasks and the command know Prefect": ("web/api.py", "import prefect"),
    "Flows tell the story and touch neither vendors nor tables": ("flows/sweep.py", "import store.inbox"),
    "Pages start runs and never run steps": ("web/api.py", "import tasks.crm"),
    "Vendors do not know each other": ("connectors/smtp/mail.py", "import connectors.slack.blocks"),
    "Only the registry reads settings": ("connectors/http.py", "import config.settings"),
}


def test_every_contract_has_its_violation() -> None:
    assert set(VIOLATIONS) == {contract["name"] for contract in CONFIG["contracts"]}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree")
    for package in CONFIG["root_packages"]:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_contract_breaks_when_it_is_violated(tree: Path, name: str) -> None:
    file, line = VIOLATIONS[name]
    path = tree / file
    before = path.read_text()
    path.write_text(
        before.replace("\n\nfrom __future__ import annotations\n", f"\n\nfrom __future__ import annotations\n{line}\n")
    )
    try:
        code = "import sys; from importlinter.cli import lint_imports_command as run; sys.argv = ['lint-imports', '--no-cache']; run()"
        environment = {**os.environ, "PYTHONPATH": str(tree)}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tree, env=environment, capture_output=True, text=True, check=False
        )
    finally:
        path.write_text(before)
    assert f"{name} BROKEN" in done.stdout, done.stdout[-800:] + done.stderr[-500:]
