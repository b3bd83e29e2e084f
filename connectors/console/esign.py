"""A local e-signature desk: documents dropped into a folder count as signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors import signing
from domain.deals import Contact
from domain.errors import Permanent
from domain.ports import Health
from domain.signatures import SignatureEvent, SignedDocument, Verdict

_DONE = frozenset({"completed", "document.completed"})
_KEYS = "AFTERSIGN_CONSOLE__WEBHOOK_KEYS"


class ConsoleEsign:
    """Serve `<id>.pdf` and its optional `<id>.json` from one folder as signed documents.

    The JSON may hold `name`, `completed`, `signers`, `references` and `fields`.
    """

    def __init__(
        self, folder: Path, keys: Sequence[str], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._folder = folder
        self._keys = [key for key in keys if key]
        self._clock = clock

    def events(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Sequence[SignatureEvent]:
        """Verify a Standard Webhook, or else `X-Aftersign-Signature`, and read one event. Raises `Forged`."""
        del query
        if "webhook-signature" in headers:
            signing.standard(body, headers, self._keys, now=self._clock(), setting=_KEYS)
            delivery = headers["webhook-id"]
        else:
            signing.own(body, headers, self._keys)
            delivery = ""
        return [_event(body, delivery)]

    def confirm(self, document: str) -> SignedDocument:
        """Say that a document is completed when its PDF lies in the folder."""
        pdf = self._pdf(document)
        facts = self._facts(document)
        if not pdf.exists() or not facts.get("completed", True):
            return SignedDocument(document, "", completed=False, status="missing" if not pdf.exists() else "open")
        signers = tuple(
            Contact(s.get("name", ""), s.get("email", ""), s.get("title", ""), ("signer",), "console")
            for s in facts.get("signers", [])
        )
        return SignedDocument(
            id=document,
            name=facts.get("name", document),
            completed=True,
            status="completed",
            completed_at=datetime.fromtimestamp(pdf.stat().st_mtime, UTC),
            signers=signers,
            references={str(k): str(v) for k, v in facts.get("references", {}).items()},
            fields={str(k): str(v) for k, v in facts.get("fields", {}).items()},
        )

    def signed_pdf(self, document: str) -> bytes:
        """Read the PDF."""
        return self._pdf(document).read_bytes()

    def certificate(self, document: str) -> tuple[str, bytes]:
        """Write down what this desk knows as evidence."""
        known = {"document": document, "signed": "placed in the folder of the console e-sign", **self._facts(document)}
        return f"{document}-certificate.json", json.dumps(known, sort_keys=True, default=str).encode()

    def completed_since(self, since: datetime) -> Sequence[str]:
        """List documents whose PDF was placed since then."""
        if not self._folder.exists():
            return []
        found = [p for p in self._folder.glob("*.pdf") if p.stat().st_mtime >= since.timestamp()]
        return sorted(p.stem for p in found)

    def check(self) -> Health:
        """Count the documents that lie ready."""
        found = len(list(self._folder.glob("*.pdf"))) if self._folder.exists() else 0
        told = (
            "set AFTERSIGN_CONSOLE__WEBHOOK_KEYS to start at once; without it the sweep finds documents every 5 minutes"
        )
        return Health(f"{found} signed documents in {self._folder}", warnings=() if self._keys else (told,))

    def _facts(self, document: str) -> dict[str, Any]:
        path = self._pdf(document).with_suffix(".json")
        if not path.exists():
            return {}
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except ValueError as error:
            raise Permanent(f"{path.name} is not JSON", why=str(error), fix="correct the file and retry") from error

    def _pdf(self, document: str) -> Path:
        if not document or not document.replace("-", "").replace("_", "").isalnum():
            raise Permanent(
                f"{document!r} is not a document id", why="letters, digits, - and _ only", fix="rename the file"
            )
        return self._folder / f"{document}.pdf"


def _event(body: bytes, delivery: str) -> SignatureEvent:
    """Read `{"document", "event"}`, or `{"type", "data": {"document"}}` as Standard Webhooks has it."""
    try:
        data = json.loads(body)
        document = str(data["document"] if "document" in data else data["data"]["document"])
        kind = str(data.get("event") or data.get("type") or "completed")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Permanent("The webhook names no document", fix='send {"document": "<id>"}') from error
    event_id = delivery or str(data.get("id") or hashlib.sha256(body).hexdigest())
    verdict = Verdict.COMPLETED if kind in _DONE else Verdict.UNKNOWN
    return SignatureEvent(event_id[:200], kind, verdict, "", document[:200])
