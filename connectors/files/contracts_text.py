"""A YAML or JSON file as texts, lists and maps, each with its line; no number ever becomes a float."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from connectors.files.unreadable import Unreadable

Value = str | bool | None | list["Value"] | dict[str, "Value"]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOOL, _NULL = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"
# JSON writes a sign outside the basic plane as two escapes, which YAML does not know.
_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """Hold what a file says, and where."""

    name: str
    value: Value
    node: yaml.Node | None

    def place(self, location: Sequence[int | str] = ()) -> str:
        """Return file and line of the deepest part of `location` that is there."""
        line, node = (self.node.start_mark.line + 1 if self.node else 1), self.node
        for part in location:
            child = _child(node, part)
            if child is None:
                break
            line, node = child
        return f"{self.name}:{line}"


def read_document(content: bytes, name: str, *, is_json: bool = False) -> Document:
    """Parse a file. Raises `Unreadable` with the line in its words."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8 text", "save the file as UTF-8") from error
    try:
        node = yaml.compose(_as_yaml(text) if is_json else text, Loader=_LOADER)
        return Document(name, None if node is None else _value(node, set()), node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1} is" if mark else "it is"
        what = f"{where} not {'JSON' if is_json else 'YAML'}: {getattr(error, 'problem', None) or error}"
        raise Unreadable(what, "check indentation, colons and quotes there") from error
    except RecursionError as error:
        raise Unreadable("its parts are nested too deeply", "write one contract as docs/formats.md shows") from error


def _as_yaml(text: str) -> str:
    """Return JSON in the words of YAML, which allows no tab between values; lines stay where they are."""
    return _PAIR.sub(lambda found: _joined(found[1], found[2]), text.replace("\t", " "))


def _joined(high: str, low: str) -> str:
    return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00))


def _value(node: yaml.Node, seen: set[int]) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise Unreadable(f"line {line} is used again as an alias", "aliases (*name) are not read; write the part out")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, seen) for item in node.value]
    return _mapping(node, seen)


def _mapping(node: yaml.Node, seen: set[int]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable(f"line {line} has a list or map as a name", "names are texts")
        if key.value in found:
            raise Unreadable(f"line {line} writes {key.value!r} a second time", "keep one of both")
        found[key.value] = _value(value, seen)
    return found


def _scalar(node: yaml.ScalarNode) -> Value:
    """Return a text, also of numbers and days; of all that YAML takes for yes and no only true and false.

    The country NO and the version 1.10 are texts as well.
    """
    text: str = node.value
    if node.tag == _NULL:
        return None
    if node.tag == _BOOL and text.casefold() in {"true", "false"}:
        return text.casefold() == "true"
    return text


def _child(node: yaml.Node | None, part: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None
