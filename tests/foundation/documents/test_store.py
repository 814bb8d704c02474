"""The store: whole or not at all, and every change on disk is noticed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from jinchuanggu.foundation.documents import store


def _put(data: bytes) -> store.Stored:
    return store.put(io.BytesIO(data))


def test_what_goes_in_comes_out() -> None:
    stored = _put(b"abc" * 1000)
    assert stored.size == 3000
    with store.open_verified(stored.sha256) as copy:
        assert copy.read() == b"abc" * 1000


def test_the_same_bytes_are_stored_once(settings: Any) -> None:
    assert _put(b"x") == _put(b"x")
    assert len([p for p in Path(settings.DOCUMENT_ROOT).rglob("*") if p.is_file()]) == 1


@pytest.mark.parametrize("position", [0, 1, -1])
def test_one_changed_byte_is_noticed(position: int) -> None:
    stored = _put(b"0123456789")
    path = store.path_of(stored.sha256)
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)
    with pytest.raises(store.Corrupt) as found:
        store.open_verified(stored.sha256)
    assert not found.value.missing
    with pytest.raises(store.Corrupt):
        store.check(stored.sha256)
    assert _put(b"0123456789") == stored  # storing the right bytes again mends it
    store.check(stored.sha256)


def test_a_missing_file_is_noticed() -> None:
    stored = _put(b"gone")
    store.path_of(stored.sha256).unlink()
    with pytest.raises(store.Corrupt) as found:
        store.open_verified(stored.sha256)
    assert found.value.missing


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "g" * 64])
def test_only_a_hash_becomes_a_path(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path_of(name)


def test_a_failing_source_leaves_nothing(settings: Any) -> None:
    class Broken(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        store.put(Broken(b"abc"))
    assert not [p for p in Path(settings.DOCUMENT_ROOT).rglob("*") if p.is_file()]


def test_a_kill_in_the_middle_leaves_no_half_file(tmp_path: Path) -> None:
    script = (
        "import io, django\nfrom django.conf import settings\n"
        f"settings.configure(DOCUMENT_ROOT={str(tmp_path / 'root')!r})\n"
        "from jinchuanggu.foundation.documents import store\n"
        "class Slow(io.BytesIO):\n"
        "    def read(self, n=-1):\n"
        "        import time\n"
        "        print('reading', flush=True); time.sleep(0.05); return b'x' * 4096\n"
        "store.put(Slow())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ})
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    left = [p for p in (tmp_path / "root").rglob("*") if p.is_file() and p.parent.name != "incoming"]
    assert left == []
