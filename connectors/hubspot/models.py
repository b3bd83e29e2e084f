"""HubSpot's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import Permanent


class Wire(BaseModel):
    """Read leniently: HubSpot adds fields, and writes ids as numbers in some places."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Moment(Wire):
    """Read one former value of a property."""

    value: str | None = None
    timestamp: str = ""


class Neighbour(Wire):
    """Read an associated object inside another one."""

    id: str


class Neighbours(Wire):
    """Read the objects of one kind associated with another one."""

    results: list[Neighbour] = []


class Record(Wire):
    """Read an object of the CRM; all values are text."""

    id: str
    properties: dict[str, str | None] = {}
    history: dict[str, list[Moment]] = Field({}, alias="propertiesWithHistory")
    associations: dict[str, Neighbours] = {}

    def text(self, name: str) -> str:
        """Return a property; empty when it has no value."""
        return (self.properties.get(name) or "") if name else ""

    def linked(self, kind: str) -> list[str]:
        """Return the ids of associated objects of a kind."""
        return [one.id for one in self.associations.get(kind, Neighbours()).results]


class Type(Wire):
    """Read what an association is."""

    id: int = Field(0, alias="typeId")
    label: str | None = None


class Link(Wire):
    """Read one association."""

    id: str = Field(alias="toObjectId")
    types: list[Type] = Field([], alias="associationTypes")


class Next(Wire):
    """Read where the next page begins."""

    after: str = ""


class Paging(Wire):
    """Read the paging of a list."""

    next: Next = Next()


class Links(Wire):
    """Read a page of one object's associations."""

    to: list[Link] = []
    paging: Paging | None = None


class Page(Wire):
    """Read a page of search results."""

    results: list[Record] = []
    paging: Paging | None = None


class Owner(Wire):
    """Read a user who owns records."""

    id: str
    email: str | None = None
    first: str | None = Field(None, alias="firstName")
    last: str | None = Field(None, alias="lastName")


class Metadata(Wire):
    """Read what a stage means."""

    closed: str = Field("", alias="isClosed")
    probability: str = ""


class PipelineStage(Wire):
    """Read one stage of a pipeline."""

    id: str
    label: str = ""
    order: int = Field(0, alias="displayOrder")
    metadata: Metadata = Metadata()


class Pipeline(Wire):
    """Read a pipeline of deals."""

    id: str
    label: str = ""
    stages: list[PipelineStage] = []


class Modification(Wire):
    """Read who may change a property."""

    locked: bool = Field(False, alias="readOnlyValue")


class Property(Wire):
    """Read the description of a property."""

    name: str
    type: str = ""
    unique: bool = Field(False, alias="hasUniqueValue")
    modification: Modification = Field(Modification(), alias="modificationMetadata")


class Portal(Wire):
    """Read an account's details."""

    id: str = Field(alias="portalId")
    kind: str = Field("", alias="accountType")
    currency: str = Field("", alias="companyCurrency")


class Event(Wire):
    """Read one event of a webhook batch."""

    event: str = Field("", alias="eventId")
    subscription: str = Field("", alias="subscriptionId")
    portal: str = Field("", alias="portalId")
    at: str = Field("", alias="occurredAt")
    kind: str = Field(alias="subscriptionType")
    object: str = Field("", alias="objectId")
    type: str = Field("", alias="objectTypeId")
    source: str = Field("", alias="fromObjectId")
    source_type: str = Field("", alias="fromObjectTypeId")
    property: str = Field("", alias="propertyName")


_Model = TypeVar("_Model", bound=Wire)


def read(model: type[_Model], body: Any) -> _Model:
    """Return a part of an answer by its shape. Raises `Permanent` for another one."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise Permanent(
            f"HubSpot describes a {model.__name__.lower()} in another shape than documented",
            why="; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3]),
            fix="look at the object in HubSpot; if it looks right there, report this message to us",
        ) from error
