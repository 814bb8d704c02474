"""The explicit mapping of heads to inputs, a YAML file:

```yaml
columns:
  营收: {input: revenue_cny, year: 2025, unit: 万元}
  公司: name
  备注: ignore
```
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinchuanggu.commands.sheets import units
from jinchuanggu.commands.sheets.heads import LABELS, Heads
from jinchuanggu.engines.rules.nodes import Mapping, Scalar
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.source import parse, read_text

IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a head was said to mean: an input id, a label or ``ignore``."""

    name: str
    year: int | None = None
    unit: str | None = None


def read(path: Path, heads: Heads) -> dict[str, Meant]:
    """By the words of the head. Raises Refused with file and line of every mistake."""
    root, problems = parse(read_text(path), str(path))
    reader = Reader(str(path), problems)
    columns = reader.mapping(root, "", ("columns",), ("columns",)).get("columns")
    options = (*heads.inputs, *LABELS, IGNORE)
    found: dict[str, Meant] = {}
    if columns is not None and not isinstance(columns, Mapping):
        reader.mapping(columns, "columns", ())
    elif columns is not None:
        for key, node in columns.entries:
            at = join("columns", key.raw)
            if isinstance(node, Scalar):
                name = reader.choice(node, at, options, plain=True)
                if name is not None:
                    found[key.raw.strip()] = Meant(name)
                continue
            inside = reader.mapping(node, at, ("input", "year", "unit"), ("input",))
            name = reader.choice(inside["input"], join(at, "input"), options) if "input" in inside else None
            year = reader.integer(inside["year"], join(at, "year")) if "year" in inside else None
            unit = (
                reader.choice(inside["unit"], join(at, "unit"), list(units.WORDS))
                if "unit" in inside
                else None
            )
            if name is not None:
                found[key.raw.strip()] = Meant(name, year, unit)
    reader.finish()
    return found
