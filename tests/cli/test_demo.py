"""The demo keeps its promises: the whole story on the sample contracts, from an empty home."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.timeout(300)
def test_the_demo_keeps_its_promises(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AFTERSIGN_", "PREFECT_"))}
    run = subprocess.run(
        [sys.executable, "-m", "cli.main", "demo", "--once"],
        cwd=ROOT,
        env={**kept, "HOME": str(tmp_path), "AFTERSIGN_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-2000:]
    assert "✗" not in run.stdout
