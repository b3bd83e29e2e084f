"""SMTP in the mail role."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from domain.errors import OutcomeUnknown, Permanent, Transient
from domain.ports import Health, Mail, Reference


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Hold where and as whom to send."""

    host: str
    port: int
    username: str
    password: str
    security: str
    sender: str
    timeout: float


class SmtpMailer:
    """Send mail over SMTP.

    The protocol has no idempotency key: when the connection breaks after the message was handed
    over, nobody can say whether it was accepted. That is raised as `OutcomeUnknown`; every
    earlier failure is certain and may be repeated.
    """

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    def find_mail(self, key: str) -> Reference | None:
        """Return `None`: SMTP cannot tell what was sent before."""
        del key
        return None

    def send(self, mail: Mail, *, key: str) -> Reference:
        """Send with a Message-ID derived from the key."""
        message = compose(mail, key, self._server.sender)
        with self._told(), self._connected() as connection:
            _hand_over(connection, message)
        return Reference(str(message["Message-ID"]))

    def check(self) -> Health:
        """Connect, log in and hang up, without sending anything."""
        with self._told(), self._connected() as connection:
            code, answer = connection.noop()
        server = self._server
        login = f"as {server.username}" if server.username else "without a login"
        plain = server.security == "none"
        return Health(
            f"{server.host}:{server.port} answers {code} {answer.decode(errors='replace')} {login}",
            warnings=("mail travels unencrypted: set AFTERSIGN_SMTP__SECURITY=starttls",) if plain else (),
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say who must act on what the server or the network said."""
        try:
            yield
        except smtplib.SMTPResponseException as error:
            raise _refused(error) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused_recipients(error) from error
        except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as error:
            raise Permanent(
                f"The mail server {self._server.host} does not offer what is configured",
                why=str(error),
                fix="check AFTERSIGN_SMTP__SECURITY and the server's certificate",
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Transient(f"The mail server {self._server.host} cannot be used", why=str(error)) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._server
        context = ssl.create_default_context()
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.username:
                connection.login(server.username, server.password)
            yield connection
        finally:
            # What the server makes of the goodbye changes nothing about a mail it has accepted.
            with suppress(OSError):
                connection.quit()
            connection.close()


def compose(mail: Mail, key: str, sender: str) -> EmailMessage:
    """Build the multipart message; an address or header that cannot be written raises `Permanent`."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    ours = _address(sender)
    headers: dict[str, object] = {
        "From": _address(mail.sender) if mail.sender else ours,
        "To": [_address(to) for to in mail.to],
        "Cc": [_address(to) for to in mail.cc],
        "Reply-To": _address(mail.reply_to) if mail.reply_to else None,
        "Subject": mail.subject,
        "Message-ID": f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{ours.domain}>",
        "Auto-Submitted": "auto-generated",
    }
    if mail.unsubscribe:  # RFC 2369 and the one click of RFC 8058
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    try:
        for name, value in headers.items():
            if value:
                message[name] = value
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        for file_name, media_type, data in mail.attachments:
            main, _, sub = media_type.partition("/")
            message.add_attachment(data, maintype=main, subtype=sub, filename=file_name)
    except ValueError as error:
        raise Permanent(
            "A mail header cannot be written", why=str(error), fix="correct the name, subject or address"
        ) from error
    return message


def _address(text: str) -> Address:
    """Read `Name <address>` or an address; commas and dots in the name are the name's own."""
    name, bracket, rest = text.rpartition("<")
    written = rest.rpartition(">")[0] if bracket else text
    try:
        written.encode("ascii")  # what a mail server takes without extensions
        return Address(name.strip().strip('"'), addr_spec=written.strip())
    except (ValueError, IndexError, MessageError) as error:
        raise Permanent(
            f"{text[:200]!r} is not a mail address",
            why=str(error),
            fix="correct the address in the CRM or the configuration, then press Retry",
        ) from error


def _hand_over(connection: smtplib.SMTP, message: EmailMessage) -> None:
    """Send, telling failures before the message was handed over from those after."""
    connection.ehlo_or_helo_if_needed()
    code, answer = connection.mail(message["From"].addresses[0].addr_spec)
    if code != 250:
        raise smtplib.SMTPResponseException(code, answer)
    refused = {}
    for header in ("To", "Cc"):
        for recipient in message[header].addresses if header in message else ():
            code, answer = connection.rcpt(recipient.addr_spec)
            if code not in {250, 251}:
                refused[recipient.addr_spec] = (code, answer)
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)
    try:
        code, answer = connection.data(message.as_bytes())
    except smtplib.SMTPDataError:  # refused before a byte of the message was sent
        raise
    except OSError as error:
        raise OutcomeUnknown(
            f"The connection broke while mail {message['Message-ID']} was handed over",
            why=str(error),
            fix="search the mail server's log for that Message-ID, then settle it with `aftersign effects resolve` if it went to a customer",
        ) from error
    if code != 250:
        raise smtplib.SMTPResponseException(code, answer)


def _refused_recipients(error: smtplib.SMTPRecipientsRefused) -> Transient | Permanent:
    what = f"The mail server refused {', '.join(error.recipients)}"
    codes = {code for code, _ in error.recipients.values()}
    why = "; ".join(f"{code} {answer.decode(errors='replace')}" for code, answer in error.recipients.values())
    if all(400 <= code < 500 for code in codes):
        return Transient(what, why=why)
    return Permanent(what, why=why, fix="correct the address in the CRM or the configuration, then press Retry")


def _refused(error: smtplib.SMTPResponseException) -> Transient | Permanent:
    answer = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
    what = f"The mail server answered {error.smtp_code}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Permanent(what, why=answer, fix="check AFTERSIGN_SMTP__USERNAME and AFTERSIGN_SMTP__PASSWORD")
    if 400 <= error.smtp_code < 500:
        return Transient(what, why=answer)
    return Permanent(what, why=answer, fix="check sender and recipient addresses, then press Retry")
