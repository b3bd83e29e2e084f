"""The `json` field of the form that Dropbox Sign sends, out of bytes that nothing vouches for yet."""

from __future__ import annotations

from urllib.parse import parse_qs

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

FIELD = "json"
_MOST_FIELDS = 100


def json_field(body: bytes, content_type: str) -> bytes | None:
    """Return the content of the field; `None` unless the form holds it exactly once.

    https://developers.hellosign.com/docs/events/walkthrough/
    """
    kind, options = parse_options_header(content_type.encode("utf-8", "replace"))
    if kind == b"application/x-www-form-urlencoded":
        found = _urlencoded(body)
    elif kind == b"multipart/form-data" and options.get(b"boundary"):
        found = _multipart(body, options[b"boundary"])
    else:
        found = []
    return found[0] if len(found) == 1 else None


def _urlencoded(body: bytes) -> list[bytes]:
    try:
        return parse_qs(body, max_num_fields=_MOST_FIELDS).get(FIELD.encode(), [])
    except ValueError:
        return []


def _multipart(body: bytes, boundary: bytes) -> list[bytes]:
    parts = _Parts()
    callbacks = {
        "on_part_begin": parts.begin,
        "on_header_field": parts.header_field,
        "on_header_value": parts.header_value,
        "on_header_end": parts.header_end,
        "on_part_data": parts.data,
    }
    try:
        parser = MultipartParser(boundary, callbacks)  # type: ignore[arg-type]
        parser.write(body)
        parser.finalize()
    except (FormParserError, ValueError):
        return []
    return [bytes(content) for name, content in parts.found if name == FIELD.encode()]


class _Parts:
    """Collect the names and contents of a form's parts."""

    def __init__(self) -> None:
        self.found: list[tuple[bytes, bytearray]] = []
        self._name, self._value = bytearray(), bytearray()

    def begin(self) -> None:
        if len(self.found) >= _MOST_FIELDS:
            message = "too many parts"
            raise ValueError(message)
        self.found.append((b"", bytearray()))

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self.found[-1] = (options.get(b"name", b""), self.found[-1][1])
        self._name, self._value = bytearray(), bytearray()

    def data(self, data: bytes, start: int, end: int) -> None:
        self.found[-1][1].extend(data[start:end])
