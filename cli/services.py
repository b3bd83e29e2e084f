"""Start, watch and stop the processes of one machine."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cli.environment import child_environment, log_path, prefect_auth
from config.settings import Settings
from domain.errors import Permanent

ORDER = ("prefect", "web", "worker")


@dataclass
class Services:
    """Run Prefect server, web and worker as children that end with us."""

    settings: Settings
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start one process with its log under `home`."""
        log = log_path(self.settings, name).open("ab")
        environment = child_environment(self.settings)
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", "cli.child", name],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
        )

    def wait(self, name: str, ready: Callable[[], bool], seconds: float) -> float:
        """Wait until a process is ready and return how long it took. Raises `Permanent`."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            if self.running[name].poll() is not None:
                raise self._broken(name, f"it ended with exit code {self.running[name].returncode}")
            if ready():
                return time.monotonic() - begin
            time.sleep(0.1)
        raise self._broken(name, f"it was not ready within {seconds:.0f} s")

    def start_all(self, told: Callable[[str, float], None] = lambda _name, _seconds: None) -> None:
        """Start everything; the receiver comes up first, because it needs nobody else."""
        self.start("web")
        if not self.settings.prefect.api_url:
            self.start("prefect")
        told("web", self.wait("web", self.web_ready, 60))
        if "prefect" in self.running:
            told("prefect", self.wait("prefect", self.prefect_ready, 180))
        log = log_path(self.settings, "worker")
        before = log.stat().st_size if log.exists() else 0
        self.start("worker")
        told("worker", self.wait("worker", lambda: b"ready" in _since(log, before), 120))

    def web_ready(self) -> bool:
        """Tell whether the web process answers."""
        return answers(f"http://{_local(self.settings.web.host)}:{self.settings.web.port}/healthz")

    def prefect_ready(self) -> bool:
        """Tell whether the Prefect server answers."""
        return answers(f"{self.settings.prefect_api}/health", prefect_auth(self.settings))

    def watch(self) -> None:
        """Stay until a process ends, and start it again: at most five times in ten minutes."""
        restarts: list[float] = []
        while True:
            time.sleep(0.5)
            for name, process in list(self.running.items()):
                if process.poll() is None:
                    continue
                now = time.monotonic()
                restarts = [moment for moment in restarts if now - moment < 600] + [now]
                if len(restarts) > 5:
                    raise self._broken(name, "it ended again and again")
                sys.stderr.write(f"{name} ended with exit code {process.returncode}; starting it again\n")
                self.start(name)

    def stop(self) -> None:
        """Ask every process to end, the worker first, and make sure of it."""
        for name in reversed(ORDER):
            process = self.running.get(name)
            if process is None or process.poll() is not None:
                continue
            process.terminate()
        deadline = time.monotonic() + 10
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def _broken(self, name: str, why: str) -> Permanent:
        path = log_path(self.settings, name)
        tail = path.read_text(errors="replace").strip().splitlines()[-1:] if path.exists() else []
        return Permanent(f"{name} does not run", why="; ".join([why, *tail]), fix=f"read {path}")


def free_port(host: str, wanted: int) -> int:
    """Return the wanted port or the next one that is free."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise Permanent(f"No free port from {wanted} on", fix="stop something or choose another port")


def _local(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104


def answers(url: str, auth: str = "") -> bool:
    """Tell whether an address of ours answers 200 within three seconds."""
    request = urllib.request.Request(url)  # noqa: S310 - our own address
    if auth:
        request.add_header("Authorization", "Basic " + base64.b64encode(auth.encode()).decode())
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=3) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _since(log: Path, start: int) -> bytes:
    with log.open("rb") as file:
        file.seek(start)
        return bytes(file.read())
