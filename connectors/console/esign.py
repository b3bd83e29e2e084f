"""A local e-signature desk: documents dropped into a folder count as signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.deals import Contact
from domain.errors import Forged, Permanent
from domain.signatures import SignatureEvent, SignedDocument, Verdict

HEADER = "x-aftersign-signature"


class ConsoleEsign:
    """Serve `<id>.pdf` and its optional `<id>.json` from one folder as signed documents.

    The JSON may hold `name`, `completed`, `signers` and `references`.
    """

    def __init__(self, folder: Path, keys: Sequence[str]) -> None:
        self._folder = folder
        self._keys = [key for key in keys if key]

    def events(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Sequence[SignatureEvent]:
        """Verify `X-Aftersign-Signature` (hex HMAC-SHA256 of the body) and read one event."""
        del query
        given = headers.get(HEADER, "").encode("utf-8", "surrogatepass")
        good = [hmac.new(key.encode(), body, hashlib.sha256).hexdigest().encode() for key in self._keys]
        if not any(hmac.compare_digest(given, one) for one in good):
            raise Forged("The webhook is not signed with our key", fix="set AFTERSIGN_CONSOLE__WEBHOOK_KEYS")
        try:
            data = json.loads(body)
            document, kind = str(data["document"]), str(data.get("event", "completed"))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Permanent("The webhook names no document", fix='send {"document": "<id>"}') from error
        event_id = str(data.get("id") or hashlib.sha256(body).hexdigest())
        verdict = Verdict.COMPLETED if kind == "completed" else Verdict.UNKNOWN
        return [SignatureEvent(event_id[:200], kind, verdict, "", document[:200])]

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
