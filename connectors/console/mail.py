"""Mail without a server: mails are rows of the outbox, shown as previews."""

from __future__ import annotations

from domain.ports import Health, Mail, Outbox, Reference


class ConsoleMailer:
    """Keep mails in the outbox."""

    def __init__(self, outbox: Outbox, public_url: str) -> None:
        self._outbox = outbox
        self._public_url = public_url

    def find_mail(self, key: str) -> Reference | None:
        """Return the mail under that key."""
        return Reference(key) if self._outbox.get("mail", "mail", key) else None

    def send(self, mail: Mail, *, key: str) -> Reference:
        """Store the mail; attachments are listed by name."""
        body = {
            "to": list(mail.to),
            "cc": list(mail.cc),
            "sender": mail.sender,
            "reply_to": mail.reply_to,
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
            "unsubscribe": mail.unsubscribe,
            "attachments": [name for name, _, _ in mail.attachments],
        }
        identity = self._outbox.put("mail", "mail", key, body)
        return Reference(key, f"{self._public_url}/outbox/{identity}")

    def check(self) -> Health:
        """Say where mails go."""
        return Health("mails are kept in the outbox")
