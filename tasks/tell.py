"""Tell a colleague something, once: by chat, or by mail where there is no chat account."""

from __future__ import annotations

from domain.ports import Chat, ChatMessage, Mail, Mailer, Reference
from tasks.effect import Effector
from tasks.rendering import render


def post_once(effects: Effector, chat: Chat, message: ChatMessage, *parts: str) -> Reference:
    """Post a chat message under its key."""
    return effects.once(
        *parts,
        role="chat",
        find=lambda key: chat.find_message(key, message.to),
        make=lambda key: chat.post(message, key=key),
        request=message.text,
    )


def mail_once(effects: Effector, mailer: Mailer, mail: Mail, *parts: str) -> Reference:
    """Send a mail to colleagues under its key; a repeat after a lost answer is acceptable."""
    return effects.once(
        *parts,
        role="mail",
        find=mailer.find_mail,
        make=lambda key: mailer.send(mail, key=key),
        request=mail.subject,
    )


def reach(effects: Effector, message: ChatMessage, url: str, *parts: str) -> Reference:
    """Send a direct message, or a mail to somebody who has no chat account."""
    context = effects.context
    person, chat = context.business.people.get(message.to), context.registry.chat
    if chat is not None and (person is None or person.chat):
        return post_once(effects, chat, message, *parts, "dm")
    return mail_once(effects, context.registry.mailer, as_mail(message, url), *parts, "mail")


def as_mail(message: ChatMessage, url: str) -> Mail:
    """Say by mail what the chat message says."""
    lines = [f"{label}: {value}" for label, value in message.fields]
    paragraphs = [message.text + ".", "\n".join(lines), *message.sections, "Open it (no login needed):\n" + url]
    paragraphs = [paragraph for paragraph in paragraphs if paragraph]
    html = render("plain.html", subject=message.text, paragraphs=paragraphs, links=[])
    return Mail(to=(message.to,), subject=message.text, text="\n\n".join(paragraphs), html=html)


def plain(text: str) -> str:
    """Keep chat mark-up out of names and values."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
