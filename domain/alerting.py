"""Who must hear of a deadline, and who next when nobody answers.

An alert goes to owner and backup together. Who has left, or cannot be reached, counts as
unreachable at once, and somebody above takes the place; who is on leave hears of it after the
backup. Silence goes up: to the manager, then to an executive, sooner as the day comes closer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from domain import calendars
from domain.people import Person

MANAGER_STAGE = -1
_EXECUTIVE_STAGE = -1000
_HIGHEST = 5  # managers of managers


@dataclass(frozen=True, slots=True)
class Escalation:
    """Hold when silence goes up: business days without an acknowledgement, days before the decision."""

    manager_after: int = 4
    executive_within: int = 14
    executive: str = ""
    give_up_after: int = 3  # attempts to deliver before somebody else is told as well


@dataclass(frozen=True, slots=True)
class Recipient:
    """Hold who is told, and why where it is not the owner or the backup."""

    email: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Hold how the reminders of one deadline stand."""

    owner: str
    backup: str
    decide_by: date
    first_sent: date | None
    acknowledged: bool
    decided: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """Hold who works for us, who bounces, and who is told when nobody else is left, the first in turn."""

    people: Mapping[str, Person]
    last_resorts: tuple[str, ...]
    bouncing: AbstractSet[str] = frozenset()

    def reachable(self, email: str) -> bool:
        """Tell whether a message can arrive: at a colleague who works here, or at any address elsewhere.

        An address of our own company that nobody of our list has is that of somebody who left.
        """
        person = self.people.get(email)
        if not email or email in self.bouncing:
            return False
        return person.active if person else _domain(email) not in {_domain(one) for one in self.people}

    def away(self, email: str, day: date) -> bool:
        """Tell whether somebody is on leave."""
        person = self.people.get(email)
        return person is not None and person.active and not person.available(day)

    def above(self, email: str) -> str:
        """Return the nearest manager who can be reached, else somebody who is told when nobody else is left."""
        person, seen = self.people.get(email), {email}
        for _ in range(_HIGHEST):
            if person is None or not person.manager or person.manager in seen:
                break
            if self.reachable(person.manager):
                return person.manager
            seen.add(person.manager)
            person = self.people.get(person.manager)
        return self.somebody(but=email)

    def somebody(self, *, but: str = "") -> str:
        """Return whoever can be reached when nobody else is left; in the end anybody who works for us."""
        everybody = (*self.last_resorts, *sorted(self.people))
        return next((one for one in everybody if one != but and self.reachable(one)), self.last_resorts[0])


def _domain(email: str) -> str:
    return email.rpartition("@")[2].casefold()


def recipients(owner: str, backup: str, staff: Staff, today: date) -> list[Recipient]:
    """Return who is told of a deadline today, those at work first; never nobody."""
    found = dict(_named(owner, "owner", staff)) | dict(_named(backup, "backup", staff))
    if not found:
        found[staff.somebody()] = "nobody owns the contract"
    if all(staff.away(email, today) for email in found):
        found.setdefault(staff.above(owner or backup), "owner and backup are on leave")
    ordered = sorted(found, key=lambda email: staff.away(email, today))
    return [Recipient(email, found[email]) for email in ordered]


def _named(email: str, role: str, staff: Staff) -> Iterator[tuple[str, str]]:
    if not email:
        return
    if staff.reachable(email):
        yield email, ""
    else:
        yield staff.above(email), f"{role} {email} cannot be reached"


def escalated(
    chain: Chain, staff: Staff, rules: Escalation, calendar: str, today: date
) -> Iterator[tuple[int, Recipient]]:
    """Yield (stage, recipient) of everybody above who must hear of silence today.

    The manager hears once, so many business days after the first unanswered alert; the executive
    each business day while the decision is close and not taken.
    """
    if chain.decided or chain.first_sent is None:
        return
    lead = chain.owner or chain.backup
    patience = calendars.add_business_days(chain.first_sent, rules.manager_after, calendar)
    if not chain.acknowledged and today >= patience:
        yield MANAGER_STAGE, Recipient(staff.above(lead), f"{lead} has not answered since {chain.first_sent}")
    left = (chain.decide_by - today).days
    if left < rules.executive_within and calendars.is_business_day(today, calendar):
        why = f"{left} days are left to decide" if left >= 0 else f"the decision was due {-left} days ago"
        yield (
            _EXECUTIVE_STAGE - today.toordinal(),
            Recipient(rules.executive if staff.reachable(rules.executive) else staff.somebody(but=lead), why),
        )


def newest(stages: Sequence[int]) -> int:
    """Return the stage that counts among several that are due: the one closest to the day to act."""
    ladder = [stage for stage in stages if stage >= 0]
    return min(ladder) if ladder else min(stages)
