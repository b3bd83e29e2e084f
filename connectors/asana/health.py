"""What the doctor wants to know about Asana."""

from __future__ import annotations

from connectors.asana.client import AsanaClient
from connectors.asana.models import Me
from domain.errors import Permanent
from domain.mappings import WorkMapping
from domain.ports import Health


def health(client: AsanaClient, workspace: str, team: str, mapping: WorkMapping) -> Health:
    """Name the account; list a workspace, team, template or role that cannot be seen.

    Raises what the first call raises: without an account there is nothing more to ask.
    """
    me = client.me()
    missing = [*_workspace(me, workspace), *_projects(client, workspace, team), *_templates(client, mapping)]
    return Health(f"acts as {me.name} <{me.email}>", tuple(missing), _warnings(team))


def _workspace(me: Me, workspace: str) -> list[str]:
    if workspace in {seen.gid for seen in me.workspaces}:
        return []
    seen = ", ".join(f"{w.gid} ({w.name})" for w in me.workspaces) or "none"
    return [f"workspace {workspace}: the account is no member; set AFTERSIGN_ASANA__WORKSPACE to one of {seen}"]


def _projects(client: AsanaClient, workspace: str, team: str) -> list[str]:
    try:
        next(client.projects(workspace, team), None)
    except Permanent as error:
        where = f"team {team} (AFTERSIGN_ASANA__TEAM)" if team else f"workspace {workspace}"
        return [f"projects of {where} cannot be listed, so none is found again: {error.why or error.what}"]
    return []


def _templates(client: AsanaClient, mapping: WorkMapping) -> list[str]:
    found = []
    for ours, gid in mapping.templates.items():
        try:
            template = client.template(gid)
        except Permanent:
            found.append(f"template {gid} for {ours!r} cannot be seen: correct `asana: templates:` in config/work.yaml")
            continue
        known = {name for role in template.requested_roles for name in (role.gid, role.name)}
        found += [
            f"template {template.name!r} has no role {theirs!r}: correct `asana: roles:` in config/work.yaml"
            for theirs in mapping.roles.values()
            if theirs not in known
        ]
    return found


def _warnings(team: str) -> tuple[str, ...]:
    if not team:
        return ()
    return ("Asana has deprecated naming a team when a project is created; it still shares the project with it",)
