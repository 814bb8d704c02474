"""The store: files on disk under the SHA-256 of their bytes. A file appears whole or not at all.

Layout: `DOCUMENT_ROOT/ab/cd/abcd….`; writing goes to `DOCUMENT_ROOT/incoming` first, is flushed to the disk
and renamed
into place, and the folder is flushed too, so neither a kill nor a power cut leaves half a file under a good
name.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings

CHUNK = 1024 * 1024
KEPT_IN_MEMORY = 4 * CHUNK


class Corrupt(Exception):
    """The bytes on disk are not those that were stored, or are gone. `missing` tells which."""

    def __init__(self, sha256: str, *, missing: bool) -> None:
        super().__init__(f"{'missing' if missing else 'changed'}: {sha256}")
        self.sha256, self.missing = sha256, missing


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int


@dataclass(frozen=True)
class Broken:
    """A version whose file does not hold. `document_id`, `number` name the version; `missing`: the file is
    gone.
    """

    document_id: int
    number: int
    sha256: str
    missing: bool


def _root() -> Path:
    return Path(settings.DOCUMENT_ROOT)


def path_of(sha256: str) -> Path:
    """Where the file of this hash lives; the name is a hash and nothing else ever becomes a path."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return _root() / sha256[:2] / sha256[2:4] / sha256


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for parent in (folder.parent, folder.parent.parent):
        _flush_folder(parent)


def put(source: BinaryIO) -> Stored:
    """Store the bytes of an open file from its start; the same bytes are stored once. Raises OSError."""
    incoming = _root() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    source.seek(0)
    digest, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=incoming)
    try:
        with os.fdopen(descriptor, "wb") as file:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        sha256 = digest.hexdigest()
        target = path_of(sha256)
        _make_folder(target.parent)
        os.chmod(name, 0o440)
        os.replace(name, target)  # also mends a file that was damaged since
        _flush_folder(target.parent)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return Stored(sha256, size)


def open_verified(sha256: str) -> IO[bytes]:
    """A private copy of the file, positioned at its start, whose bytes were all checked. Raises `Corrupt`.

    The copy is what gets sent, so nobody can change the file between the check and the sending.
    """
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 (the caller closes it)
    digest = hashlib.sha256()
    try:
        with path_of(sha256).open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                copy.write(chunk)
    except OSError as problem:
        copy.close()
        raise Corrupt(sha256, missing=True) from problem
    if digest.hexdigest() != sha256:
        copy.close()
        raise Corrupt(sha256, missing=False)
    copy.seek(0)
    return copy


def check(sha256: str) -> None:
    """Read a stored file and compare. Raises `Corrupt`."""
    digest = hashlib.sha256()
    try:
        with path_of(sha256).open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as problem:
        raise Corrupt(sha256, missing=True) from problem
    if digest.hexdigest() != sha256:
        raise Corrupt(sha256, missing=False)


def verify_all() -> Iterator[Broken]:
    """Walk every version and yield those whose file does not hold; each file is read once."""
    from jinchuanggu.foundation.documents.models import Version

    last, state = "", None
    rows = (
        Version.objects.exclude(sha256="")
        .order_by("sha256", "pk")
        .values_list("sha256", "document_id", "number")
    )
    for sha256, document_id, number in rows.iterator():
        if sha256 != last:
            last, state = sha256, None
            try:
                check(sha256)
            except Corrupt as problem:
                state = problem
            except ValueError:
                state = Corrupt(sha256, missing=True)
        if state is not None:
            yield Broken(document_id, number, sha256, state.missing)
