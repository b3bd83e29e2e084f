"""The document vault: write-once, and never silent about a changed file."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Permanent
from store.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def path_of(tmp_path: Path, digest: str) -> Path:
    return tmp_path / "vault" / digest[:2] / digest


class TestAVault:
    def test_gives_back_what_was_put(self, vault: Vault) -> None:
        for data in (b"", b"%PDF-1.7", os.urandom(300_000)):
            assert vault.put(data) == hashlib.sha256(data).hexdigest()
            assert vault.get(hashlib.sha256(data).hexdigest()) == data

    def test_writes_a_file_once(self, vault: Vault, tmp_path: Path) -> None:
        path = path_of(tmp_path, vault.put(b"x"))
        before = path.stat()
        vault.put(b"x")
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert path.stat().st_mode & 0o777 == 0o400

    def test_names_a_file_that_was_altered(self, vault: Vault, tmp_path: Path) -> None:
        digest = vault.put(b"the signed paper")
        path_of(tmp_path, digest).chmod(0o600)
        path_of(tmp_path, digest).write_bytes(b"another paper")
        with pytest.raises(Permanent, match="was altered.*restore that file"):
            vault.get(digest)

    def test_names_a_file_that_is_missing(self, vault: Vault) -> None:
        with pytest.raises(Permanent, match="is missing.*restore the vault"):
            vault.get("0" * 64)

    @given(
        st.one_of(st.text(max_size=80), st.sampled_from(["../" * 5 + "etc/passwd", "A" * 64, "0" * 63, "0" * 63 + "/"]))
    )
    def test_opens_nothing_but_a_sha256(self, name: str) -> None:
        vault = Vault(Path("/tmp"))  # no file is reached, whatever the name
        if len(name) == 64 and set(name) <= set("0123456789abcdef"):
            return
        with pytest.raises(Permanent, match="is not a document id"):
            vault.get(name)

    def test_takes_the_same_file_from_many_at_once(self, vault: Vault, tmp_path: Path) -> None:
        data, found = os.urandom(200_000), []
        threads = [threading.Thread(target=lambda: found.append(vault.put(data))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        digest = hashlib.sha256(data).hexdigest()
        assert found == [digest] * 8
        assert vault.get(digest) == data
        assert [path.name for path in path_of(tmp_path, digest).parent.iterdir()] == [digest]

    def test_leaves_no_half_file_behind_when_the_disk_is_full(
        self, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            vault.put(b"x")
        assert [path for path in (tmp_path / "vault").rglob("*") if path.is_file()] == []
