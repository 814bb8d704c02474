"""The bytes of uploaded workbooks, kept under their SHA-256 in the state folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from jinchuanggu.foundation.exchange.limits import MAX_BYTES
from jinchuanggu.foundation.exchange.problems import BadFile


def folder() -> Path:
    return Path(settings.DOCUMENT_ROOT).parent / "imports"


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / f"{sha256}.xlsx"


def keep(upload: UploadedFile) -> tuple[str, int]:
    """Store the bytes; gives `(sha256, size)`. Raises BadFile when there are too many of them."""
    folder().mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder(), delete=False) as file:
        try:
            for block in upload.chunks():
                size += len(block)
                if size > MAX_BYTES:
                    raise BadFile(_("文件超过 %(size)d MB，请分成几份") % {"size": MAX_BYTES // 2**20})
                digest.update(block)
                file.write(block)
        except BadFile:
            os.unlink(file.name)
            raise
    target = path_of(digest.hexdigest())
    target.parent.mkdir(exist_ok=True)
    os.replace(file.name, target)
    return digest.hexdigest(), size


def intact(sha256: str) -> Path:
    """The stored file when its bytes are still those that were uploaded. Raises BadFile."""
    path = path_of(sha256)
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(_("上传的文件已不在服务器上，请重新上传")) from error
    if found != sha256:
        raise BadFile(_("服务器上的文件与上传时不一致，请重新上传"))
    return path
