"""The shape of a contract file's parts: no unknown name passes, and every error keeps its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class Misplaced(ValueError):
    """Say which part of a contract contradicts the others."""

    def __init__(self, error: Exception, *location: int | str) -> None:
        super().__init__(str(error))
        self.error = error
        self.location = location


@contextmanager
def at(*location: int | str) -> Iterator[None]:
    """Give the errors of a block their place in the file."""
    try:
        yield
    except Misplaced as found:
        raise Misplaced(found.error, *location, *found.location) from found
    except (ValueError, OverflowError) as error:
        raise Misplaced(error, *location) from error


class Strict(BaseModel):
    """Refuse names that a part of the file does not have, and say which it has."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        allowed = ", ".join(cls.model_fields)
        if not isinstance(value, dict):
            raise PydanticCustomError("shape", "is no map", {"allowed": f"its names are {allowed}"})
        for name in value:
            if name not in cls.model_fields:
                raise PydanticCustomError("unknown", "is no name there", {"name": name, "allowed": allowed})
        return value
