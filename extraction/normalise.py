"""Bring the text layer into one form, so that offsets mean the same to every reader."""

from __future__ import annotations

import re

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
_SPACES = dict.fromkeys([0xA0, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000, ord("\t"), 0x0B], " ")
_INVISIBLE = dict.fromkeys([0x00, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF], None)
_TABLE = {**_LIGATURES, **_SPACES, **_INVISIBLE}
# PDFium marks a hyphen at the end of a line, where it believes a word goes on, with U+FFFE.
_HYPHENATED = re.compile(r"[\ufffe\x02]\n?")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def normalise(text: str) -> str:
    """Unify line ends, spaces, ligatures and hyphenation; every page passes here exactly once."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    text = _SURROGATES.sub("\ufffd", text.translate(_TABLE))
    return _HYPHENATED.sub("-", text)
