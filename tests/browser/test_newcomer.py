"""A newcomer clicks through every page of the demo: nothing breaks, nothing leaves the machine, everybody can use it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import NARROW, SCREENS, WIDE, Seen
from web.rendering import MENU

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(420)]
PLACES = [address for address, _, _ in MENU]
ELSEWHERE = ["/welcome", "/dead-letters"]  # reached from other pages
# Where each list leads: its address and the link to the first thing in it.
DETAILS = {
    "/contracts": "a[href^='/contracts/']:not([href*='/pages/'])",
    "/review": "a[href^='/review/']",
    "/obligations": "a[href^='/obligations/']",
    "/findings": "a[href^='/findings/']",
    "/handoffs": "td a[href^='/handoffs/']",
    "/welcome": "td a[href^='/handoffs/']",
    "/webhooks": "a[href^='/webhooks/log/']",
    "/outbox": "a[href^='/outbox/']",
    "/people": "a[href^='/people/']",
}


def named(address: str) -> str:
    return re.sub(r"\W+", "-", address).strip("-") or "my-work"


def opened(page: Page, address: str) -> None:
    answer = page.goto(address, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200, address
    expect(page.locator("h1")).to_have_count(1)


def first_of(page: Page, address: str) -> str:
    """Return where the first row of a list leads."""
    opened(page, address)
    link = page.locator(f"main {DETAILS[address]}").first
    target = link.get_attribute("href")
    assert target, address
    return target


def serious(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found.response["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]


@pytest.fixture
def narrow(chromium: Browser, demo: str, seen: Seen) -> Iterator[Page]:
    made = chromium.new_context(viewport=NARROW, base_url=demo, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    page = made.new_page()
    seen.watch(page)
    yield page
    made.close()


@pytest.fixture
def without_script(chromium: Browser, demo: str) -> Iterator[Page]:
    made = chromium.new_context(viewport=WIDE, base_url=demo, java_script_enabled=False)  # type: ignore[arg-type]
    yield made.new_page()
    made.close()


class TestEveryPage:
    @pytest.mark.parametrize("address", PLACES)
    def test_opens_from_the_menu_for_everybody_and_asks_nobody_else(self, page: Page, seen: Seen, address: str) -> None:
        opened(page, "/")
        page.locator(f"nav[aria-label=Main] a[href='{address}']").click()
        page.wait_for_load_state("networkidle")
        expect(page.locator("h1")).to_have_count(1)
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{named(address)}-1440.png", full_page=True)
        assert serious(page) == []
        assert (seen.errors, seen.elsewhere) == ([], [])

    @pytest.mark.parametrize("address", sorted(DETAILS))
    def test_leads_to_one_thing_in_full(self, page: Page, seen: Seen, address: str) -> None:
        target = first_of(page, address)
        opened(page, target)
        page.screenshot(path=SCREENS / f"{named(address)}-one-1440.png", full_page=True)
        assert serious(page) == []
        assert (seen.errors, seen.elsewhere) == ([], [])

    @pytest.mark.parametrize("address", ELSEWHERE)
    def test_off_the_menu_can_be_used_by_everybody(self, page: Page, seen: Seen, address: str) -> None:
        opened(page, address)
        page.screenshot(path=SCREENS / f"{named(address)}-1440.png", full_page=True)
        assert serious(page) == []
        assert (seen.errors, seen.elsewhere) == ([], [])

    @pytest.mark.parametrize("address", [*PLACES, *ELSEWHERE])
    def test_fits_a_telephone(self, narrow: Page, seen: Seen, address: str) -> None:
        opened(narrow, address)
        narrow.screenshot(path=SCREENS / f"{named(address)}-390.png", full_page=True)
        assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        assert (seen.errors, seen.elsewhere) == ([], [])

    @pytest.mark.parametrize("address", [*PLACES, *ELSEWHERE])
    def test_works_without_script(self, without_script: Page, address: str) -> None:
        opened(without_script, address)
        expect(without_script.locator("main")).not_to_be_empty()


class TestWhatHangsOnAHandoff:
    def test_the_brief_is_read_and_given_out_by_a_link(self, page: Page, narrow: Page, seen: Seen) -> None:
        opened(page, first_of(page, "/welcome").partition("#")[0])
        page.get_by_role("link", name="Open brief").click()
        page.wait_for_load_state("networkidle")
        assert serious(page) == []
        page.get_by_role("button", name="Link for somebody without a login").click()
        address = page.get_by_label("Copy it now").input_value()
        assert serious(page) == []
        opened(narrow, address)
        narrow.screenshot(path=SCREENS / "brief-by-link-390.png", full_page=True)
        assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        assert (seen.errors, seen.elsewhere) == ([], [])


class TestTheDaysOfAContract:
    def test_are_walked_by_a_slider_that_sends_itself(self, page: Page, seen: Seen) -> None:
        opened(page, first_of(page, "/contracts"))
        slider = page.get_by_label("Day on which the terms are shown")
        before = page.locator("#terms").inner_text()
        slider.focus()
        page.keyboard.press("End" if slider.input_value() != slider.get_attribute("max") else "Home")
        page.wait_for_url(re.compile(r"as_of=\d{4}-\d\d-\d\d"))
        assert page.locator("#terms").inner_text() != before
        assert (seen.errors, seen.elsewhere) == ([], [])


class TestKeyboard:
    def test_slash_goes_to_the_search_which_finds_contracts(self, page: Page, seen: Seen) -> None:
        opened(page, "/")
        page.keyboard.press("/")
        page.keyboard.type("Harbourline")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/contracts\?q=Harbourline"))
        expect(page.locator("main")).to_contain_text("Harbourline")
        assert seen.errors == []

    def test_the_first_stop_leads_past_the_menu(self, page: Page) -> None:
        opened(page, "/")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Skip to the content")


class TestLookingAsAnother:
    def test_hides_what_is_not_theirs(self, context: BrowserContext, demo: str, page: Page) -> None:
        context.add_cookies([{"name": "aftersign_as", "value": "lea.brandt@lumora.example", "url": demo}])
        opened(page, "/")
        menu = page.locator("nav[aria-label=Main]")
        expect(menu).to_contain_text("Contracts")
        expect(menu).not_to_contain_text("Audit")
        answer = page.goto("/audit")
        assert answer is not None
        assert answer.status == 404
