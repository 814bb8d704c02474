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
    if found.intact:
        text = {
            "zh": f"审计链完好：{found.count} 条记录逐条核验无误",
            "en": f"The chain is intact: {found.count} records verified one by one",
        }
    else:
        text = {
            "zh": f"审计链已损坏：第 {found.broken} 条，{found.why}",
            "en": f"Broken at {found.broken}: {found.why}",
        }
    return {
        "text": text,
        "intact": found.intact,
        "count": found.count,
        "broken": found.broken,
        "head": found.head,
    }
