"""SMTP against a real server: what is certain, what may be repeated, and what nobody can know."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from connectors.smtp.mail import SmtpMailer, SmtpServer, compose
from domain.errors import OutcomeUnknown, Permanent, Transient
from domain.ports import Mail

MAIL = Mail(
    to=("Dee Poe <dee@vela.example>", "sam@vela.example"),
    cc=("lea@lumora.example",),
    subject="Wilkommen, Straße & Söhne",
    text="Hello Dée,\n.\nfirst line after a lone dot",
    html="<p>Hello Dée</p>",
    sender="Lea Brandt <lea@lumora.example>",
    reply_to="lea@lumora.example",
    attachments=(("brief.html", "text/html", b"<p>brief</p>"), ("paper.pdf", "application/pdf", b"%PDF-1.7\r\n\n")),
)


class Handler:
    """Take mail as told: `rcpt` and `data` are the answers to those commands."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.rcpt: dict[str, str] = {}
        self.data = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data.startswith("250"):
            self.envelopes.append(envelope)
        return self.data


def mailer(port: int, **values: Any) -> SmtpMailer:
    server = {
        "host": "127.0.0.1", "port": port, "username": "", "password": "", "security": "none",
        "sender": "Aftersign <noreply@lumora.example>", "timeout": 2.0,
    }  # fmt: skip
    return SmtpMailer(SmtpServer(**{**server, **values}))


@pytest.fixture
def server() -> Iterator[tuple[Handler, int]]:
    handler = Handler()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield handler, controller.port
    controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def scripted() -> Iterator[Callable[..., tuple[int, list[bytes]]]]:
    """Serve one connection by a script of command -> answer; `None` cuts the line instead."""
    sockets: list[socket.socket] = []

    def serve(**answers: str | None) -> tuple[int, list[bytes]]:
        listener = socket.create_server(("127.0.0.1", 0))
        sockets.append(listener)
        heard: list[bytes] = []
        threading.Thread(target=_serve, args=(listener, answers, heard), daemon=True).start()
        return listener.getsockname()[1], heard

    yield serve
    for listener in sockets:
        listener.close()


def _serve(listener: socket.socket, answers: dict[str, str | None], heard: list[bytes]) -> None:
    with listener.accept()[0] as line, line.makefile("rwb") as file:

        def say(what: str, default: str) -> bool:
            answer = answers.get(what, default)
            if answer is None:
                return False
            file.write(answer.encode() + b"\r\n")
            file.flush()
            return True

        if not say("banner", "220 ready"):
            return
        while command := file.readline():
            word = command.split()[0].decode().lower()
            if not say(word, {"data": "354 go", "quit": "221 bye"}.get(word, "250 OK")):
                return
            if word == "data" and (answers.get("data") or "354").startswith("354"):
                while (part := file.readline()) not in {b".\r\n", b""}:
                    heard.append(part)
                if not say("message", "250 taken"):
                    return


class TestAMail:
    def test_arrives_in_text_and_html_with_its_attachments(self, server: tuple[Handler, int]) -> None:
        mailer(server[1]).send(MAIL, key="vela-1:welcome:day-0")
        envelope = server[0].envelopes[0]
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        assert envelope.mail_from == "lea@lumora.example"
        assert envelope.rcpt_tos == ["dee@vela.example", "sam@vela.example", "lea@lumora.example"]
        assert message["Subject"] == MAIL.subject
        assert message["Reply-To"] == "lea@lumora.example"
        assert message["Auto-Submitted"] == "auto-generated"
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None
        assert html is not None
        assert text.get_content().splitlines() == MAIL.text.splitlines()
        assert html.get_content().strip() == MAIL.html
        found = [(part.get_filename(), part.get_content_type()) for part in message.iter_attachments()]
        assert found == [("brief.html", "text/html"), ("paper.pdf", "application/pdf")]
        assert list(message.iter_attachments())[1].get_content() == b"%PDF-1.7\r\n\n"

    def test_has_a_message_id_that_follows_from_its_key(self, server: tuple[Handler, int]) -> None:
        first, again, other = (mailer(server[1]).send(MAIL, key=key).id for key in ("a", "a", "b"))
        assert first == again != other
        assert first.endswith("@lumora.example>")
        assert f"Message-ID: {first}".encode() in server[0].envelopes[0].original_content

    def test_ends_every_line_as_smtp_wants_it(self, scripted: Callable[..., tuple[int, list[bytes]]]) -> None:
        port, heard = scripted()
        mailer(port).send(MAIL, key="k")
        assert heard
        assert all(line.endswith(b"\r\n") for line in heard)
        assert b"".join(heard).isascii()

    @pytest.mark.parametrize(
        "name", ["Okafor, Amara", "Brandt, Lea, PhD", "J. R. Roe (CFO)", 'The "Boss"', "Tomáš Novák", "a@b.example"]
    )
    def test_goes_to_one_person_whatever_their_name(self, server: tuple[Handler, int], name: str) -> None:
        one = Mail(
            to=(f"{name} <dee@vela.example>",), subject="x", text="x", html="x", sender=f"{name} <lea@lumora.example>"
        )
        mailer(server[1]).send(one, key="k")
        envelope = server[0].envelopes[0]
        assert (envelope.mail_from, envelope.rcpt_tos) == ("lea@lumora.example", ["dee@vela.example"])

    @pytest.mark.parametrize("ending", ["\r\nBcc: evil@evil.example", "\nX: y", "\rX: y"])
    @pytest.mark.parametrize("place", ["to", "subject", "sender", "reply_to"])
    def test_with_a_line_break_in_a_header_is_not_sent(self, place: str, ending: str) -> None:
        values: dict[str, Any] = {"to": ("dee@vela.example",), "subject": "x", "text": "x", "html": "x"}
        bad = f"Dee{ending} <dee@vela.example>" if place != "subject" else f"Hello{ending}"
        values[place] = (bad,) if place == "to" else bad
        with pytest.raises(Permanent):
            compose(Mail(**values), "k", "noreply@lumora.example")

    def test_cannot_smuggle_a_header_in_a_file_name(self) -> None:
        mail = Mail(
            to=("dee@vela.example",),
            subject="x",
            text="x",
            html="x",
            attachments=(("a\r\nBcc: evil@evil.example", "text/plain", b"x"),),
        )
        try:
            written = compose(mail, "k", "noreply@lumora.example").as_bytes()
        except Permanent:
            return
        assert b"\nBcc:" not in written

    @pytest.mark.parametrize(
        "address", ["", "nobody", "jörg@vela.example", "dee@münchen.example", "a b@vela.example", "<>", "dee@"]
    )
    def test_to_no_usable_address_is_a_persons_job(self, address: str) -> None:
        with pytest.raises(Permanent, match="is not a mail address"):
            compose(Mail(to=(address,), subject="x", text="x", html="x"), "k", "noreply@lumora.example")


class TestAnAnswer:
    def test_that_refuses_a_recipient_for_good_is_a_persons_job(self, server: tuple[Handler, int]) -> None:
        server[0].rcpt = {"sam@vela.example": "550 no such user"}
        with pytest.raises(Permanent, match=r"refused sam@vela\.example.*550 no such user"):
            mailer(server[1]).send(MAIL, key="k")
        assert server[0].envelopes == []

    def test_that_refuses_a_recipient_for_now_is_worth_waiting_for(self, server: tuple[Handler, int]) -> None:
        server[0].rcpt = {"sam@vela.example": "450 greylisted"}
        with pytest.raises(Transient, match="greylisted"):
            mailer(server[1]).send(MAIL, key="k")

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            ("451 try later", Transient),
            ("421 shutting down", Transient),
            ("554 spam", Permanent),
            ("552 full", Permanent),
        ],
    )
    def test_to_the_message_decides_who_must_act(
        self, server: tuple[Handler, int], answer: str, error: type[Exception]
    ) -> None:
        server[0].data = answer
        with pytest.raises(error, match=answer[:3]) as caught:
            mailer(server[1]).send(MAIL, key="k")
        assert not isinstance(caught.value, OutcomeUnknown)

    def test_that_never_comes_after_the_message_leaves_the_outcome_unknown(
        self, scripted: Callable[..., tuple[int, list[bytes]]]
    ) -> None:
        port, heard = scripted(message=None)
        with pytest.raises(OutcomeUnknown, match="Message-ID"):
            mailer(port).send(MAIL, key="k")
        assert heard

    @pytest.mark.parametrize("stage", ["banner", "ehlo", "mail", "rcpt"])
    def test_that_never_comes_before_the_message_is_certain(
        self, scripted: Callable[..., tuple[int, list[bytes]]], stage: str
    ) -> None:
        port, heard = scripted(**{stage: None, "helo": None})
        with pytest.raises(Transient):
            mailer(port).send(MAIL, key="k")
        assert heard == []

    def test_that_refuses_the_command_before_the_message_is_certain(
        self, scripted: Callable[..., tuple[int, list[bytes]]]
    ) -> None:
        port, _ = scripted(data="451 not now")
        with pytest.raises(Transient) as caught:
            mailer(port).send(MAIL, key="k")
        assert not isinstance(caught.value, OutcomeUnknown)

    @pytest.mark.parametrize("goodbye", ["421 closing", "500 what?", None])
    def test_to_the_goodbye_changes_nothing(
        self, scripted: Callable[..., tuple[int, list[bytes]]], goodbye: str | None
    ) -> None:
        port, _ = scripted(quit=goodbye)
        assert mailer(port).send(MAIL, key="k").id

    def test_from_nobody_is_worth_waiting_for(self) -> None:
        with pytest.raises(Transient, match="cannot be used"):
            mailer(_free_port()).send(MAIL, key="k")

    def test_without_the_encryption_we_ask_for_is_a_persons_job(self, server: tuple[Handler, int]) -> None:
        with pytest.raises(Permanent, match="AFTERSIGN_SMTP__SECURITY"):
            mailer(server[1], security="starttls").send(MAIL, key="k")
        assert server[0].envelopes == []

    def test_nobody_can_ask_later_what_was_sent(self, server: tuple[Handler, int]) -> None:
        mailer(server[1]).send(MAIL, key="k")
        assert mailer(server[1]).find_mail("k") is None


class TestADigest:
    def test_can_be_left_with_one_click(self) -> None:
        message = compose(replace(MAIL, unsubscribe="https://handoff.example/unsubscribe/t"), "k", "a@lumora.example")
        assert message["List-Unsubscribe"] == "<https://handoff.example/unsubscribe/t>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_is_the_only_mail_that_says_so(self) -> None:
        assert "List-Unsubscribe" not in compose(MAIL, "k", "a@lumora.example")


class TestTheDoctor:
    def test_hears_that_the_server_answers_and_that_nothing_is_encrypted(self, server: tuple[Handler, int]) -> None:
        handler, port = server
        health = mailer(port).check()
        assert f"127.0.0.1:{port} answers 250" in health.detail
        assert "unencrypted" in health.warnings[0]
        assert handler.envelopes == []

    def test_hears_that_nobody_is_there(self) -> None:
        with pytest.raises(Transient, match="cannot be used"):
            mailer(_free_port()).check()
