"""HubSpot in the CRM role."""

from __future__ import annotations

import hashlib
import html
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.deal import read_deal
from connectors.hubspot.finding import only_deal
from connectors.hubspot.health import report
from connectors.hubspot.models import Record
from connectors.hubspot.stages import stage_of, won_stage
from connectors.hubspot.values import moment, noon, same, written
from domain.deals import Deal, Stage
from domain.errors import Permanent
from domain.mappings import CrmMapping
from domain.ports import Attachment, ClosedWon, CrmTask, DealQuery, Health, Reference, RenewalDates

_DEAL, _TASK = "0-3", "0-27"  # HubSpot's numbers of the two kinds of objects, in addresses


class HubSpotCrm:
    """Read deals and write the few things the handoff owes them."""

    def __init__(
        self,
        client: HubSpotClient,
        mapping: CrmMapping,
        portal_id: str = "",
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._mapping = mapping
        self._portal = portal_id
        self._clock = clock

    def find_deal(self, query: DealQuery) -> Deal | None:
        """Return the deal by id, by signed document, or of a company with exactly one."""
        identity = query.deal_id or only_deal(self._client, self._mapping.document_field, query, self._now())
        if not (identity.isascii() and identity.isdigit()):
            return None
        return read_deal(self._client, self._mapping, identity, self._url(_DEAL, identity))

    def close_won(self, facts: ClosedWon, *, key: str) -> Reference:
        """Set the deal to its pipeline's won stage; a won one is left alone, a lost one never reopened."""
        del key  # absolute: repeating it changes nothing
        row, pipelines = self._deal(facts.deal_id, "dealstage", "pipeline"), self._client.pipelines()
        stage = stage_of(row, pipelines)
        if stage is Stage.LOST:
            raise Permanent(
                f"Deal {facts.deal_id} is closed as lost in HubSpot",
                why="the paper is signed, but a person closed the deal as lost",
                fix="reopen the deal in HubSpot, then press Retry",
            )
        if stage is Stage.OPEN:
            wanted = won_stage(row, pipelines, self._mapping.won_stage)
            values = {"dealstage": wanted, "closedate": noon(facts.closed_on)}
            if self._mapping.closed_note_field and facts.note:
                values[self._mapping.closed_note_field] = facts.note
            self._client.update("deals", facts.deal_id, values)
        return self._reference(_DEAL, facts.deal_id)

    def write_renewal(self, dates: RenewalDates, *, key: str) -> Reference:
        """Set the mapped renewal properties that differ."""
        del key
        given = {field: getattr(dates, name) for name, field in self._mapping.renewal.items()}
        wanted = {field: value for field, value in given.items() if value is not None}
        if wanted:
            row = self._deal(dates.deal_id, *wanted)
            changed = {field: written(v) for field, v in wanted.items() if not same(row.text(field), v)}
            if changed:
                self._client.update("deals", dates.deal_id, changed)
        return self._reference(_DEAL, dates.deal_id)

    def write_answers(self, deal_id: str, answers: Mapping[str, str], *, key: str) -> Reference:
        """Fill the mapped properties that are empty; what a person wrote there stays."""
        del key
        wanted = {field: answers[name] for name, field in self._mapping.answers.items() if answers.get(name)}
        if wanted:
            row = self._deal(deal_id, *wanted)
            empty = {field: value for field, value in wanted.items() if not row.text(field)}
            if empty:
                self._client.update("deals", deal_id, empty)
        return self._reference(_DEAL, deal_id)

    def find_task(self, key: str) -> Reference | None:
        """Return the task that carries the key and hangs on a deal; a half-made one is made again."""
        row = self._client.record("tasks", key, by=self._mapping.key_field, beside="deals")
        return self._reference(_TASK, row.id) if row and row.linked("deals") else None

    def create_task(self, task: CrmTask, *, key: str) -> Reference:
        """Create the task, or bring the one with this key up to date, and hang it on the deal."""
        values = {
            "hs_task_subject": task.subject[:255],
            "hs_task_body": _rich(task.body),
            "hs_task_type": "TODO",
            "hs_timestamp": moment(task.due),
            **self._owner(task.owner_email),
        }
        if self._client.record("tasks", key, by=self._mapping.key_field, beside="deals") is None:
            values["hs_task_status"] = "NOT_STARTED"  # never reopen what a colleague has completed meanwhile
        identity = self._client.upsert("tasks", self._mapping.key_field, key, values)
        self._client.associate("tasks", identity, "deals", task.deal_id)
        return self._reference(_TASK, identity)

    def find_file(self, deal_id: str, key: str) -> Reference | None:
        """Return the note that carries the key, when it holds a file and hangs on the deal."""
        row = self._client.record("notes", key, ("hs_attachment_ids",), by=self._mapping.key_field, beside="deals")
        if row is None or not row.text("hs_attachment_ids") or deal_id not in row.linked("deals"):
            return None
        return self._shown(deal_id, row.id)

    def attach_file(self, deal_id: str, file: Attachment, *, key: str) -> Reference:
        """Upload the file and hang it on the deal by a note that carries the key.

        The file lies in a folder of its key, so that a repeated upload takes the place of the first.
        """
        folder = f"/aftersign/{hashlib.sha256(key.encode()).hexdigest()[:20]}"
        uploaded = self._client.upload(folder, file.name, file.content, file.content_type)
        values = {
            "hs_note_body": _rich(file.title or file.name),
            "hs_attachment_ids": uploaded,
            "hs_timestamp": moment(self._now()),
        }
        note = self._client.upsert("notes", self._mapping.key_field, key, values)
        self._client.associate("notes", note, "deals", deal_id)
        return self._shown(deal_id, note)

    def check(self) -> Health:
        """Name the account, and every property that is mapped and does not exist or may not be written."""
        return report(self._client, self._mapping, self._portal)

    def _deal(self, identity: str, *properties: str) -> Record:
        row = self._client.record("deals", identity, properties)
        if row is None:
            raise Permanent(
                f"There is no deal {identity} in HubSpot",
                why="it was deleted, or the access token may not see it",
                fix="restore it or give access, then press Retry",
            )
        return row

    def _owner(self, email: str) -> dict[str, str]:
        """Return the owner; somebody without an active user leaves the task without one."""
        found = self._client.owners(email) if email else ()
        return {"hubspot_owner_id": found[0].id} if len(found) == 1 else {}

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _shown(self, deal_id: str, note: str) -> Reference:
        return Reference(note, self._url(_DEAL, deal_id))

    def _reference(self, kind: str, identity: str) -> Reference:
        return Reference(identity, self._url(kind, identity))

    def _url(self, kind: str, identity: str) -> str:
        return f"https://app.hubspot.com/contacts/{self._portal}/record/{kind}/{identity}" if self._portal else ""


def _rich(text: str) -> str:
    """Return plain text as the HTML that HubSpot shows in tasks and notes, at most 65,536 characters."""
    return html.escape(text[:12000], quote=False).replace("\n", "<br>")
