"""An office whose vendor promised availability, and two monitors that can be told what they saw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from connectors.files.tickets import FileTickets
from domain.errors import Transient
from domain.outages import Impact, Outage
from store import slas
from tasks.context import Context
from tests.tasks.office import Office

OWNER = "owen.hughes@lumora.example"
PAPER = """Master Services Agreement

Agreement number: NB-2026-07

This Master Services Agreement is made on 1 January 2026 between Northbridge Hosting Ltd ("Provider") and Lumora
Analytics, Inc., a company incorporated in Delaware ("Customer").

1. Term. This Agreement takes effect on 1 January 2026 and has an initial term of twelve (12) months.

2. Renewal. It renews automatically for successive terms of twelve (12) months each unless either party gives
written notice of non-renewal at least sixty (60) days before the end of the then-current term.

3. Fees. The annual fee is USD 24,000.00.

4. Service level. Provider shall make the platform available 99.9% of the time in each calendar month.

5. Service credits. If the monthly uptime is at least 99.0% but less than 99.9%, Provider shall credit 10% of the monthly
fee; if it is below 99.0%, Provider shall credit 25% of the monthly fee.

6. Cap. Service credits shall not exceed 20% of the monthly fee.

7. Claims. Customer must claim a service credit by email within thirty (30) days after the end of the month.

8. Chronic failure. Customer may terminate this Agreement if Provider misses the uptime commitment in two months within any
period of three months.
"""


ENTRY = "  - {contract: NB-2026-07, service: Platform, sources: [files, statuspage]}\n"


class Monitor:
    """Play an uptime source that reports the minutes it was told, or does not answer."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: list[Outage] = []
        self.broken = False
        self.asked = 0

    def down(self, start: datetime, minutes: float, impact: Impact = Impact.DOWN) -> None:
        self.seen.append(Outage("Platform", start, start + timedelta(minutes=minutes), impact, source=self.name))

    def outages(self, service: str, start: datetime, end: datetime) -> list[Outage]:
        self.asked += 1
        if self.broken:
            message = "the monitor does not answer"
            raise Transient(message)
        return [one for one in self.seen if one.service == service and one.start < end and (one.end or end) > start]


@dataclass
class Services:
    """Hold the office with its monitors, the vendor's contract and what `slas.yaml` says."""

    office: Office
    folder: Path
    probe: Monitor
    page: Monitor
    contract: str = ""

    @classmethod
    def opened(cls, office: Office, folder: Path, paper: str = PAPER) -> Services:
        office.on(date(2026, 1, 5))
        made = cls(office, folder, Monitor("files"), Monitor("statuspage"), office.paper("msa", paper))
        made.says(ENTRY)
        return made

    def says(self, entries: str) -> None:
        """Write what is watched."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "slas.yaml").write_text(f"services:\n{entries}", encoding="utf-8")

    def on(self, day: date) -> Context:
        """Let it be the morning of a day, with the monitors in the uptime role."""
        ctx = self.office.on(day)
        uptimes = {"files": self.probe, "statuspage": self.page}
        settings = ctx.settings.model_copy(update={"config_dir": self.folder})
        self.desk.mkdir(exist_ok=True)
        desks = {"files": FileTickets(self.desk, UTC)}
        return replace(ctx, settings=settings, registry=replace(ctx.registry, uptimes=uptimes, desks=desks))

    @property
    def desk(self) -> Path:
        """Return the folder of the help desk's exports."""
        return self.folder.parent / "tickets"

    def told(self) -> list[str]:
        """Return what people were told of service levels, by chat or mail."""
        said = [text for kind in ("chat", "mail") for _, text in self.office.told(kind)]
        return [text for text in said if "service level" in text or "terminated" in text]

    def only(self) -> dict[str, object]:
        [found] = self.breaches()
        return found

    def breaches(self) -> list[dict[str, object]]:
        with self.office.database.read() as connection:
            return [dict(row) for row in slas.listed(connection)]
