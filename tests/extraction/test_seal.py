"""A process that opens strangers' files has no network, nor has any program it becomes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

PROBE = """
import socket, subprocess, sys
from extraction.seal import seal
print(seal())
try:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM)
except PermissionError:
    print("refused")
child = "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)"
print(subprocess.run([sys.executable, "-c", child], capture_output=True).returncode)
print(open(__import__("os").devnull).read() == "")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
def test_refuses_every_socket_here_and_in_children_and_nothing_else() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "refused", "1", "True"]
