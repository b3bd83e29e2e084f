"""SMTP in the mail role."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr

from domain.errors import OutcomeUnknown, Permanent, Transient
from domain.ports import Mail, Reference


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
        try:
            with self._connect() as connection:
                _hand_over(connection, message)
        except smtplib.SMTPResponseException as error:
            raise _refused(error) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise Permanent(
                f"The mail server refused {', '.join(error.recipients)}",
                why=str(next(iter(error.recipients.values()))),
                fix="correct the address in the CRM or the configuration, then press Retry",
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Transient(f"The mail server {self._server.host} cannot be used", why=str(error)) from error
        return Reference(str(message["Message-ID"]))

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.username:
            connection.login(server.username, server.password)
        return connection


def compose(mail: Mail, key: str, sender: str) -> EmailMessage:
    """Build the multipart message; header values with line breaks raise `Permanent`."""
    message = EmailMessage()
    domain = parseaddr(sender)[1].partition("@")[2] or "localhost"
    headers = {
        "From": mail.sender or sender,
        "To": ", ".join(mail.to),
        "Cc": ", ".join(mail.cc),
        "Reply-To": mail.reply_to,
        "Subject": mail.subject,
        "Message-ID": f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    try:
        for name, value in headers.items():
            if value:
                message[name] = value
    except ValueError as error:
        raise Permanent(
            "A mail header holds a line break", why=str(error), fix="correct the name or address"
        ) from error
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for name, media_type, data in mail.attachments:
        main, _, sub = media_type.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message


def _hand_over(connection: smtplib.SMTP, message: EmailMessage) -> None:
    """Send, telling failures before the message was handed over from those after."""
    recipients = [parseaddr(address)[1] for header in ("To", "Cc") for address in str(message[header] or "").split(",")]
    recipients = [address for address in recipients if address]
    connection.ehlo_or_helo_if_needed()
    code, answer = connection.mail(parseaddr(str(message["From"]))[1])
    if code != 250:
        raise smtplib.SMTPResponseException(code, answer)
    refused = {}
    for address in recipients:
        code, answer = connection.rcpt(address)
        if code not in {250, 251}:
            refused[address] = (code, answer)
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)
    try:
        code, answer = connection.data(message.as_bytes())
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise OutcomeUnknown(
            f"The connection broke while mail {message['Message-ID']} was handed over",
            why=str(error),
            fix="search the mail server's log for that Message-ID, then `aftersign effects resolve`",
        ) from error
    if code != 250:
        raise smtplib.SMTPResponseException(code, answer)


def _refused(error: smtplib.SMTPResponseException) -> Transient | Permanent:
    answer = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
    what = f"The mail server answered {error.smtp_code}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Permanent(what, why=answer, fix="check AFTERSIGN_SMTP__USERNAME and AFTERSIGN_SMTP__PASSWORD")
    if 400 <= error.smtp_code < 500:
        return Transient(what, why=answer)
    return Permanent(what, why=answer, fix="check sender and recipient addresses, then press Retry")
