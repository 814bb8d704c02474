"""Evidence of a result for the screen: each piece knows whether it was published, filed or computed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinchuanggu.indicators.models import Figure


def with_kinds(result: dict[str, Any], figures: Iterable[Figure], builder: str) -> dict[str, Any]:
    """The result with `source.kind` set on its evidence, by the figures' own sources, and the builder by
    its name.

    Changes and returns it.
    """
    for criterion in result["criteria"]:
        if criterion["id"] == "builder" and criterion["value"]:
            criterion["value"] = builder
            for piece in criterion["evidence"]:
                piece["value"] = builder
    kinds = {(figure.source_title, figure.source_url or None): figure.source_kind for figure in figures}
    for group in ("criteria", "expert"):
        for criterion in result[group]:
            _mark(criterion, kinds)
    return result


def _mark(criterion: dict[str, Any], kinds: dict[tuple[str, str | None], str]) -> None:
    for piece in criterion["evidence"]:
        source = piece["source"]
        if source is not None:
            source["kind"] = kinds.get((source["title"], source["url"]), "published")
    for child in criterion["children"]:
        _mark(child, kinds)
