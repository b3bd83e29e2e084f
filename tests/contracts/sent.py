"""One request as it arrived."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl


def plain(media: str) -> str:
    """Return a media type without its parameters."""
    return media.partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Sent:
    """Hold one request as it arrived."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """Return the content type without its parameters."""
        return plain(self.headers.get("content-type", ""))

    def json(self) -> Any:
        """Return the JSON body."""
        return json.loads(self.body or b"null")

    def form(self) -> list[tuple[str, str]]:
        """Return the pairs of a form, whether url-encoded or multipart."""
        if self.media == "multipart/form-data":
            return [(name, data.decode("utf-8", "replace")) for name, _, data in self.parts()]
        return parse_qsl(self.body.decode(), keep_blank_values=True)

    def parts(self) -> list[tuple[str, str, bytes]]:
        """Return (name, file name, bytes) of every part of a multipart body."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        found = []
        for part in message.iter_parts():
            name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            found.append((str(name or ""), part.get_filename() or "", content if isinstance(content, bytes) else b""))
        return found
