"""Every mailer keeps the same promises: one key, one Message-ID; customer mail at most once."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from connectors.console.mail import ConsoleMailer
from connectors.smtp.mail import SmtpMailer, SmtpServer
from domain.errors import OutcomeUnknown
from domain.ports import Mail, Mailer, Reference
from store.database import Database
from store.outbox import StoredOutbox
from tasks.effect import Effector
from tests.conftest import Clock

MAIL = Mail(
    to=("dee@vela.example",),
    subject="Welcome",
    text="Hello Dée",
    html="<p>Hello Dée</p>",
    attachments=(("brief.pdf", "application/pdf", b"%PDF-1.7"),),
    unsubscribe="https://handoff.example/u/t",
)


@dataclass
class Post:
    """Hold a mailer, what arrived as (subject, text, html, attachments, unsubscribe), and whether it can be searched."""

    mailer: Mailer
    arrived: Callable[[], list[tuple[str, str, str, list[str], str]]]
    finds: bool


class Handler:
    """Keep what arrives."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def console(sqlite_template: Path, tmp_path: Path, clock: Clock) -> Iterator[Post]:
    path = tmp_path / "console.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    outbox = StoredOutbox(database, clock)

    def arrived() -> list[tuple[str, str, str, list[str], str]]:
        rows: list[Any] = [body for _, body in outbox.find("mail", "mail")]
        return [(r["subject"], r["text"], r["html"], r["attachments"], r["unsubscribe"]) for r in rows]

    yield Post(ConsoleMailer(outbox, "https://handoff.example"), arrived, finds=True)
    database.close()


@pytest.fixture
def smtp() -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Handler()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()

    def arrived() -> list[tuple[str, str, str, list[str], str]]:
        return [
            (
                mail["Subject"],
                mail.get_body(("plain",)).get_content().strip(),
                mail.get_body(("html",)).get_content().strip(),
                [part.get_filename() for part in mail.iter_attachments()],
                mail["List-Unsubscribe"].strip("<>"),
            )
            for mail in handler.mails
        ]

    server = SmtpServer("127.0.0.1", port, "", "", "none", "Aftersign <noreply@lumora.example>", 2.0)
    yield Post(SmtpMailer(server), arrived, finds=False)
    controller.stop()


@pytest.fixture(params=["console", "smtp"])
def post(request: pytest.FixtureRequest) -> Post:
    made: Post = request.getfixturevalue(request.param)
    return made


class TestEveryMailer:
    def test_carries_text_page_files_and_the_way_out(self, post: Post) -> None:
        post.mailer.send(MAIL, key="k")
        assert post.arrived() == [("Welcome", MAIL.text, MAIL.html, ["brief.pdf"], MAIL.unsubscribe)]

    def test_gives_one_key_one_reference(self, post: Post) -> None:
        first, again = post.mailer.send(MAIL, key="k"), post.mailer.send(MAIL, key="k")
        assert first.id == again.id
        assert post.mailer.send(MAIL, key="other").id != first.id

    def test_says_what_it_can_find_again(self, post: Post) -> None:
        assert post.mailer.find_mail("k") is None
        post.mailer.send(MAIL, key="k")
        assert (post.mailer.find_mail("k") is not None) == post.finds

    def test_tells_the_doctor_where_mail_goes(self, post: Post) -> None:
        assert post.mailer.check().detail  # type: ignore[attr-defined]


class TestCustomerMail:
    def test_whose_answer_was_lost_is_never_sent_again_by_itself(
        self, post: Post, database: Database, clock: Clock
    ) -> None:
        context: Any = SimpleNamespace(database=database, clock=clock)
        effector, lost = Effector(context, "h-1"), [True]

        def send(key: str) -> Reference:
            made = post.mailer.send(replace(MAIL, subject="Welcome"), key=key)
            if lost.pop() if lost else False:
                raise OutcomeUnknown("The connection broke while the mail was handed over")
            return made

        for _ in range(3):
            with pytest.raises(OutcomeUnknown) as caught:
                effector.at_most_once("welcome", "day-0", role="mail", find=post.mailer.find_mail, make=send)
        assert "aftersign effects resolve" in caught.value.fix
        assert len(post.arrived()) == 1
