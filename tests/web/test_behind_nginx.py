"""Behind a real nginx that logs people in: it alone names them, and senders without a login pass by signature."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from config.settings_serving import Login, Web
from samples.fake_pandadoc import FakePandaDoc
from tests.conftest import MakeSettings
from tests.web.live import Live, Server
from tests.web.test_webhooks import chosen, completed

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
LEA, DANA = "lea.brandt@lumora.example", "dana.whitfield@lumora.example"
CONFIG = """
daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes 1; {user}
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/a;
  uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
  server {{
    listen 127.0.0.1:{port};
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Groups "";
    proxy_set_header X-Forwarded-Email $remote_user;
    auth_basic "Aftersign"; auth_basic_user_file {folder}/people;
    location / {{ proxy_pass http://127.0.0.1:{behind}; }}
    location ~ ^/(webhooks/[^/]+|t/.*|healthz)$ {{
      auth_basic off;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Groups "";
      proxy_set_header X-Forwarded-Email "";
      proxy_pass http://127.0.0.1:{behind};
    }}
  }}
}}
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="needs nginx")


@pytest.fixture
def live(settings: MakeSettings, sqlite_template: Path, tmp_path: Path) -> Iterator[Live]:
    """Serve behind nginx; the address of what is returned is nginx's."""
    shutil.copy(sqlite_template, tmp_path / "aftersign.db")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = chosen(settings, f"sqlite:///{tmp_path / 'aftersign.db'}")
    login = Login(mode="header", proxies=["127.0.0.1"], groups_header="X-Forwarded-Groups")
    web = Web(host="127.0.0.1", public_url=f"http://127.0.0.1:{port}")
    server = Server(made.model_copy(update={"login": login, "web": web}), FakePandaDoc())
    with server as running, Nginx(tmp_path / "nginx", port, running.port):
        running.port = port
        yield running


class Nginx:
    """Run nginx with two people and the password `right`."""

    def __init__(self, folder: Path, port: int, behind: int) -> None:
        folder.mkdir()
        (folder / "people").write_text(
            f"{LEA}:{{PLAIN}}right\n{DANA}:{{PLAIN}}right\nstranger@else.example:{{PLAIN}}right\n"
        )
        root = "user root;" if os.geteuid() == 0 else ""
        self._file, self._port, self._folder = folder / "nginx.conf", port, folder
        self._file.write_text(CONFIG.format(folder=folder, port=port, behind=behind, user=root))

    def __enter__(self) -> None:
        self._process = subprocess.Popen([str(NGINX), "-c", str(self._file), "-e", str(self._folder / "errors")])
        deadline = time.monotonic() + 20
        while socket.socket().connect_ex(("127.0.0.1", self._port)):
            assert time.monotonic() < deadline, (self._folder / "errors").read_text()
            time.sleep(0.02)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        assert self._process.wait(20) == 0


def get(live: Live, path: str, who: str = "", **headers: str) -> httpx.Response:
    login = (who, "right") if who else None
    return live.client.get(f"{live.url}{path}", auth=login, headers=headers)


class TestBehindNginx:
    def test_its_login_names_the_person(self, live: Live) -> None:
        assert get(live, "/people/me").status_code == 401, "nginx asks first"
        page = get(live, "/people/me", LEA)
        assert page.status_code == 200
        assert LEA in page.text

    def test_a_header_of_the_visitor_is_not_believed(self, live: Live) -> None:
        named = {"X-Forwarded-Email": DANA, "X-Forwarded-Groups": "aftersign-admins"}
        page = get(live, "/people/me", LEA, **named)
        assert LEA in page.text
        assert DANA not in page.text.split("</nav>", maxsplit=1)[-1]
        assert get(live, "/t/brief/guess", **named).status_code in {403, 404}

    def test_a_stranger_with_a_password_sees_nothing(self, live: Live) -> None:
        assert get(live, "/handoffs", "stranger@else.example").status_code == 403

    def test_a_form_of_our_own_page_is_taken_and_one_of_another_site_is_not(self, live: Live) -> None:
        for origin, status in ((live.url, 200), ("https://evil.example", 403)):
            answer = live.client.post(
                f"{live.url}/people/me/feeds", data={"view": "mine"}, auth=(LEA, "right"), headers={"Origin": origin},
            )  # fmt: skip
            assert answer.status_code == status, answer.text

    def test_a_signed_webhook_passes_without_a_login_and_an_unsigned_one_does_not(self, live: Live) -> None:
        assert live.post(completed(), event_id="e-1").status_code == 200
        assert live.post(completed(), signature="0" * 64).status_code in {401, 403}

    def test_links_without_a_login_are_judged_by_their_token(self, live: Live) -> None:
        answer = get(live, "/t/brief/guess")
        assert answer.status_code in {403, 404}
        assert "www-authenticate" not in answer.headers
        assert get(live, "/healthz").status_code == 200
