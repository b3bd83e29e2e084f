"""The YAML that business people edit: what we ship loads, and every mistake is shown where it is."""

from __future__ import annotations

import shutil
from datetime import date, time
from pathlib import Path

import pytest
import yaml

from config.business import Business, load_business
from domain.errors import ConfigurationError, Permanent
from domain.people import Leave
from tests.conftest import CONFIG


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "config"
    for path in CONFIG.rglob("*.yaml"):
        target = copy / path.relative_to(CONFIG)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return copy


@pytest.fixture(scope="module")
def business() -> Business:
    return load_business(CONFIG)


def put(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first occurrence in a file and return its line."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


class TestTheFilesWeShip:
    def test_load(self, business: Business) -> None:
        assert len(business.people) >= 10
        assert set(business.onboarding) == {path.stem for path in CONFIG.glob("onboarding/*.yaml")}
        assert set(business.welcome) == {path.stem for path in CONFIG.glob("welcome/*.yaml")}
        assert len({spec.key for spec in business.brief}) == len(business.brief)

    def test_name_only_templates_that_exist(self, business: Business) -> None:
        for play in business.plays:
            assert not play.onboarding or business.onboarding_template(play.onboarding).tasks
            assert not play.welcome or business.welcome_template(play.welcome).mails

    def test_end_in_a_rule_and_a_play_for_everything_else(self, business: Business) -> None:
        assert business.ownership[-1].match == type(business.ownership[-1].match)()
        assert business.plays[-1].match == type(business.plays[-1].match)()

    def test_give_everybody_a_zone_and_a_calendar_that_exist(self, business: Business) -> None:
        from domain.calendars import is_business_day, zone

        for person in business.people.values():
            assert zone(person.timezone).key == person.timezone
            is_business_day(date(2026, 1, 5), person.calendar)
        for code in (business.alerts.default_calendar, *business.alerts.calendars.values()):
            is_business_day(date(2026, 1, 5), code)

    def test_say_who_is_a_csm_and_who_is_one_of_us(self, business: Business) -> None:
        assert {person.name for person in business.csms()} >= {"Lea Brandt", "Maya Cohen"}
        assert business.is_ours("ANYBODY@Lumora.Example")
        assert not business.is_ours("somebody@customer.example")
        assert not business.is_ours("")

    def test_open_the_office_at_each_persons_own_hours(self, business: Business) -> None:
        hours = business.office_hours(business.people["kenji.mori@lumora.example"])
        assert (hours.timezone, hours.calendar, hours.opens) == ("Asia/Tokyo", "JP", time(9))

    def test_fall_back_to_the_default_calendar(self, business: Business) -> None:
        assert business.calendar_for("EMEA") == "DE"
        assert business.calendar_for("Atlantis") == "US"
        assert business.calendar_for("NO") == "NO"  # Norway, which YAML alone would read as false


class TestAMissingTemplate:
    def test_is_named_with_the_ones_that_exist(self, business: Business) -> None:
        with pytest.raises(Permanent, match=r"config/onboarding/gold\.yaml does not exist.*enterprise, expansion"):
            business.onboarding_template("gold")
        with pytest.raises(Permanent, match=r"config/welcome/gold\.yaml does not exist.*standard"):
            business.welcome_template("gold")


class TestAMistake:
    @pytest.mark.parametrize(
        ("name", "old", "new", "said"),
        [
            # wrong type
            ("playbook.yaml", "escalate_at: [0.5, 1.0, 1.5]", "escalate_at: soon", "first_touch.escalate_at"),
            ("alerts.yaml", "ladder: [120, 90, 60, 30]", "ladder: [120, ninety]", "ladder.1"),
            ("alerts.yaml", "transit_days: 5", "transit_days: -1", "transit_days"),
            ("welcome/standard.yaml", "day: 3", "day: third", "mails.1.day"),
            ("onboarding/standard.yaml", "key: kickoff", "key: Kick off", "tasks.3.key"),
            # unknown key
            ("playbook.yaml", "closed_won_channel", "closed_wonn_channel", "closed_wonn_channel"),
            ("alerts.yaml", "transit_days", "transitdays", "transitdays"),
            ("brief.yaml", "label: Customer,", "label: Customer, requird: true,", "who.0.requird"),
            ("onboarding/standard.yaml", "title:", "titel:", "titel"),
            ("onboarding/standard.yaml", "day: 7", "dya: 7", "tasks.3.dya"),
            ("welcome/standard.yaml", "skip_if_intake_done: true", "skip: true", "mails.1.skip"),
            ("ownership.yaml", "when: {region: EMEA, tier: enterprise}", "when: {regoin: EMEA}", "rules.0.when.regoin"),
        ],
    )
    def test_is_shown_with_its_file_and_line(self, folder: Path, name: str, old: str, new: str, said: str) -> None:
        line = put(folder, name, old, new)
        with pytest.raises(ConfigurationError) as caught:
            load_business(folder)
        text = str(caught.value)
        assert said in text
        assert f"{folder / name}:{line} " in text
        assert caught.value.fix

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("capacity: 15", "capacity: 0"),
            ("capacity: 15", "capacity: many"),
            ("regions: [EMEA]", "region: [EMEA]"),
            ("calendar: DE-BE", "calender: DE-BE"),
        ],
    )
    def test_about_a_person_names_the_person(self, folder: Path, old: str, new: str) -> None:
        line = put(folder, "ownership.yaml", old, new)
        with pytest.raises(ConfigurationError, match=rf"ownership\.yaml:{line} people\..*@lumora\.example\."):
            load_business(folder)

    def test_in_an_owner_that_nobody_knows_names_rule_and_address(self, folder: Path) -> None:
        line = put(folder, "ownership.yaml", "owner: [sofia.marin@", "owner: [sofia.martin@")
        with pytest.raises(
            ConfigurationError,
            match=rf"ownership\.yaml:{line} rule 'EMEA enterprise' names 'sofia\.martin@.*add the person",
        ):
            load_business(folder)

    def test_in_a_manager_that_nobody_knows_names_the_address(self, folder: Path) -> None:
        put(folder, "ownership.yaml", "manager: dana.whitfield@", "manager: dana.withfield@")
        with pytest.raises(ConfigurationError, match=r"ownership\.yaml:\d+ .* names 'dana\.withfield@"):
            load_business(folder)

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("people: {a: [", 1),
            ("people:\n  x: {name: A\nrules: []", 3),
            ("people:\n\tx: 1", 2),
            ("a: 'b", 1),
            ("a: b: c", 1),
            ("a: *nobody", 1),
        ],
    )
    def test_in_the_yaml_itself_names_the_line(self, folder: Path, text: str, line: int) -> None:
        (folder / "ownership.yaml").write_text(text)
        with pytest.raises(ConfigurationError, match=rf"ownership\.yaml:{line} is not YAML.*indentation"):
            load_business(folder)

    @pytest.mark.parametrize("text", ["", "[]", "just text", "42", "people: {}\nrules: []"])
    def test_of_another_shape_is_not_taken_for_configuration(self, folder: Path, text: str) -> None:
        (folder / "ownership.yaml").write_text(text)
        with pytest.raises(ConfigurationError, match=r"ownership\.yaml:1"):
            load_business(folder)

    def test_in_a_date_names_the_file(self, folder: Path) -> None:
        put(folder, "ownership.yaml", "capacity: 15}", "capacity: 15, leave: [{first: 2026-13-01, last: 2026-12-01}]}")
        with pytest.raises(ConfigurationError, match=r"ownership\.yaml:\d+ is not YAML.*month must be in 1\.\.12"):
            load_business(folder)

    def test_in_the_encoding_names_the_file(self, folder: Path) -> None:
        (folder / "brief.yaml").write_bytes("who: [{key: größe}]".encode("latin-1"))
        with pytest.raises(ConfigurationError, match=r"brief\.yaml is not UTF-8"):
            load_business(folder)

    @pytest.mark.parametrize("name", ["ownership.yaml", "playbook.yaml", "alerts.yaml", "brief.yaml"])
    def test_of_a_missing_file_tells_how_to_get_it(self, folder: Path, name: str) -> None:
        (folder / name).unlink()
        with pytest.raises(ConfigurationError, match=rf"{name} cannot be read.*aftersign init"):
            load_business(folder)


class TestAPersonOnLeave:
    def test_is_read_with_first_and_last_day(self, folder: Path) -> None:
        put(folder, "ownership.yaml", "capacity: 15}", "capacity: 15, leave: [{first: 2026-12-01, last: 2026-12-05}]}")
        people = load_business(folder).people
        away = [person for person in people.values() if person.leave]
        assert [person.leave for person in away] == [(Leave(date(2026, 12, 1), date(2026, 12, 5)),)]


class TestOneWord:
    def test_may_stand_where_a_list_may(self, folder: Path) -> None:
        data = yaml.safe_load((folder / "ownership.yaml").read_text(encoding="utf-8"))
        data["rules"][-1]["owner"] = "rafael.ortiz@lumora.example"
        (folder / "ownership.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        assert load_business(folder).ownership[-1].owner == ("rafael.ortiz@lumora.example",)
