"""Turn a template into a page: strict, escaped, and with a few filters for people's eyes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request

from domain.access import Act
from domain.errors import Permanent
from domain.handoff import Step
from domain.money import Money
from domain.periods import Period
from web.context import WebContext

_TEMPLATES = Path(__file__).parent / "templates"
NO_LOGIN = "aftersign.no_login"
VIEWER = "aftersign.viewer"  # the person who asks, once they are known
_COLOURS = {
    "done": "green",
    "complete": "green",
    "applied": "green",
    "contacted": "green",
    "sent": "green",
    "finished": "green",
    "in time": "green",
    "running": "blue",
    "started": "blue",
    "active": "blue",
    "open": "blue",
    "waiting": "yellow",
    "incomplete": "yellow",
    "received": "yellow",
    "intended": "yellow",
    "late": "yellow",
    "dead": "red",
    "unknown": "red",
    "forged": "red",
    "malformed": "red",
    "overdue": "red",
    "in doubt": "red",
}
_WORDS = {"dead": "needs a person", "unknown": "unknown: needs a person", "incomplete": "not complete"}

# Address, label, and the right without which a page is not for somebody.
MENU = (
    ("/", "My work", None),
    ("/contracts", "Contracts", None),
    ("/review", "Review", Act.REVIEW),
    ("/amendments", "Amendments", Act.APPROVE),
    ("/renewals", "Renewals", None),
    ("/obligations", "Obligations", None),
    ("/slas", "SLA", None),
    ("/findings", "Discrepancies", None),
    ("/portfolio", "Portfolio", None),
    ("/handoffs", "Handoffs", None),
    ("/webhooks", "Webhooks", Act.AUDIT),
    ("/outbox", "Outbox", Act.AUDIT),
    ("/people", "People", None),
    ("/audit", "Audit", Act.AUDIT),
)
_TITLES = {
    Step.STORE: "Store contract",
    Step.EXTRACT: "Extract terms",
    Step.ASSIGN: "Assign owners",
    Step.SCHEDULE: "Schedule alerts",
    Step.CRM: "CRM closed-won",
    Step.BRIEF: "Context brief",
    Step.FIRST_TOUCH: "CSM task",
    Step.PROJECT: "Project",
    Step.WELCOME: "Welcome",
}


def page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Render a template; `settings` and the links' bases are always known to it."""
    context: WebContext = request.app.state.context
    settings = context.settings
    shared = {
        "names": {email: person.name for email, person in context.business.people.items()},
        "public_url": settings.public_url,
        "prefect_ui": settings.prefect_api.removesuffix("/api"),
        "path": request.url.path,
        "titles": _TITLES,
        "no_login": request.scope.get(NO_LOGIN, False),
        "viewer": request.scope.get(VIEWER),
        "menu": MENU,
        "asked_id": request.query_params.get("asked", "")[:36],
    }
    html = _ENVIRONMENT.get_template(template).render({**shared, **values})
    return HTMLResponse(html, status, dict(headers or {}))


def when(value: str | datetime | None) -> str:
    """Show an instant in UTC, unknown as a dash."""
    if not value:
        return "–"
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment:%-d %b %Y %H:%M} UTC"


def day(value: date | str | None) -> str:
    """Show a day, unknown as a dash."""
    if not value:
        return "–"
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{found:%-d %b %Y}"


def money(value: Money | str | None) -> str:
    """Show an amount with its currency, unknown as a dash."""
    if not value:
        return "–"
    found = Money.parse(value) if isinstance(value, str) else value
    return f"{found.amount:,.{max(found.minor_digits, 0)}f}\u202f{found.currency}"


def clock(value: str | None) -> str:
    """Show an instant with seconds, without its date."""
    return f"{datetime.fromisoformat(value):%H:%M:%S}" if value else "–"


def duration(seconds: float | None) -> str:
    """Show a length of time in its largest two units."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def pill(state: str) -> Markup:
    """Show a state as a coloured pill that also says it in words."""
    colour = _COLOURS.get(state, "secondary")
    return Markup('<span class="badge bg-{0}-lt">{1}</span>').format(colour, _WORDS.get(state, state.replace("_", " ")))


def words(value: str) -> str:
    """Turn an identifier into words."""
    return value.replace("_", " ").capitalize()


def term(value: str) -> str:
    """Show a canonical period such as `P12M` the way people say it; leave other values alone."""
    if not re.fullmatch(r"P\d+[DWMY]\w*", value):
        return value
    try:
        return Period.parse(value).display()
    except (Permanent, ValueError):
        return value


def web_link(value: str | None) -> str:
    """Return the address if it is one a page may link to, else nothing."""
    if not value or value.startswith("//"):
        return ""
    return value if urlsplit(value).scheme in {"http", "https"} or value.startswith("/") else ""


def own_links(text: str, public_url: str) -> Markup:
    """Escape text and link the addresses in it that lead to our own pages."""
    pattern = re.compile(re.escape(str(escape(public_url))) + r"/[^\s<>&\"']*")
    return Markup(pattern.sub(lambda m: f'<a href="{m[0]}">{m[0]}</a>', str(escape(text))))  # noqa: S704 - escaped above


def chat_text(text: str, public_url: str) -> Markup:
    """Show chat mark-up (`*bold*`, our own links, escaped `&`, `<`, `>`) the way a chat shows it."""
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return Markup(re.sub(r"\*([^*\n]+)\*", r"<strong>\1</strong>", str(own_links(plain, public_url))))  # noqa: S704 - escaped


def pretty(value: object) -> str:
    """Show data as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True, default=str)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (when, day, money, clock, duration, pill, words, term, web_link, own_links, chat_text, pretty)
    environment.filters.update({function.__name__: function for function in filters})
    return environment


_ENVIRONMENT = _environment()
