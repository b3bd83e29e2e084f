"""What the doctor wants to know about Jira: who we are, and whether an issue could be created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connectors.jira.client import JiraClient
from connectors.jira.models import CreateField, IssueType
from domain.errors import Permanent
from domain.mappings import WorkMapping
from domain.ports import Health

# Sent with every issue, so they must be on the create screen; Jira fills the reporter itself.
_SENT = frozenset({"project", "issuetype", "summary", "description", "duedate", "labels"})
_GIVEN = frozenset({"reporter"})


def health(client: JiraClient, project: str, types: Mapping[str, str], mapping: WorkMapping) -> Health:
    """Name the account; list missing types, mandatory fields without a value, and fields off the screen.

    Raises what the first call raises: without an account there is nothing more to ask.
    """
    me = client.myself()
    detail = f"acts as {me.name} <{me.email or me.id}> in project {project} of {client.site}"
    try:
        known = {kind.name: kind for kind in client.types(project)}
    except Permanent as error:
        return Health(detail, (f"project {project} (AFTERSIGN_JIRA__PROJECT) cannot be seen: {error.why}",))
    return Health(detail, tuple(dict.fromkeys(_missing(client, project, types, mapping, known))))


def _missing(
    client: JiraClient, project: str, types: Mapping[str, str], mapping: WorkMapping, known: Mapping[str, IssueType]
) -> Iterator[str]:
    for kind, name in types.items():
        if kind == "milestone" and name == types["task"] and kind not in mapping.fields:
            continue  # nothing that has not been said of tasks
        if name not in known:
            yield (
                f"project {project} has no issue type {name!r} for a {kind}: set `jira: item_types: {{{kind}: …}}`"
                f" in config/work.yaml to one of {', '.join(known) or 'none'}"
            )
            continue
        screen = {field.id: field for field in client.fields(project, known[name].id)}
        sent = _SENT | set(mapping.custom(kind)) | ({"parent"} if kind != "project" else set())
        yield from _screen(name, kind, screen, sent)


def _screen(name: str, kind: str, screen: Mapping[str, CreateField], sent: frozenset[str]) -> Iterator[str]:
    for absent in sorted(sent - set(screen)):
        yield f"field {absent} is not on the create screen of {name}: add it in Jira"
    for field in screen.values():
        if field.required and not field.filled and field.id not in sent | _GIVEN:
            yield (
                f"field {field.name!r} ({field.id}) is mandatory for {name}: give it a value under"
                f" `jira: fields: {{{kind}: {{{field.id}: …}}}}` in config/work.yaml, or make it optional in Jira"
            )
