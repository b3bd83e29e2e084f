"""The pages, asked for by a browser without JavaScript."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from itsdangerous import TimestampSigner
from sqlalchemy import select

from domain.tokens import Purpose
from store import briefs, first_touches, inbox, sequences
from store import tables as t
from tests.web.seed import DEAD, DONE, FRESH, LEA, NOW, PDF, URL
from web.context import WebContext
from web.pages.handoffs import attachment

Token = Callable[[Purpose, str], str]
PAGES = (
    "/handoffs",
    "/handoffs?state=complete",
    "/handoffs?state=needs_person",
    f"/handoffs/{DONE}",
    f"/handoffs/{DEAD}",
    f"/handoffs/{FRESH}",
    f"/handoffs/{DONE}/brief",
    f"/handoffs/{DONE}/brief?version=1",
    "/outbox",
    "/outbox?role=mail",
    *(f"/outbox/{number}" for number in range(1, 6)),
    "/outbox/crm/D-1000",
    "/webhooks",
)
_VOID = {"meta", "link", "img", "input", "br", "hr"}

DANA = "dana.whitfield@lumora.example"  # whom one looks as on one's own machine


class Outline(HTMLParser):
    """Collect what a browser would load and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.assets: list[str] = []
        self.links: list[str] = []
        self.names: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.assets += [given[name] or "" for name in ("src", "srcset") if name in given]
        self.assets += [given["href"] or ""] if tag == "link" else []
        self.links += [given["href"] or ""] if tag == "a" and "href" in given else []
        self.names += [given["name"] or ""] if tag in {"input", "textarea", "select"} else []
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in given) else []
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    assert parser.open == []
    return parser


def linked_pages(token: Token) -> list[str]:
    return [token(purpose, DONE) for purpose in Purpose]


class TestEveryPage:
    def test_answers_and_is_well_formed(self, browser: TestClient, token: Token) -> None:
        for path in (*PAGES, *linked_pages(token)):
            answer = browser.get(path)
            assert answer.status_code == 200, path
            outline(answer.text)

    def test_loads_nothing_from_elsewhere_and_has_no_inline_code(self, browser: TestClient, token: Token) -> None:
        for path in (*PAGES, *linked_pages(token)):
            page = outline(browser.get(path).text)
            assert all(asset.startswith("/") and not asset.startswith("//") for asset in page.assets), path
            assert page.inline == [], path
            for link in page.links:
                assert link.startswith(("/", "#", URL + "/", "http://127.0.0.1:4200")), (path, link)

    def test_stylesheets_load_nothing_from_elsewhere(self) -> None:
        for sheet in (Path(__file__).parents[2] / "web" / "static").rglob("*.css"):
            text = sheet.read_text(encoding="utf-8")
            assert not re.search(r"@import|url\((?!\s*[\"']?(?:data:|#|vendor/))", text), sheet
            assert "sourceMappingURL" not in text

    def test_its_links_to_our_own_pages_lead_somewhere(self, browser: TestClient) -> None:
        found = {link for path in PAGES for link in outline(browser.get(path).text).links}
        own = {
            link.removeprefix(URL).partition("#")[0] for link in found if not link.startswith("http://127.0.0.1:4200")
        }
        for link in own - {""}:
            if not link.startswith("/t/"):
                assert browser.get(link).status_code == 200, link

    def test_that_does_not_exist_says_so(self, browser: TestClient) -> None:
        for path in (
            "/nothing",
            "/handoffs/nobody",
            "/outbox/999",
            "/outbox/crm/none",
            f"/handoffs/{DONE}/brief?version=9",
        ):
            answer = browser.get(path)
            assert answer.status_code == 404
            assert "How to fix it" in answer.text


class TestHandoffPages:
    def test_home_is_what_waits_for_whoever_looks(self, browser: TestClient) -> None:
        answer = browser.get("/")
        assert answer.url.path == "/"
        assert "My work" in answer.text

    def test_the_overview_shows_each_signature_with_words_not_only_colours(self, browser: TestClient) -> None:
        text = browser.get("/handoffs").text
        assert "Harbourline Logistics Ltd" in text
        assert "needs a person" in text
        assert "http://127.0.0.1:4200/runs/flow-run/3b2f6a0e-1111-4222-8333-444455556666" in text
        assert "Everybody on this machine can see this" in text

    def test_the_filter_keeps_what_it_names(self, browser: TestClient) -> None:
        text = browser.get("/handoffs?state=needs_person").text
        assert "Meridian Freight" in text
        assert "Harbourline" not in text

    def test_one_handoff_shows_error_quote_owner_and_audit(self, browser: TestClient) -> None:
        text = browser.get(f"/handoffs/{DEAD}").text
        for shown in (
            "There is no onboarding template",
            "create that file or name one of",
            "at least ninety (90) days",
            "rule &#39;EMEA enterprise&#39;",
            "The term ends on 30 November 2028.",
            "EUR 140,000.00",
        ):
            assert shown in text
        assert "handoff.complete" in browser.get(f"/handoffs/{DONE}").text

    def test_the_brief_can_be_read_in_every_version(self, browser: TestClient) -> None:
        assert "SAP TM, Salesforce" in browser.get(f"/handoffs/{DONE}/brief").text
        assert "version 1" in browser.get(f"/handoffs/{DONE}/brief?version=1").text

    def test_papers_come_as_downloads_and_leave_a_trace(self, browser: TestClient, context: WebContext) -> None:
        answer = browser.get(f"/handoffs/{DONE}/document")
        assert answer.content == PDF
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("attachment; ")
        kind = browser.get(f"/handoffs/{DONE}/certificate").headers["content-type"]
        assert kind == "application/octet-stream"
        browser.get(f"/handoffs/{DONE}/brief")
        with context.database.read() as connection:
            actions = list(connection.scalars(select(t.audit.c.action).where(t.audit.c.actor == DANA)))
        assert actions == ["document.downloaded", "document.downloaded", "brief.viewed"]

    def test_a_file_name_cannot_break_out_of_its_header(self) -> None:
        value = attachment('a"b\r\nSet-Cookie: x;/../Ø.pdf')
        assert "\r" not in value
        assert "\n" not in value
        assert value.isascii()
        assert value.split("filename*=")[0].count('"') == 2


class TestHandoffButtons:
    def test_retry_asks_for_one_run_however_often_it_is_pressed(self, browser: TestClient, context: WebContext) -> None:
        for _ in range(2):
            assert "repeats nothing" in browser.post(f"/handoffs/{DEAD}/retry").text
        asked = context.starter.started  # type: ignore[attr-defined]
        assert {row[0] for row in asked} == {"hand-off/aftersign"}
        assert {row[1]["handoff_id"] for row in asked} == {DEAD}
        assert len({row[2] for row in asked}) == 1

    def test_retry_says_when_prefect_is_away(self, browser: TestClient, context: WebContext) -> None:
        context.starter.away = True  # type: ignore[attr-defined]
        answer = browser.post(f"/handoffs/{DEAD}/retry")
        assert answer.status_code == 503
        assert "Prefect does not answer" in answer.text

    def test_contacted_is_recorded_once(self, browser: TestClient, context: WebContext) -> None:
        assert "is recorded" in browser.post(f"/handoffs/{DONE}/first-touch/contacted").text
        assert "Nothing changed" in browser.post(f"/handoffs/{DONE}/first-touch/contacted").text
        with context.database.read() as connection:
            row = first_touches.get(connection, DONE)
        assert row is not None
        assert (row["state"], row["contacted_by"], row["contacted_at"]) == ("contacted", DANA, NOW)

    def test_snooze_holds_until_tomorrow_morning_of_the_csm(self, browser: TestClient, context: WebContext) -> None:
        browser.post(f"/handoffs/{DONE}/first-touch/snooze")
        with context.database.read() as connection:
            row = first_touches.get(connection, DONE)
        assert row is not None
        assert row["snoozed_until"].isoformat() == "2026-11-24T08:00:00+00:00"  # 09:00 in Berlin

    def test_reassign_takes_only_customer_success_managers(self, browser: TestClient, context: WebContext) -> None:
        address = f"/handoffs/{DONE}/first-touch/reassign"
        for wrong in ({}, {"csm": "stranger@evil.example"}, {"csm": "owen.hughes@lumora.example"}):
            assert browser.post(address, data=wrong).status_code == 422
        browser.post(address, data={"csm": "tomas.novak@lumora.example"})
        with context.database.read() as connection:
            row = first_touches.get(connection, DONE)
        assert row is not None
        assert row["csm_email"] == "tomas.novak@lumora.example"
        deployment, parameters, _ = context.starter.started[-1]  # type: ignore[attr-defined]
        assert (deployment, parameters) == ("update-brief/aftersign", {"handoff_id": DONE})

    def test_reassign_says_when_nobody_could_be_told(self, browser: TestClient, context: WebContext) -> None:
        context.starter.away = True  # type: ignore[attr-defined]
        answer = browser.post(f"/handoffs/{DONE}/first-touch/reassign", data={"csm": "tomas.novak@lumora.example"})
        assert "please tell them yourself" in answer.text

    def test_an_unknown_button_is_refused(self, browser: TestClient) -> None:
        assert browser.post(f"/handoffs/{DONE}/first-touch/delete").status_code == 422

    def test_the_welcome_sequence_can_be_stopped(self, browser: TestClient, context: WebContext) -> None:
        assert "No further mail leaves" in browser.post(f"/handoffs/{DONE}/welcome/stop").text
        with context.database.read() as connection:
            row = sequences.get(connection, DONE)
        assert row is not None
        assert row["state"] == "stopped"


class TestOutboxPages:
    def test_a_chat_message_has_buttons_that_work_and_no_others(self, browser: TestClient) -> None:
        text = browser.get("/outbox/1").text
        assert f'action="/handoffs/{DONE}/first-touch/contacted"' in text
        assert f'href="{URL}/t/brief/token"' in text
        assert 'href="javascript:' not in text
        assert "<strong>cut booking time by half</strong>" in text

    def test_a_mail_is_shown_as_text_and_its_html_only_in_a_sandbox(self, browser: TestClient) -> None:
        text = browser.get("/outbox/2").text
        assert "<script>alert" not in text
        assert re.search(r"<iframe[^>]* sandbox[ >]", text)
        assert f'href="{URL}/t/intake/token"' in text
        policy = browser.get("/outbox/2/html").headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'")
        assert "allow-scripts" not in policy

    def test_only_a_mail_has_an_html_part(self, browser: TestClient) -> None:
        assert browser.get("/outbox/1/html").status_code == 404

    def test_a_deal_shows_its_tasks(self, browser: TestClient) -> None:
        assert "First contact: Harbourline" in browser.get("/outbox/crm/D-1000").text


class TestWebhookPage:
    def test_shows_what_came_and_how_much_was_forged(self, browser: TestClient) -> None:
        text = browser.get("/webhooks").text
        assert "template_exploded" in text
        assert "17" in text

    def test_replay_opens_the_event_and_asks_for_a_run(self, browser: TestClient, context: WebContext) -> None:
        assert "A run was asked for" in browser.post("/webhooks/stray/replay").text
        assert context.starter.started == [  # type: ignore[attr-defined]
            ("contract-signed/aftersign", {"event_id": "stray"}, "stray:1")
        ]

    def test_replay_keeps_the_event_open_while_prefect_is_away(self, browser: TestClient, context: WebContext) -> None:
        context.starter.away = True  # type: ignore[attr-defined]
        assert "as soon as it does" in browser.post("/webhooks/stray/replay").text
        with context.database.read() as connection:
            row = inbox.get(connection, "stray")
        assert row is not None
        assert row["state"] == "received"

    def test_an_event_of_unknown_kind_cannot_be_replayed(self, browser: TestClient) -> None:
        assert browser.post("/webhooks/odd/replay").status_code == 404
        assert browser.post("/webhooks/nobody/replay").status_code == 404


class TestLinks:
    def test_open_one_purpose_only(self, browser: TestClient, token: Token) -> None:
        good = token(Purpose.BRIEF, DONE)
        for forged in (
            good.replace("/brief/", "/intake/"),
            good[:-2],
            "/t/brief/nonsense",
            "/t/rep/nonsense",
        ):
            answer = browser.get(forged)
            assert answer.status_code == 403
            assert "Harbourline" not in answer.text

    def test_expire(self, browser: TestClient, token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("store.links.MAX_AGE_DAYS", -1)
        answer = browser.get(token(Purpose.BRIEF, DONE))
        assert answer.status_code == 403
        assert "expired" in answer.text

    def test_lead_nowhere_else(self, browser: TestClient, token: Token) -> None:
        for path in linked_pages(token):
            page = outline(browser.get(path).text)
            assert all(link in {path, path.replace("/brief/", "/pdf/")} for link in page.links), path

    def test_to_a_brief_gives_it_as_a_pdf_too(self, browser: TestClient, token: Token) -> None:
        elsewhere = {"host": "elsewhere.example", "x-forwarded-for": "1"}
        answer = browser.get(token(Purpose.BRIEF, DONE).replace("/brief/", "/pdf/"), headers=elsewhere)
        assert answer.content.startswith(b"%PDF")
        assert browser.get(token(Purpose.INTAKE, DONE).replace("/intake/", "/pdf/")).status_code == 403

    def test_are_made_on_the_handoffs_page_and_withdrawn_together(
        self, browser: TestClient, context: WebContext, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = browser.post(f"/handoffs/{DONE}/links/brief").text
        (address,) = re.findall(rf'value="{URL}(/t/brief/[^"]+)"', shown)
        assert browser.get(address).status_code == 200
        other = browser.post(f"/handoffs/{DEAD}/links/brief").text
        assert "No link that was made until now" in browser.post(f"/handoffs/{DONE}/links/withdraw").text
        assert browser.get(address).status_code == 403
        assert "withdrawn" in browser.get(address).text
        (theirs,) = re.findall(rf'value="{URL}(/t/brief/[^"]+)"', other)
        assert browser.get(theirs).status_code == 200
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) + 5)
        (again,) = re.findall(rf'value="{URL}(/t/brief/[^"]+)"', browser.post(f"/handoffs/{DONE}/links/brief").text)
        assert browser.get(again).status_code == 200
        with context.database.read() as connection:
            actions = set(connection.scalars(select(t.audit.c.action).where(t.audit.c.actor == DANA)))
        assert {"link.made", "links.withdrawn"} <= actions

    def test_exist_for_three_purposes_only(self, browser: TestClient) -> None:
        for purpose in ("touch", "everything"):
            assert browser.post(f"/handoffs/{DONE}/links/{purpose}").status_code == 404
        assert browser.post(f"/handoffs/{FRESH}/links/brief").status_code == 404

    def test_work_beyond_this_machine(self, browser: TestClient, token: Token) -> None:
        answer = browser.get(token(Purpose.BRIEF, DONE), headers={"host": "elsewhere.example", "x-forwarded-for": "1"})
        assert answer.status_code == 200
        assert "Everybody on this machine" not in answer.text

    def test_leave_a_trace(self, browser: TestClient, context: WebContext, token: Token) -> None:
        browser.get(token(Purpose.BRIEF, DONE))
        with context.database.read() as connection:
            row = connection.execute(select(t.audit).where(t.audit.c.action == "brief.viewed")).one()
        assert (row.actor, row.subject) == ("link", DONE)


class TestRepForm:
    def test_asks_for_the_missing_lines_and_nothing_else(self, browser: TestClient, token: Token) -> None:
        page = outline(browser.get(token(Purpose.REP_FORM, DONE)).text)
        assert page.names == ["success_metric", "economic_buyer"]

    def test_keeps_answers_and_asks_for_a_new_brief(
        self, browser: TestClient, context: WebContext, token: Token
    ) -> None:
        link = token(Purpose.REP_FORM, DONE)
        text = browser.post(link, data={"success_metric": "Minutes a booking", "economic_buyer": ""}).text
        assert "1 answer" in text
        with context.database.read() as connection:
            rows = [(row["key"], row["source"], row["value"]) for row in briefs.given(connection, DONE)]
        assert rows == [("success_metric", "rep", "Minutes a booking")]
        deployment, parameters, key = context.starter.started[0]  # type: ignore[attr-defined]
        assert (deployment, parameters) == ("update-brief/aftersign", {"handoff_id": DONE})
        assert re.fullmatch(rf"{DONE}:answers:[0-9a-f]{{64}}", key)
        assert "Minutes a booking" in browser.get(link).text

    def test_keeps_answers_when_prefect_is_away(self, browser: TestClient, context: WebContext, token: Token) -> None:
        context.starter.away = True  # type: ignore[attr-defined]
        answer = browser.post(token(Purpose.REP_FORM, DONE), data={"economic_buyer": "Grace Hale"})
        assert answer.status_code == 200
        assert "by itself" in answer.text
        with context.database.read() as connection:
            assert len(briefs.given(connection, DONE)) == 1

    def test_says_when_nothing_was_filled_in(self, browser: TestClient, context: WebContext, token: Token) -> None:
        assert "Nothing was filled in" in browser.post(token(Purpose.REP_FORM, DONE), data={"economic_buyer": " "}).text
        assert context.starter.started == []  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("body", "why"),
        [
            ({"total_value": "1"}, "did not ask for"),
            ({"economic_buyer": "x" * 4001}, "4,000"),
            ({"economic_buyer": ["one", "two"]}, "twice"),
            ({"economic_buyer": "ä" * 30000}, "64 KiB"),
        ],
    )
    def test_refuses_what_it_did_not_ask_for(
        self, browser: TestClient, context: WebContext, token: Token, body: dict[str, str], why: str
    ) -> None:
        answer = browser.post(token(Purpose.REP_FORM, DONE), data=body)
        assert answer.status_code == 422
        assert why in answer.text
        with context.database.read() as connection:
            assert briefs.given(connection, DONE) == []

    def test_waits_for_the_brief(self, browser: TestClient, token: Token) -> None:
        assert browser.get(token(Purpose.REP_FORM, FRESH)).status_code == 404


class TestIntakeForm:
    def test_shows_what_sales_understood_and_never_prices_or_notes(self, browser: TestClient, token: Token) -> None:
        text = browser.get(token(Purpose.INTAKE, DONE)).text
        for known in ("Cut booking time by half", "Ada Finch", "SAP TM, Salesforce"):
            assert known in text
        for secret in (
            "144,000",
            "50.00",
            "140,000",
            "CFO dislikes",
            "Economic buyer",
            "budget",
            "CRM",
            "D-1000",
            "lumora",
        ):
            assert secret not in text
        names = outline(text).names
        assert names == ["primary_goal", "success_metric", "day_to_day", "technical", "integrations"]

    def test_keeps_answers_and_ends_the_reminders(self, browser: TestClient, context: WebContext, token: Token) -> None:
        link = token(Purpose.INTAKE, DONE)
        assert "Thank you" in browser.post(link, data={"primary_goal": "Halve it", "technical": "<b>Max</b>"}).text
        with context.database.read() as connection:
            rows = {row["key"]: row["source"] for row in briefs.given(connection, DONE)}
            sequence = sequences.get(connection, DONE)
        assert rows == {"primary_goal": "customer", "technical": "customer"}
        assert sequence is not None
        assert sequence["intake_done_at"] == NOW
        assert len(context.starter.started) == 1  # type: ignore[attr-defined]
        assert "&lt;b&gt;Max&lt;/b&gt;" in browser.get(link).text

    def test_thanks_even_when_prefect_is_away(self, browser: TestClient, context: WebContext, token: Token) -> None:
        context.starter.away = True  # type: ignore[attr-defined]
        assert "Thank you" in browser.post(token(Purpose.INTAKE, DONE), data={"primary_goal": "Halve it"}).text

    @pytest.mark.parametrize("key", ["total_value", "promise", "economic_buyer", "risks"])
    def test_refuses_lines_that_are_not_the_customers(self, browser: TestClient, token: Token, key: str) -> None:
        assert browser.post(token(Purpose.INTAKE, DONE), data={key: "x"}).status_code == 422


class TestTouchPage:
    def test_records_who_pressed(self, browser: TestClient, context: WebContext, token: Token) -> None:
        text = browser.post(token(Purpose.FIRST_TOUCH, DONE), data={"action": "contacted"}).text
        assert "is recorded" in text
        with context.database.read() as connection:
            row = first_touches.get(connection, DONE)
        assert row is not None
        assert row["contacted_by"] == f"{LEA} (via link)"

    def test_reassigns_and_snoozes(self, browser: TestClient, token: Token) -> None:
        link = token(Purpose.FIRST_TOUCH, DONE)
        assert "until tomorrow" in browser.post(link, data={"action": "snooze"}).text
        moved = browser.post(link, data={"action": "reassign", "csm": "tomas.novak@lumora.example"}).text
        assert "new colleague" in moved

    def test_refuses_other_actions_and_other_sites(self, browser: TestClient, token: Token) -> None:
        link = token(Purpose.FIRST_TOUCH, DONE)
        assert browser.post(link, data={"action": "explode"}).status_code == 422
        foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        assert browser.post(link, data={"action": "contacted"}, headers=foreign).status_code == 403
