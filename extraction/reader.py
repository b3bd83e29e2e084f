"""Turn the bytes of a file into a `Document`, whatever the file may contain."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from hashlib import sha256

from domain.documents import Box, Document, FileKind, Page, ReadProblem
from domain.terms import Citation
from extraction.child import SPANS
from extraction.errands import Errand
from extraction.limits import Limits
from extraction.nursery import NURSERY, ChildDied, ask_once

_CAN_FORK = hasattr(socket, "send_fds")
_DEFAULT = Limits()
_ERRANDS = {FileKind.PDF: Errand.PDF, FileKind.WORD: Errand.WORD, FileKind.PLAIN: Errand.PLAIN}


def read_document(data: bytes, *, kind: FileKind = FileKind.PDF, limits: Limits = _DEFAULT) -> Document:
    """Read the text layer in a child process; every failure is a `problem`, never an exception."""
    digest = sha256(data).hexdigest()
    if not data:
        return Document(digest, (), ReadProblem.NOT_A_PDF, "the file is empty")
    if len(data) > limits.file_bytes:
        detail = f"{len(data)} bytes, the limit is {limits.file_bytes}"
        return Document(digest, (), ReadProblem.TOO_LARGE, detail)
    try:
        answer = _ask(data, limits, _ERRANDS[kind])
        return _document(digest, answer)
    except (ChildDied, ValueError, TypeError, KeyError) as error:
        detail = f"reading was stopped: {error or 'the reader broke off'}"
        return Document(digest, (), ReadProblem.HOSTILE, detail)


def boxes_of(data: bytes, citations: Sequence[Citation], *, limits: Limits = _DEFAULT) -> Sequence[tuple[Box, ...]]:
    """Return where on its page each quote of a PDF stands, one box a line; none where it cannot be told."""
    spans = json.dumps([(one.page, one.start, one.end) for one in citations]).encode()
    try:
        answer = _ask(SPANS.pack(len(spans)) + spans + data, limits, Errand.BOXES)
        found = [tuple(Box(*map(float, box)) for box in boxes) for boxes in json.loads(answer)]
    except (ChildDied, ValueError, TypeError):
        found = []
    return found if len(found) == len(citations) else [() for _ in citations]


def _ask(data: bytes, limits: Limits, errand: Errand) -> bytes:
    return NURSERY.ask(data, limits, errand) if _CAN_FORK else ask_once(data, limits, errand)


def _document(digest: str, answer: bytes) -> Document:
    """Rebuild the document from the child's JSON, trusting none of it."""
    if not answer:
        message = "the reader crashed or used more memory or time than it may"
        raise ChildDied(message)
    parsed = json.loads(answer)
    pages = tuple(Page(number, str(text)) for number, text in enumerate(parsed["pages"], start=1))
    problem = ReadProblem(parsed["problem"]) if parsed["problem"] else None
    return Document(digest, pages, problem, str(parsed["detail"])[:500])
