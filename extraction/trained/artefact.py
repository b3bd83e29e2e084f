"""The trained weights: arrays in a compressed file, never code."""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extraction.trained.linear import Linear, probability
from extraction.trained.shared import Shared
from extraction.trained.trees import Trees

Arrays = Mapping[str, NDArray[np.generic]]
FILE = Path(__file__).with_name("model.npz.xz")


@dataclass(frozen=True, slots=True)
class Second:
    """Hold the second look at one category: a line through what is known, and trees."""

    line: NDArray[np.float32]
    bias: float
    trees: Trees

    def chances(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how likely each row is one of the category: the mean of both."""
        both = probability(table @ self.line + np.float32(self.bias)) + probability(self.trees.logits(table))
        return np.asarray(both / 2, np.float32)


@dataclass(frozen=True, slots=True)
class Model:
    """Hold all that was learned."""

    passages: Linear
    second: tuple[Second, ...]
    shared: Shared
    dates: Linear
    titles: Linear
    compared: tuple[Second, ...]  # of mentions: a category each, in the order of `ranking.MENTIONED`
    values: Mapping[str, Linear]
    locks: Mapping[str, NDArray[np.float32]]
    clauses: NDArray[np.float32]  # the least probability at which a passage is shown as a clause, a category each
    present: NDArray[np.float32]  # the least probability of any of its passages at which a contract has a category
    about: Mapping[str, str]


@cache
def model() -> Model:
    """Return the shipped model, read once."""
    return read(FILE.read_bytes())


def read(data: bytes) -> Model:
    """Read a model; arrays of objects are refused. Raises `ValueError`."""
    with np.load(BytesIO(lzma.decompress(data)), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    about = json.loads(_text(arrays["about"]))
    locks = {name.removeprefix("lock "): array for name, array in arrays.items() if name.startswith("lock ")}
    return Model(
        _linear(arrays, "passages"),
        _seconds(arrays, "second"),
        Shared(_trees(arrays, "shared", 0), np.asarray(arrays["shared_common"], np.float32)),
        _linear(arrays, "dates"),
        _linear(arrays, "titles"),
        _seconds(arrays, "compared"),
        {name: _linear(arrays, f"value {name}") for name in locks},
        {name: np.asarray(array, np.float32) for name, array in locks.items()},
        np.asarray(arrays["clauses"], np.float32),
        np.asarray(arrays["present"], np.float32),
        about,
    )


def write(arrays: Arrays) -> bytes:
    """Pack arrays; the same arrays always make the same bytes."""
    file = BytesIO()
    np.savez(file, allow_pickle=False, **{name: arrays[name] for name in sorted(arrays)})
    return lzma.compress(file.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def packed(text: str) -> NDArray[np.uint8]:
    """Turn a text into an array of its bytes."""
    return np.frombuffer(text.encode(), np.uint8)


def _text(array: NDArray[np.generic]) -> str:
    return array.tobytes().decode()


def _linear(arrays: Arrays, name: str) -> Linear:
    rows = {feature: row for row, feature in enumerate(_text(arrays[f"{name} words"]).split("\n"))}
    scale, bias = (np.asarray(arrays[f"{name} {part}"], np.float32) for part in ("scale", "bias"))
    squares = arrays.get(f"{name} squares")
    rarity = None if squares is None else np.asarray(squares, np.float32)
    return Linear(rows, np.asarray(arrays[f"{name} weights"], np.int8), scale, bias, rarity)


def _seconds(arrays: Arrays, name: str) -> tuple[Second, ...]:
    lines = zip(np.asarray(arrays[f"{name}_line"], np.float32), arrays[f"{name}_bias"].tolist(), strict=True)
    return tuple(Second(line, bias, _trees(arrays, name, place)) for place, (line, bias) in enumerate(lines))


def _trees(arrays: Arrays, name: str, place: int) -> Trees:
    column, left, right = (
        np.asarray(arrays[f"{name}_{part}"][place], np.uint8) for part in ("column", "left", "right")
    )
    threshold, value = (np.asarray(arrays[f"{name}_{part}"][place], np.float32) for part in ("threshold", "value"))
    start, depth = float(arrays[f"{name}_start"][place]), int(arrays[f"{name}_depth"][place])
    return Trees(column, threshold, left, right, value, start, depth)
