"""Contracts out of YAML or JSON files: each error with file and line, and one bad contract hides no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from connectors.files.contracts_models import ContractPart
from connectors.files.contracts_said import left_out, problem, said
from connectors.files.contracts_series import BadRows, Beside
from connectors.files.contracts_shape import Misplaced
from connectors.files.contracts_text import Document, Value, read_document
from connectors.files.unreadable import Unreadable
from domain.findings.contract import BilledContract
from domain.findings.matching import plain
from domain.invoices import InvoiceProblem

ENDINGS = frozenset({".yaml", ".yml", ".json"})
_LIMIT = 25 * 1024 * 1024
_LIST = "contracts"
_PRESENT = "docs/formats.md shows a whole contract"


@dataclass(frozen=True, slots=True)
class ContractFiles:
    """Hold the contracts that were read, the place of each by its id, and what could not be read."""

    contracts: tuple[BilledContract, ...]
    places: dict[str, str] = field(default_factory=dict)
    problems: tuple[InvoiceProblem, ...] = ()


def read_contracts(path: Path) -> ContractFiles:
    """Read a file, or every YAML and JSON file of a folder and those below it."""
    root = path if path.is_dir() else path.parent
    found = _Found()
    for file in _files(path):
        found.add_file(file, root)
    if not found.contracts and not found.problems:
        found.problems.append(InvoiceProblem(path.name, "there is no contract in it", _PRESENT))
    return ContractFiles(tuple(found.contracts), found.places, tuple(found.problems))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = (one for one in path.rglob("*") if one.suffix.casefold() in ENDINGS and one.is_file())
    return sorted(one for one in found if not any(part.startswith(".") for part in one.relative_to(path).parts))


class _Found:
    def __init__(self) -> None:
        self.contracts: list[BilledContract] = []
        self._alike: defaultdict[object, list[BilledContract]] = defaultdict(list)
        self.places: dict[str, str] = {}
        self.problems: list[InvoiceProblem] = []

    def add_file(self, file: Path, root: Path) -> None:
        name = file.relative_to(root).as_posix()
        try:
            document = read_document(_content(file), name, is_json=file.suffix.casefold() == ".json")
            asked = list(_contracts(document))
        except Unreadable as error:
            self.problems.append(error.problem(name))
            return
        except OSError as error:
            self.problems.append(
                InvoiceProblem(name, f"it cannot be opened: {error.strerror}", "check its permissions")
            )
            return
        beside = Beside(file.parent, root)
        for location, value in asked:
            self._add(document, location, value, beside)

    def _add(self, document: Document, location: Sequence[int | str], value: Value, beside: Beside) -> None:
        try:
            contract = ContractPart.model_validate(value).build(beside)
        except ValidationError as error:
            self.problems += [problem(document, location, value, one) for one in error.errors(include_url=False)]
        except Misplaced as error:
            place = document.place([*location, *error.location])
            self.problems.append(InvoiceProblem(place, said(value, error.location, str(error)), left_out(value)))
        except BadRows as error:
            self.problems += [
                InvoiceProblem(one.where, one.what, f"{one.fix}; {left_out(value)}") for one in error.problems
            ]
        else:
            self._keep(contract, document.place(location))

    def _keep(self, contract: BilledContract, place: str) -> None:
        keys = [contract.id, (contract.direction, plain(contract.number))]
        other = next((one for key in keys for one in self._alike[key] if _same(one, contract)), None)
        if other is None:
            self.contracts.append(contract)
            for key in keys:
                self._alike[key].append(contract)
            self.places[contract.id] = place
            return
        what = f"contract {contract.number} is already in {self.places[other.id]}; this one is left out"
        self.problems.append(
            InvoiceProblem(place, what, "delete one, or give a later term its own `id` and days that do not overlap")
        )


def _same(one: BilledContract, other: BilledContract) -> bool:
    """Tell whether two contracts that are called alike have one id or days in common."""
    first, second = one.agreement, other.agreement
    overlap = first.first <= (second.last or date.max) and second.first <= (first.last or date.max)
    return one.id == other.id or overlap


def _content(file: Path) -> bytes:
    if file.stat().st_size > _LIMIT:
        raise Unreadable(f"it is larger than {_LIMIT // 2**20} MiB", "split it")
    return file.read_bytes()


def _contracts(document: Document) -> Iterator[tuple[Sequence[int | str], Value]]:
    value, where = document.value, list[int | str]()
    if isinstance(value, dict) and _LIST in value:
        if others := sorted(set(value) - {_LIST}):
            raise Unreadable(
                f"beside `{_LIST}` stands {', '.join(others)}", f"a file is one contract, or `{_LIST}` alone"
            )
        value, where = value[_LIST], [_LIST]
    if isinstance(value, list):
        yield from (([*where, place], one) for place, one in enumerate(value))
    elif isinstance(value, dict):
        yield where, value
    else:
        raise Unreadable("there is no contract in it", _PRESENT)
