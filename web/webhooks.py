"""Webhooks in: verify the raw bytes, write once, answer, and only then wake the dispatcher."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from domain.errors import Forged, Permanent, Transient
from domain.signatures import SignatureEvent, Verdict
from store.inbox import Delivery
from web.context import WebContext

log = logging.getLogger("aftersign.webhooks")
router = APIRouter(tags=["webhooks"])

# Headers worth keeping as evidence; never cookies or credentials.
_KEPT = (
    "content-type", "user-agent", "x-pandadoc-webhook-event-id", "webhook-id", "webhook-timestamp",
    "webhook-signature", "x-docusign-signature-1", "x-hubspot-signature-v3", "x-hubspot-request-timestamp",
    "stripe-signature",
)  # fmt: skip


@router.post("/webhooks/{source}", summary="Receive a vendor's webhook", response_model=None)
async def receive(source: str, request: Request) -> JSONResponse | PlainTextResponse:
    """Answer 2xx only once every event of the delivery is on disk.

    200 `accepted`, `duplicate`, `ignored` or `unknown`; 401 for a signature that proves
    nothing; 400 for a verified body that is not the vendor's shape; 404 for a vendor that is not
    active; 503 while we cannot write.
    """
    context: WebContext = request.app.state.context
    try:
        hook = context.registry.hook(source)
        body = await request.body()
        events = _storable(hook.events(body, request.headers, request.query_params))
        answer = await _keep(context, source, events, body, request)
        said = context.registry.acknowledgements.get(source)
        return PlainTextResponse(said) if said else answer
    except Forged:
        context.writer.count(source, "signature", "forged", at=context.clock())
        return JSONResponse({"status": "refused"}, 401)
    except Transient as error:
        wait = str(int(error.retry_after or 5))
        return JSONResponse({"status": "busy", "why": error.what}, 503, {"Retry-After": wait})
    except Permanent as error:
        status = 404 if source not in context.registry.hooks else 400
        if status == 400:
            context.writer.count(source, "body", "malformed", at=context.clock())
        return JSONResponse({"status": "refused", "what": error.what, "why": error.why, "fix": error.fix}, status)
    except Exception:
        log.exception("a delivery from %s could not be written", source)
        return JSONResponse({"status": "busy", "why": "the database does not answer"}, 503, {"Retry-After": "5"})


def _storable(events: Sequence[SignatureEvent]) -> Sequence[SignatureEvent]:
    """Refuse names no database can hold, so that one such event never keeps others from being stored."""
    for event in events:
        if not (event.event_id + event.kind + event.account + event.document).isprintable():
            raise Permanent(
                "The webhook's names hold control characters", fix="look at the delivery in the vendor's webhook log"
            )
    return events


async def _keep(
    context: WebContext, source: str, events: Sequence[SignatureEvent], body: bytes, request: Request
) -> JSONResponse:
    now = context.clock()
    headers = {name: request.headers[name] for name in _KEPT if name in request.headers}
    receipts = []
    for event in events:
        if event.verdict is Verdict.UNKNOWN:
            log.warning("unknown event %r from %s is kept and waits for a person", event.kind, source)
        receipts.append(await context.writer.add(Delivery(source, event, body, headers, now)))
    if any(receipt.status == "accepted" for receipt in receipts):
        request.app.state.wake.set()
    results = [{"status": receipt.status, "id": receipt.inbox_id} for receipt in receipts]
    status = results[0]["status"] if len(results) == 1 else "mixed" if results else "empty"
    return JSONResponse({"status": status, "events": results})
