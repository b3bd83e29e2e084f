"""What the doctor hears about a HubSpot account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.errors import Refusal
from connectors.hubspot.models import Property
from domain.mappings import CrmMapping
from domain.ports import Health

_NEARLY = 0.1  # of a day's requests left


def report(client: HubSpotClient, mapping: CrmMapping, portal_id: str) -> Health:
    """Name the account; list properties and scopes that are missing, and what is nearly used up."""
    portal, headers = client.account()
    missing = [*_of_keys(client, mapping), *_of_deals(client, mapping), *_of_companies(client, mapping)]
    warnings = list(_used_up(headers))
    if portal_id and portal_id != portal.id:
        warnings.append(f"AFTERSIGN_HUBSPOT__PORTAL_ID is {portal_id}, the account is {portal.id}: links lead nowhere")
    return Health(f"account {portal.id} ({portal.kind.casefold()})", tuple(dict.fromkeys(missing)), tuple(warnings))


def _of_keys(client: HubSpotClient, mapping: CrmMapping) -> Iterator[str]:
    for kind in ("tasks", "notes"):
        known, problems = _properties(client, kind)
        yield from problems
        if problems:
            continue
        if mapping.key_field not in known:
            yield f"create the single-line text property {mapping.key_field} on {kind} with unique values"
        elif not known[mapping.key_field].unique:
            yield f"the property {mapping.key_field} on {kind} must have unique values: without it nothing is found again"


def _of_deals(client: HubSpotClient, mapping: CrmMapping) -> Iterator[str]:
    known, problems = _properties(client, "deals")
    yield from problems
    if problems:
        return
    writes = (*mapping.renewal.values(), *mapping.answers.values(), mapping.closed_note_field)
    reads = (
        mapping.document_field,
        mapping.type_field,
        mapping.term_months_field,
        mapping.start_field,
        mapping.currency_field,
        *mapping.facts.values(),
    )
    yield from _unknown("deal", (*reads, *writes), known)
    for name in filter(None, writes):
        if name in known and known[name].modification.locked:
            yield f"the deal property {name} of config/crm.yaml cannot be written: HubSpot fills it itself"


def _of_companies(client: HubSpotClient, mapping: CrmMapping) -> Iterator[str]:
    known, problems = _properties(client, "companies")
    yield from problems
    if not problems:
        yield from _unknown("company", tuple(mapping.account.values()), known)


def _unknown(kind: str, names: Sequence[str], known: Mapping[str, Property]) -> Iterator[str]:
    """Yield mapped names that do not exist; HubSpot leaves them out of its answers without a word."""
    for name in names:
        if name and name not in known:
            yield f"the {kind} property {name} of config/crm.yaml does not exist in HubSpot"


def _properties(client: HubSpotClient, kind: str) -> tuple[Mapping[str, Property], list[str]]:
    """Return the properties of a kind, or why they may not be seen."""
    try:
        return client.properties(kind), []
    except Refusal as error:
        if error.category != "MISSING_SCOPES":
            raise
        return {}, [f"{kind}: {error.fix}"]


def _used_up(headers: Mapping[str, str]) -> Iterator[str]:
    """Yield a warning when the day's requests run out; an OAuth app is not told.

    https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
    """
    most, left = (headers.get(f"x-hubspot-ratelimit-daily{part}", "") for part in ("", "-remaining"))
    if most.isdigit() and left.isdigit() and int(left) <= int(most) * _NEARLY:
        yield f"{int(most) - int(left)} of {most} API requests of this day are used up"
