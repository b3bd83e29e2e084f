"""Where a vendor's description is wrong about its own API; each with the reason, none in general."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defect:
    """Hold one excused problem: the operation and the text are patterns of the whole string."""

    vendor: str
    operation: str
    problem: str
    reason: str


DEFECTS = (
    Defect(
        "salesforce",
        "POST /sobjects/ContentVersion",
        r"body /VersionData: .*",
        "base64 content is described as an object; Salesforce's guide sends a string",
    ),
    Defect(
        "salesforce",
        r"(POST|PATCH) /sobjects/.*",
        r"body /\w+__c is not declared",
        "custom fields belong to an org and stand in no general description",
    ),
    Defect(
        "salesforce",
        r"GET /sobjects/.*",
        r"answer /\w+__c is not declared",
        "custom fields belong to an org and stand in no general description",
    ),
    Defect(
        "pandadoc",
        "GET /public/v1/documents",
        "query metadata_aftersign_key is not declared",
        "the parameter `metadata` stands for any number of parameters `metadata_{key}={value}`, as its text says",
    ),
    Defect(
        "dropboxsign",
        r"(GET|POST) /signature_request/.*",
        r"answer /signature_requests?(/\d+)?/response_data/\d+/value is not declared",
        "the type of an answer chooses a schema with `value` by a discriminator that names no alternatives",
    ),
    Defect(
        "asana",
        "POST /project_templates/{project_template_gid}/instantiateProject",
        r"body /data/requested_dates/\d+/value: .*",
        "described as a date and time; its own text and example are a date",
    ),
    Defect(
        "asana",
        "(POST /tasks|GET /tasks/{task_gid})",
        "answer /data/assignee: null .*",
        "nullable stands beside a reference in allOf, where it allows nothing; nobody's task answers null",
    ),
)


@dataclass(frozen=True, slots=True)
class Open:
    """Hold one place of bodies where any name goes, so that a renamed field cannot be noticed there."""

    vendor: str
    operation: str
    pointer: str
    reason: str


OPEN = (
    Open("slack", r"POST /chat\.\w+", "/metadata/event_payload/.*", "an event's payload is the app's own"),
    Open("pandadoc", "POST /public/v1/documents", r"/metadata/\w+", "metadata are the caller's own"),
    Open("dropboxsign", "POST /signature_request/.*", r"/metadata/\w+", "metadata are the caller's own"),
    Open("jira", "POST /rest/api/3/issue", "/fields/.*", "fields belong to a site; `fake_jira` looks at ours"),
    Open("jira", "POST /rest/api/3/issue", r"/properties/\d+/value/.*", "a property's value is the app's own"),
    Open("jira", "PUT /rest/api/3/issue/.*/properties/.*", "/.*", "a property's value is the app's own"),
    Open("hubspot", "(POST|PATCH) /.*", r"(/inputs/\d+)?/properties/\w+", "properties belong to an account"),
)

# Schemas that say they take any name and whose vendor's guide lists all there are.
CLOSED = {
    "jira": ("IssueUpdateDetails",),
}

# What this run came across, so that an entry that nothing needs any more is seen.
MET: set[Defect] = set()
USED: set[Defect | Open] = set()


def excused(vendor: str, operation: str, problem: str) -> bool:
    """Tell whether a problem is a known defect of the description."""
    own = [defect for defect in DEFECTS if defect.vendor == vendor]
    MET.update(own)
    found = [d for d in own if _names(d.operation, operation) and re.fullmatch(d.problem, problem, re.DOTALL)]
    USED.update(found)
    return bool(found)


def is_open(vendor: str, operation: str, pointer: str) -> bool:
    """Tell whether a place of a body is known to take any name."""
    own = [place for place in OPEN if place.vendor == vendor and _names(place.operation, operation)]
    found = [place for place in own if re.fullmatch(place.pointer, pointer)]
    USED.update(found)
    return bool(found)


def _names(pattern: str, operation: str) -> bool:
    return bool(re.fullmatch(pattern.replace("{", r"\{").replace("}", r"\}"), operation))
