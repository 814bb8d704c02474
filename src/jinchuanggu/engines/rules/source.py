"""From a path to nodes: bytes, encoding, size, YAML or JSON. Every way a file can be bad ends in Refused."""

from __future__ import annotations

from pathlib import Path

from jinchuanggu.engines.rules.json_nodes import parse_json
from jinchuanggu.engines.rules.nodes import Node
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.texts import same
from jinchuanggu.engines.rules.yaml_nodes import parse_yaml

MAX_BYTES = 16 * 1024 * 1024


def read_text(path: Path) -> str:
    """The text of a UTF-8 file (a leading byte order mark is dropped). Raises Refused."""
    name = str(path)
    try:
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Refused([Problem("no_file", name, 0, 0, "")]) from None
    except (OSError, ValueError) as error:
        raise Refused([Problem("unreadable", name, 0, 0, "", got=getattr(error, "strerror", None))]) from None
    return decode(data, name)


def decode(data: bytes, name: str) -> str:
    """Bytes as text, or Refused with the line and column of the first byte that is not UTF-8."""
    if len(data) > MAX_BYTES:
        raise Refused(
            [Problem("too_large", name, 0, 0, "", expected=same(f"≤ {MAX_BYTES // 1024 // 1024} MiB"))]
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        got = f"0x{data[error.start]:02x}"
        raise Refused(
            [Problem("encoding", name, line, column, "", expected=same("UTF-8"), got=got)]
        ) from None


def parse(text: str, name: str) -> tuple[Node, list[Problem]]:
    """The root node and the problems found so far. JSON by its name or its first character, else YAML.

    Raises Refused when there is no tree to go on with.
    """
    root: Node | None = None
    problems: list[Problem] = []
    if name.lower().endswith(".json"):
        root, problems = parse_json(text, name)
    else:
        if text.lstrip()[:1] == "{":
            root, problems = parse_json(text, name)
        if root is None:  # a YAML flow mapping also begins with a brace
            root, problems = parse_yaml(text, name)
    if root is None:
        raise Refused(problems or [Problem("empty", name, 1, 1, "")])
    return root, problems
