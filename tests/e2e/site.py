"""The running demo as the browser tests see it, and small helpers of theirs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass
class Site:
    """`home` is its state folder, so a test can look at what was kept."""

    url: str
    home: Path
    process: subprocess.Popen[bytes] | None
    environment: dict[str, str]

    def jcg(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on the same state folder."""
        return subprocess.run(
            [str(Path(sys.executable).parent / "jcg"), *arguments],
            env=self.environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds on the page (WCAG 2.2 A and AA): `rule: selector`, one per place."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        """async () => (await axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa',
            'best-practice']})).violations
            .flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ' — ' + n.failureSummary))"""
    )
    return list(found)


def overflow(page: Page) -> int:
    """How many CSS pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
