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
def postgres() -> Iterator[str]:
    """Start a server and yield the address of an empty database, or nothing where there is no PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        print("PostgreSQL is left out: its binaries are not installed (apt-get install postgresql)")
        yield ""
        return
    folder = Path(tempfile.mkdtemp(prefix="aftersign-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, _user())
    try:
        _run(found[-1].parent, "initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c shared_buffers=256MB -c work_mem=32MB"
        _run(
            found[-1].parent,
            "pg_ctl",
            "-D",
            str(folder / "data"),
            "-o",
            options,
            "-l",
            str(folder / "log"),
            "-w",
            "start",
        )
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        _run(found[-1].parent, "pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(binaries: Path, program: str, *arguments: str, check: bool = True) -> None:
    user = _user() if os.getuid() == 0 else None
    subprocess.run([str(binaries / program), *arguments], check=check, user=user, capture_output=True, cwd="/")
