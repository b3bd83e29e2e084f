"""A private PostgreSQL server for one bench, where its binaries are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres(keep: Path | None = None) -> Iterator[str]:
    """Start a server and yield the address of its database, or nothing where there is no PostgreSQL.

    With a folder to keep, the server stores its data there and finds it again the next time.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        print("PostgreSQL is left out: its binaries are not installed (apt-get install postgresql)")
        yield ""
        return
    binaries, socket = found[-1].parent, _own(Path(tempfile.mkdtemp(prefix="aftersign-pg-")))
    folder = _own(keep / "postgresql") if keep else socket
    data = folder / "data"
    try:
        if not data.exists():
            _run(binaries, "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8")
        options = f"-k {socket} -c listen_addresses='' -c shared_buffers=256MB -c work_mem=32MB"
        _run(binaries, "pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield f"postgresql://postgres@/postgres?host={socket}"
    finally:
        _run(binaries, "pg_ctl", "-D", str(data), "-m", "fast" if keep else "immediate", "stop", check=False)
        shutil.rmtree(socket, ignore_errors=True)


def _own(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:
        shutil.chown(folder, _user())
    return folder


def _user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(binaries: Path, program: str, *arguments: str, check: bool = True) -> None:
    user = _user() if os.getuid() == 0 else None
    subprocess.run([str(binaries / program), *arguments], check=check, user=user, capture_output=True, cwd="/")
