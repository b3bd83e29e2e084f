"""A real browser on the real demo: Debian's Chromium, driven by Playwright, looking at what a newcomer sees."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
SCREENS = Path(os.environ.get("AFTERSIGN_SCREENSHOTS", ROOT / "screenshots"))
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
_READY, _PATIENCE = "Ctrl-C stops all.", 240
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Seen:
    """Hold what a page did behind the user's back."""

    base: str
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if urlsplit(url).scheme in {"http", "https"} and not url.startswith(self.base):
            self.elsewhere.append(url)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the demo as the README says and give its address."""
    home = tmp_path_factory.mktemp("demo")
    free = {
        "AFTERSIGN_HOME": str(home),
        "PREFECT_HOME": str(home / "prefect"),
        "PYTHONUNBUFFERED": "1",
        "NO_COLOR": "1",
    }
    command = [sys.executable, "-m", "cli.main", "demo", "--port", "18080", "--prefect-port", "14200"]
    running = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **free}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said: list[str] = []
    ready = threading.Event()
    threading.Thread(target=_listen, args=(running, said, ready), daemon=True).start()
    try:
        assert ready.wait(_PATIENCE), "the demo did not get ready:\n" + "".join(said[-40:])
        assert running.poll() is None, "the demo ended:\n" + "".join(said[-40:])
        yield next(line for line in said if "Web" in line).split()[2]
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def _listen(running: subprocess.Popen[str], said: list[str], ready: threading.Event) -> None:
    assert running.stdout is not None
    for line in running.stdout:
        said.append(line)
        if _READY in line:
            ready.set()
    ready.set()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start Chromium; without one there is nothing to look with.

    It ends with its module: while it runs, its event loop is the thread's.
    """
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, demo: str) -> Iterator[BrowserContext]:
    opened = chromium.new_context(viewport=WIDE, base_url=demo, reduced_motion="reduce")  # type: ignore[arg-type]
    yield opened
    opened.close()


@pytest.fixture
def seen(demo: str) -> Seen:
    return Seen(demo)


@pytest.fixture
def page(context: BrowserContext, seen: Seen) -> Page:
    """Return a tab that remembers errors and requests to other hosts."""
    opened = context.new_page()
    seen.watch(opened)
    return opened
