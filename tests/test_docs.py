"""What the documentation points at is there, and no picture of the guides is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def targets(page: Path) -> list[Path]:
    links = LINK.findall(page.read_text("utf-8"))
    return [page.parent / link.partition("#")[0] for link in links if "://" not in link and link[0] != "#"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [str(target) for target in targets(page) if not target.exists()] == []


def test_every_picture_of_the_guides_is_shown_and_renewed() -> None:
    pictures = {path.resolve() for path in (ROOT / "docs/img/guides").glob("*.png")}
    assert pictures <= {target.resolve() for page in PAGES for target in targets(page)}
    renewed = re.findall(r'Picture\("([\w-]+)"', (ROOT / "tests/guide_pictures.py").read_text("utf-8"))
    assert {path.stem for path in pictures} == set(renewed)
