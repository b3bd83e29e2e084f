"""The words that a real PDF shows are the words that were read; CUAD's own text says which they are."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter

from extraction import read_document
from tests.conftest import shared

# PDFium joins a raised figure to the word after it, "1the", where the text file has a space.
WORD = re.compile(r"[^\W\d_]+|\d+")


def test_recalls_999_words_of_1000() -> None:
    with gzip.open(shared("data/cuad/train.json.gz"), "rt", encoding="utf-8") as file:
        texts = {doc["title"]: doc["text"] for doc in json.load(file)["docs"]}
    recalled = words = files = 0
    for path in sorted(shared("data/cuad/pdf").glob("*.pdf")):
        if path.stem in texts:
            wanted = Counter(WORD.findall(texts[path.stem]))
            read = Counter(WORD.findall(read_document(path.read_bytes()).text))
            recalled, words, files = recalled + (wanted & read).total(), words + wanted.total(), files + 1
    assert files >= 50
    assert recalled / words >= 0.999
