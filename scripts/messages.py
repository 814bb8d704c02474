"""Message catalogues. Source strings are Chinese; the English catalogue is one file.

`--compile` makes the .mo when it is stale (by Babel, so that running the product needs no gettext tools). Without an
option the strings are extracted anew (needs gettext). `--check` extracts into a copy and names every string that has no
English, or an English text that lost a placeholder; exit code 1 when there is any.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "jinchuanggu"
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def compile_catalogue() -> None:
    """Write the .mo if it is missing or older than its .po."""
    po = PACKAGE / CATALOGUE
    mo = po.with_suffix(".mo")
    if not po.exists() or (mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime):
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as source, mo.open("wb") as target:
        write_mo(target, read_po(source, locale="en"))


def extract(folder: Path) -> None:
    """Extract the strings of the package in `folder` into its catalogue."""
    environment = {**os.environ, "PYTHONPATH": "", "DJANGO_SETTINGS_MODULE": ""}
    (folder / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "en", "--no-location", "--no-obsolete", "--no-wrap", "-v0",
         "--ignore=static/*", "--ignore=migrations/*"],
        cwd=folder, check=True, env=environment,
    )  # fmt: skip


def problems(po: Path) -> list[str]:
    """Every string without English, and every placeholder that the English lost."""
    import polib

    found = []
    for entry in polib.pofile(str(po)):
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if "fuzzy" in entry.flags or not all(texts):
            found.append(f"no English: {entry.msgid!r}")
        elif not entry.msgid_plural and sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(
            PLACEHOLDER.findall(texts[0])
        ):
            found.append(f"placeholders differ: {entry.msgid!r} → {texts[0]!r}")
    return found


def check() -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "jinchuanggu"
        shutil.copytree(
            PACKAGE, copy, ignore=shutil.ignore_patterns("static", "__pycache__", "*.mo", "migrations")
        )
        extract(copy)
        found = problems(copy / CATALOGUE)
    for line in found:
        print(line)
    print(f"{len(found)} problem(s) in the English catalogue")
    return bool(found)


if __name__ == "__main__":
    if "--compile" in sys.argv:
        compile_catalogue()
    elif "--check" in sys.argv:
        sys.exit(check())
    else:
        extract(PACKAGE)
        compile_catalogue()
