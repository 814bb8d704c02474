"""Long work of the audit."""

from __future__ import annotations

from typing import Any

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit import seal
from jinchuanggu.foundation.jobs.progress import Progress
from jinchuanggu.foundation.jobs.registry import work


@work("audit.verify")
def verify(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Walk the whole chain; the summary names the first broken record, if any."""
    found = seal.verify()
    progress.log(f"{found.count} · {found.head}")
    return {
        "intact": found.intact,
        "count": found.count,
        "broken": found.broken,
        "why": found.why,
        "head": found.head,
    }
