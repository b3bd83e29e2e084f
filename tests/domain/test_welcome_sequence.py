"""The welcome sequence: it would rather wait than repeat."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import zone
from domain.errors import Permanent
from domain.welcome import Decision, MailState, Planned, SequenceState, WelcomeMail, WelcomeTemplate, decide, plan

START = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TEMPLATE = WelcomeTemplate(
    "standard",
    (
        WelcomeMail("day-0", 0, "Welcome", "…"),
        WelcomeMail("day-3", 3, "Reminder", "…", skip_if_intake_done=True),
        WelcomeMail("day-7", 7, "First weeks", "…"),
    ),
)
PLAN = plan(TEMPLATE, start=START, timezone="America/New_York", calendar="US-NY")


def mails(*states: MailState) -> list[Planned]:
    return [
        Planned(key, due, state, due if state is MailState.SENT else None)
        for (key, due), state in zip(PLAN, states, strict=True)
    ]


def act(found: list[Planned], now: datetime, *, intake: bool = False) -> Decision:
    return decide(TEMPLATE, found, state=SequenceState.ACTIVE, intake_done=intake, now=now)


SENT, PLANNED, UNKNOWN, SKIPPED = MailState.SENT, MailState.PLANNED, MailState.UNKNOWN, MailState.SKIPPED


class TestAPlan:
    def test_starts_at_once_and_goes_on_at_nine_on_the_customers_business_days(self) -> None:
        new_york = zone("America/New_York")
        assert (
            ("day-0", START),
            ("day-3", datetime(2026, 11, 27, 9, tzinfo=new_york)),
            ("day-7", datetime(2026, 12, 1, 9, tzinfo=new_york)),
        ) == PLAN

    def test_steps_over_weekends_and_holidays(self) -> None:
        rows = dict(plan(TEMPLATE, start=START - DAY, timezone="America/New_York", calendar="US-NY"))
        assert rows["day-3"].date().isoformat() == "2026-11-27"  # the 26th is Thanksgiving

    def test_counts_days_where_the_customer_is(self) -> None:
        late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # already the 25th in Tokyo
        rows = dict(plan(TEMPLATE, start=late, timezone="Asia/Tokyo", calendar="JP"))
        assert rows["day-7"] == datetime(2026, 12, 2, 9, tzinfo=zone("Asia/Tokyo"))

    def test_of_an_unknown_zone_is_a_persons_job(self) -> None:
        with pytest.raises(Permanent, match="No time zone 'Mars'"):
            plan(TEMPLATE, start=START, timezone="Mars", calendar="US")


class TestADecision:
    def test_sends_what_is_due(self) -> None:
        assert act(mails(PLANNED, PLANNED, PLANNED), START).send == "day-0"

    def test_waits_until_a_mail_is_due(self) -> None:
        found = act(mails(SENT, PLANNED, PLANNED), START + 2 * DAY)
        assert (found.send, found.finished) == (None, False)
        assert found.why == "the next mail is due 2026-11-27 09:00 EST"

    def test_sends_the_earliest_first_when_several_are_overdue(self) -> None:
        assert act(mails(PLANNED, PLANNED, PLANNED), START + 30 * DAY).send == "day-0"

    def test_sends_no_second_mail_within_a_day(self) -> None:
        late = [
            replace(mail, sent_at=START + 30 * DAY) if mail.state is SENT else mail
            for mail in mails(SENT, PLANNED, PLANNED)
        ]
        assert act(late, START + 30 * DAY + timedelta(hours=23, minutes=59)).send is None
        assert act(late, START + 31 * DAY).send == "day-3"

    def test_holds_everything_while_one_outcome_is_unknown(self) -> None:
        found = act(mails(SENT, UNKNOWN, PLANNED), START + 30 * DAY)
        assert (found.send, found.skip, found.finished) == (None, (), False)
        assert "a person must decide" in found.why

    def test_skips_the_reminder_once_the_intake_is_done(self) -> None:
        found = act(mails(SENT, PLANNED, PLANNED), START + 30 * DAY, intake=True)
        assert found.skip == (("day-3", "the intake form is already filled in"),)
        assert found.send == "day-7"

    def test_skips_nothing_that_was_sent(self) -> None:
        assert act(mails(SENT, SENT, PLANNED), START + 30 * DAY, intake=True).skip == ()

    @pytest.mark.parametrize("last", [SENT, SKIPPED])
    def test_finishes_when_every_mail_is_sent_or_skipped(self, last: MailState) -> None:
        found = act(mails(SENT, SKIPPED, last), START + 30 * DAY)
        assert (found.send, found.finished) == (None, True)

    @pytest.mark.parametrize("state", [SequenceState.STOPPED, SequenceState.FINISHED])
    def test_does_nothing_in_a_sequence_that_ended(self, state: SequenceState) -> None:
        found = decide(TEMPLATE, mails(PLANNED, PLANNED, PLANNED), state=state, intake_done=False, now=START + 30 * DAY)
        assert (found.send, found.skip) == (None, ())
        assert state in found.why


events = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 400)),  # hours
        st.tuples(st.just("intake"), st.just(0)),
        st.tuples(st.just("stop"), st.just(0)),
        st.tuples(st.just("lost answer"), st.just(0)),
        st.tuples(st.just("person says not sent"), st.just(0)),
    ),
    max_size=40,
)


class TestEverySequence:
    @given(events)
    def test_sends_each_mail_at_most_once_and_never_two_in_a_day(self, happenings: list[tuple[str, int]]) -> None:
        found, state, intake, now = mails(PLANNED, PLANNED, PLANNED), SequenceState.ACTIVE, False, START
        left: list[tuple[str, datetime]] = []
        for what, hours in happenings:
            now += timedelta(hours=hours)
            intake = intake or what == "intake"
            state = SequenceState.STOPPED if what == "stop" else state
            if what == "person says not sent":
                found = [replace(m, state=PLANNED) if m.state is UNKNOWN else m for m in found]
            decision = decide(TEMPLATE, found, state=state, intake_done=intake, now=now)
            skipped = dict(decision.skip)
            found = [replace(m, state=SKIPPED) if m.key in skipped else m for m in found]
            if decision.send:
                lost = what == "lost answer"
                if not lost:
                    left.append((decision.send, now))
                found = [
                    replace(m, state=UNKNOWN if lost else SENT, sent_at=None if lost else now)
                    if m.key == decision.send
                    else m
                    for m in found
                ]
        assert max(Counter(key for key, _ in left).values(), default=0) <= 1
        assert all(second - first >= DAY for (_, first), (_, second) in zip(left, left[1:], strict=False))
        assert [key for key, _ in left] == [key for key, _ in PLAN if key in dict(left)]
