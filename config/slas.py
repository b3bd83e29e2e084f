"""Which monitored service a contract's service level is about: `slas.yaml`, optional."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator

from config.settings_roles import TICKETS, UPTIME
from config.slas_stated import ExclusionModel, StatedModel, Strict
from config.slas_tickets import TicketsModel
from config.yaml_file import read_yaml
from domain.calendars import zone
from domain.errors import Permanent

_FILE = "slas.yaml"
_ROOM = 140


class ServiceModel(Strict):
    """Read one service of one contract or of one vendor."""

    contract: str = ""
    vendor: str = ""
    service: str = Field(min_length=1, max_length=200)
    sources: tuple[str, ...] = Field(min_length=1)
    counts: str = ""
    zone: str = "UTC"
    claim_to: str = ""
    stated: StatedModel = StatedModel()
    exclusions: tuple[ExclusionModel, ...] = ()
    tickets: tuple[TicketsModel, ...] = ()

    @field_validator("zone")
    @classmethod
    def _exists(cls, value: str) -> str:
        try:
            zone(value)
        except Permanent as error:
            message = f"{error.what}; {error.fix}"
            raise ValueError(message) from error
        return value

    @model_validator(mode="after")
    def _known(self) -> Self:
        allowed = TICKETS if self.tickets else UPTIME
        if unknown := sorted(set(self.sources) - set(allowed)):
            message = f"unknown source {', '.join(unknown)}; allowed: {', '.join(allowed)}"
            raise ValueError(message)
        if len(set(self.sources)) != len(self.sources):
            raise ValueError("a source is named twice")
        return self

    @model_validator(mode="after")
    def _about_tickets(self) -> Self:
        names = [one.name.casefold() for one in self.tickets]
        if len(set(names)) != len(names):
            raise ValueError("the same severity and kind is promised twice")
        if self.tickets and (self.exclusions or self.stated.steps):
            raise ValueError("exclusions and steps are about availability; a credit for tickets is `late` or `bands`")
        if self.tickets and len(self.service) > _ROOM:
            message = f"the name of a service with tickets has at most {_ROOM} characters"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.contract) == bool(self.vendor):
            raise ValueError("name either a contract or a vendor")
        if self.counts and self.counts not in self.sources:
            message = f"counts names {self.counts!r}, which is not among its sources"
            raise ValueError(message)
        return self

    @property
    def ordered(self) -> tuple[str, ...]:
        """Return the sources, the one that counts first."""
        first = self.counts or self.sources[0]
        return (first, *(one for one in self.sources if one != first))


class SlasFile(Strict):
    """Read `slas.yaml`."""

    services: tuple[ServiceModel, ...] = ()


def read_slas(folder: Path) -> tuple[ServiceModel, ...]:
    """Return the services that are watched; none without the file. Raises `ConfigurationError` with file and line."""
    path = folder / _FILE
    return read_yaml(path, SlasFile).services if path.exists() else ()
