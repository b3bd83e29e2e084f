"""The rules of reconciliation out of YAML: what is empty is zero, what is wrong has its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from config.reconciliation import read_policy
from domain.errors import ConfigurationError
from domain.findings.contract import Policy
from domain.findings.tolerance import EXACT, Joined, Tolerance
from domain.periods import Period
from tests.conftest import CONFIG


def policy(folder: Path, text: str) -> Policy:
    (folder / "p.yaml").write_text(text)
    return read_policy(folder / "p.yaml")


class TestPolicy:
    def test_of_the_house_tolerates_nothing(self) -> None:
        assert read_policy(CONFIG / "reconciliation.yaml") == Policy()

    def test_has_every_rule(self, tmp_path: Path) -> None:
        text = "tolerance: {absolute: 0.1, percent: 0.3, joined: greater}\ngrace_days: 5\ndispute: P60D\ndrift: {lines: 9, amount: 1.10}\n"
        expected = Tolerance(Decimal("0.1"), Decimal("0.3"), Joined.GREATER)
        assert policy(tmp_path, text) == Policy(expected, 5, Period.parse("P60D"), 9, Decimal("1.1"))

    @pytest.mark.parametrize("text", ["", "tolerance:\n", "tolerance: {absolute: , percent: }\n"])
    def test_that_is_empty_is_zero_and_never_any_variance(self, tmp_path: Path, text: str) -> None:
        assert policy(tmp_path, text).tolerance == EXACT

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("grace_days: 10\ntolerance:\n  absolute: -1\n", 3),
            ("tolerance: {joined: both}\n", 1),
            ("grace_days: 10\ntolerence: {}\n", 2),
            ("dispute: sixty days\n", 1),
            ("drift: {amount: .inf}\n", 1),
            ("tolerance: {absolute: .nan}\n", 1),
        ],
    )
    def test_that_is_wrong_names_its_line(self, tmp_path: Path, text: str, line: int) -> None:
        with pytest.raises(ConfigurationError, match=rf"p\.yaml:{line} "):
            policy(tmp_path, text)
