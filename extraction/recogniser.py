"""Read pages that are pictures with Tesseract, where it is installed.

Tesseract writes one row a word, see https://github.com/tesseract-ocr/tessdoc/blob/main/Command-Line-Usage.md
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from statistics import fmean

from domain.documents import Box, Word
from extraction.normalise import normalise

DPI = 300
_WORD_LEVEL = "5"
_KEPT = ("TESSDATA_PREFIX",)


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Hold the program and its languages, such as "eng+deu"; an empty program is none at all."""

    program: str = ""
    languages: str = "eng"

    def aside(self) -> dict[str, object]:
        """Return the command that reads a picture from its input, and the environment it needs."""
        command = [self.program, "stdin", "stdout", "-l", self.languages, "--dpi", str(DPI)]
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return {
            "command": [*command, "-c", "tessedit_create_tsv=1"],
            "environment": {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1", **kept},
        }


@cache
def installed() -> Recogniser:
    """Return the Tesseract of this system, or a recogniser without a program."""
    return Recogniser(shutil.which("tesseract") or "")


@dataclass(frozen=True, slots=True)
class Recognised:
    """Hold the text of a page, where its words stand, and how sure Tesseract is, from 0 to 100."""

    text: str
    words: tuple[Word, ...]
    confidence: int


def recognised(table: str, scale: float) -> Recognised:
    """Return what Tesseract's table says; `scale` is in pixels a point. Raises `ValueError`, `KeyError`."""
    rows = list(_rows(table))
    text, words = "", []
    for before, row in zip([None, *rows], rows, strict=False):
        text += _between(before, row)
        word = normalise(row["text"]).strip()
        words.append(Word(len(text), len(text) + len(word), _box(row, scale)))
        text += word
    sure = [float(row["conf"]) for row in rows]
    return Recognised(text, tuple(words), round(fmean(sure)) if sure else 0)


def _rows(table: str) -> Iterator[dict[str, str]]:
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == _WORD_LEVEL and normalise(row["text"] or "").strip():
            yield row


def _between(before: dict[str, str] | None, row: dict[str, str]) -> str:
    if before is None:
        return ""
    same_line = all(before[name] == row[name] for name in ("block_num", "par_num", "line_num"))
    return " " if same_line else "\n"


def _box(row: dict[str, str], scale: float) -> Box:
    left, top, width, height = (float(row[name]) / scale for name in ("left", "top", "width", "height"))
    return Box(left, top, left + width, top + height)
