"""Turn the bytes of a file into a `Document`, whatever the file may contain."""

from __future__ import annotations

import json
import socket
from hashlib import sha256

from domain.documents import Document, Page, ReadProblem
from extraction.limits import Limits
from extraction.nursery import NURSERY, ChildDied, ask_once

_CAN_FORK = hasattr(socket, "send_fds")
_DEFAULT = Limits()


def read_document(data: bytes, *, limits: Limits = _DEFAULT) -> Document:
    """Read the text layer in a child process; every failure is a `problem`, never an exception."""
    digest = sha256(data).hexdigest()
    if not data:
        return Document(digest, (), ReadProblem.NOT_A_PDF, "the file is empty")
    if len(data) > limits.file_bytes:
        detail = f"{len(data)} bytes, the limit is {limits.file_bytes}"
        return Document(digest, (), ReadProblem.TOO_LARGE, detail)
    try:
        answer = NURSERY.ask(data, limits) if _CAN_FORK else ask_once(data, limits)
        return _document(digest, answer)
    except (ChildDied, ValueError, TypeError, KeyError) as error:
        detail = f"reading was stopped: {error or 'the reader broke off'}"
        return Document(digest, (), ReadProblem.HOSTILE, detail)


def _document(digest: str, answer: bytes) -> Document:
    """Rebuild the document from the child's JSON, trusting none of it."""
    if not answer:
        message = "the reader crashed or used more memory or time than it may"
        raise ChildDied(message)
    parsed = json.loads(answer)
    pages = tuple(Page(number, str(text)) for number, text in enumerate(parsed["pages"], start=1))
    problem = ReadProblem(parsed["problem"]) if parsed["problem"] else None
    return Document(digest, pages, problem, str(parsed["detail"])[:500])
