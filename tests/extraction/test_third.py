"""A language model is a third reader: asked only when set up, and never believed without proof."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from domain.documents import Document, Page
from domain.errors import Transient
from domain.terms import Citation, Gap, Reading, Rival, Standing, Term, TermField
from extraction.language_model import LanguageModel
from extraction.third import NAME, Claim, with_third

TEXT = "The Initial Term is twelve (12) months.\nEither party may give notice of\nnon-renewal of sixty (60) days."
DOCUMENT = Document("a" * 64, (Page(1, TEXT),))
TERM = Term(
    TermField.INITIAL_TERM, "P12M", Citation("a" * 64, 1, 20, 38, TEXT[20:38]), "rule", standing=Standing.NEEDS_REVIEW
)
READ = Reading(terms=(TERM,), gaps=(Gap(TermField.NOTICE_PERIOD, "not found"),))


def claim(field: TermField, value: str, quote: str) -> Claim:
    return Claim(field, value, quote)


class TestAThirdReader:
    def test_confirms_a_value_that_one_reader_found(self) -> None:
        (term,) = with_third(READ, DOCUMENT, [claim(TermField.INITIAL_TERM, "P12M", "twelve (12) months")]).terms
        assert (term.standing, term.readers) == (Standing.CONFIDENT, ("rules", NAME))

    def test_cannot_settle_a_dispute_of_the_others(self) -> None:
        disputed = Reading(terms=(Term(*[getattr(TERM, n) for n in ("field", "value", "citation", "rule")],
                                       standing=Standing.NEEDS_REVIEW, rivals=(Rival("P24M", TERM.citation, "trained"),)),))  # fmt: skip
        (term,) = with_third(disputed, DOCUMENT, [claim(TermField.INITIAL_TERM, "P12M", "twelve (12) months")]).terms
        assert term.standing is Standing.NEEDS_REVIEW

    def test_sends_a_value_it_contradicts_to_review(self) -> None:
        (term,) = with_third(READ, DOCUMENT, [claim(TermField.INITIAL_TERM, "P60D", "sixty (60) days")]).terms
        assert term.standing is Standing.NEEDS_REVIEW
        assert [(one.value, one.reader) for one in term.rivals] == [("P60D", NAME)]

    def test_fills_a_gap_for_review_whatever_the_line_breaks(self) -> None:
        said = claim(TermField.NOTICE_PERIOD, "P60D", "notice of non-renewal of sixty (60) days")
        reading = with_third(READ, DOCUMENT, [said])
        term = reading.get(TermField.NOTICE_PERIOD)
        assert term is not None
        assert (term.value, term.standing, term.readers) == ("P60D", Standing.NEEDS_REVIEW, (NAME,))
        assert TEXT[term.citation.start : term.citation.end] == term.citation.quote
        assert not reading.gaps

    @pytest.mark.parametrize(
        "said",
        [
            claim(TermField.NOTICE_PERIOD, "P90D", "ninety (90) days"),
            claim(TermField.NOTICE_PERIOD, "P90D", "sixty (60) days"),
            claim(TermField.NOTICE_PERIOD, "P60D", " "),
        ],
        ids=["words that are not there", "a value that does not follow", "no words"],
    )
    def test_is_dropped_without_proof(self, said: Claim) -> None:
        reading = with_third(READ, DOCUMENT, [said])
        assert reading.terms == READ.terms
        assert reading.gaps[-1].why.startswith("1 claims of the language model were dropped")


class _Endpoint(BaseHTTPRequestHandler):
    """Speak the chat protocol well enough to answer through the tool that the caller offers."""

    asked: list[dict] = []  # noqa: RUF012
    answer: list[dict] = []  # noqa: RUF012
    status = 200

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(request)
        function = request["tools"][0]["function"]
        (key,) = function["parameters"]["properties"]
        call = {"name": function["name"], "arguments": json.dumps({key: self.answer})}
        message = {
            "role": "assistant", "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
        }  # fmt: skip
        body = {
            "id": "chat_1", "object": "chat.completion", "created": 1790000000, "model": request["model"],
            "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }  # fmt: skip
        data = json.dumps(body).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def endpoint(answer: list[dict], status: int = 200) -> Iterator[tuple[LanguageModel, list[dict]]]:
    handler = type("Handler", (_Endpoint,), {"asked": [], "answer": answer, "status": status})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield LanguageModel("openai", "local", base_url=f"http://127.0.0.1:{server.server_port}/v1"), handler.asked
    finally:
        server.shutdown()


class TestALocalEndpoint:
    def test_is_asked_and_its_claims_are_returned(self) -> None:
        answer = [{"field": "initial_term", "value": "P12M", "quote": "twelve (12) months"}]
        with endpoint(answer) as (model, asked):
            claims = model.claims(DOCUMENT)
        assert claims == [Claim(TermField.INITIAL_TERM, "P12M", "twelve (12) months")]
        (request,) = asked
        assert request["model"] == "local"
        assert request["messages"][-1]["content"] == TEXT

    def test_is_asked_about_every_part_of_a_long_contract_and_counts_once(self) -> None:
        answer = [{"field": "initial_term", "value": "P12M", "quote": "twelve (12) months"}]
        with endpoint(answer) as (model, asked):
            claims = model.claims(Document("b" * 64, (Page(1, TEXT * 600),)))
        assert len(asked) == 3
        assert len(claims) == 1

    def test_that_fails_is_transient(self) -> None:
        with endpoint([], status=400) as (model, _), pytest.raises(Transient, match="did not answer"):
            model.claims(DOCUMENT)
