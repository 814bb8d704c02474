"""Reading nodes into values, collecting every problem on the way instead of stopping at the first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from collections.abc import Mapping as Labelled
from decimal import Decimal

from jinchuanggu.engines.rules.dates import PartialDate
from jinchuanggu.engines.rules.nodes import Kind, Mapping, Node, Scalar, Sequence, shortened, shown
from jinchuanggu.engines.rules.problems import MOST_REPORTED, Problem, Refused
from jinchuanggu.engines.rules.texts import Text, same

MAX_TEXT = 2000
# control characters, those that turn the direction of writing, and halves of characters
_UNSEEN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")
MAX_DIGITS = 15

TEXT = Text("文字", "text")
LIST = Text("列表", "a list")
MAPPING = Text("键值对", "a mapping")
BOOLEAN = Text("true 或 false", "true or false")
DATE = Text("日期 YYYY-MM-DD、YYYY-MM 或 YYYY", "a date YYYY-MM-DD, YYYY-MM or YYYY")
DAY = Text("日期 YYYY-MM-DD", "a date YYYY-MM-DD")
NUMBER = Text(
    f"不小于 0 的数，有效数字不超过 {MAX_DIGITS} 位，不带单位和千分位",
    f"a number of 0 or more, at most {MAX_DIGITS} significant digits, without unit or separators",
)


class Reader:
    """Typed access to nodes. Each method returns None when it had to report a problem."""

    def __init__(self, file: str, problems: Iterable[Problem] = ()) -> None:
        self.file = file
        self.problems: list[Problem] = list(problems)
        self._seen: set[tuple[str, int, int, str]] = set()

    def problem(
        self,
        code: str,
        node: Node,
        path: str,
        *,
        expected: Text | None = None,
        got: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        """Note a problem; one place in a file is reported once even when references repeat it."""
        key = (code, node.line, node.column, path.rpartition(".")[2] if node.line else path)
        if key in self._seen:
            return
        self._seen.add(key)
        self.problems.append(
            Problem(code, self.file, node.line, node.column, path, expected, got, suggestion)
        )
        if len(self.problems) >= MOST_REPORTED:
            raise Refused(self.problems)

    def finish(self) -> None:
        """Refuse if anything was wrong, problems in the order of the file."""
        if self.problems:
            raise Refused(sorted(self.problems, key=lambda found: (found.file, found.line, found.column)))

    def mapping(
        self, node: Node, path: str, known: Collection[str], required: Collection[str] = ()
    ) -> dict[str, Node]:
        """The entries by key. Unknown keys are reported with the nearest known; nulls count as absent."""
        if not isinstance(node, Mapping):
            self.problem("type", node, path, expected=MAPPING, got=shown(node))
            return {}
        found: dict[str, Node] = {}
        present: set[str] = set()
        for key, value in node.entries:
            if key.raw not in known:
                near = nearest(key.raw, known)
                expected = None if near else same(", ".join(known))
                got = shortened(key.raw)
                self.problem(
                    "unknown_key", key, join(path, key.raw), expected=expected, got=got, suggestion=near
                )
                continue
            present.add(key.raw)
            if not is_null(value):
                found.setdefault(key.raw, value)
        for name in required:
            if name not in found:
                said = "null" if name in present else None
                self.problem("missing_key", node, join(path, name), expected=same(name), got=said)
        return found

    def sequence(self, node: Node, path: str) -> tuple[Node, ...] | None:
        if isinstance(node, Sequence):
            return node.items
        self.problem("type", node, path, expected=LIST, got=shown(node))
        return None

    def text(self, node: Node, path: str, *, plain: bool = False, longest: int = MAX_TEXT) -> str | None:
        """Text that says something. ``plain`` also takes an unquoted number, such as a code or a version."""
        if not isinstance(node, Scalar) or not (
            node.kind is Kind.TEXT or (plain and node.kind is Kind.NUMBER)
        ):
            self.problem("type", node, path, expected=TEXT, got=shown(node))
            return None
        if not node.raw.strip():
            self.problem("blank", node, path, expected=TEXT)
            return None
        if _UNSEEN.search(node.raw):
            self.problem("control", node, path, got=shown(node))
            return None
        if len(node.raw) > longest:
            self.problem("too_long", node, path, expected=same(f"≤ {longest}"), got=str(len(node.raw)))
            return None
        return node.raw.strip()

    def boolean(self, node: Node, path: str) -> bool | None:
        if isinstance(node, Scalar) and node.kind is Kind.BOOLEAN:
            return node.raw == "true"
        self.problem("type", node, path, expected=BOOLEAN, got=shown(node))
        return None

    def number(
        self, node: Node, path: str, *, whole: bool = False, negative: bool = False, asked: Text = NUMBER
    ) -> Decimal | None:
        """An exact decimal below 10^15; the characters are bounded first, so huge exponents cost nothing."""
        value = _decimal(node)
        if value is None or (value < 0 and not negative):
            self.problem("number", node, path, expected=asked, got=shown(node))
            return None
        if whole and value != value.to_integral_value():
            expected = Text("整数", "a whole number")
            self.problem("number", node, path, expected=expected, got=shown(node))
            return None
        return value

    def integer(self, node: Node, path: str) -> int | None:
        value = self.number(node, path, whole=True)
        return None if value is None else int(value)

    def choice(
        self,
        node: Node,
        path: str,
        options: Collection[str],
        *,
        plain: bool = False,
        labels: Labelled[str, Text] | None = None,
    ) -> str | None:
        """One of the options, else reported with the nearest of them, or with the one so labelled."""
        raw = self.text(node, path, plain=plain)
        if raw is None or raw in options:
            return raw
        expected, near = same(" | ".join(options)), nearest(raw, options)
        if labels is not None:
            named = list(labels.items())
            expected = Text(
                " | ".join(f"{code} {label.zh}" for code, label in named),
                " | ".join(f"{code} {label.en}" for code, label in named),
            )
            # codes of digits look alike without meaning alike; names tell them apart
            near = next((code for code, label in named if len(raw) > 1 and raw in label.zh), near)
            near = None if raw.isdigit() else near
        self.problem("choice", node, path, expected=expected, got=shortened(raw), suggestion=near)
        return None

    def date(self, node: Node, path: str, *, exact: bool = False) -> PartialDate | None:
        if isinstance(node, Scalar) and node.kind in (Kind.TEXT, Kind.NUMBER) and len(node.raw) <= 10:
            try:
                found = PartialDate.parse(node.raw)
            except ValueError:
                pass
            else:
                if found.exact or not exact:
                    return found
        self.problem("date", node, path, expected=DAY if exact else DATE, got=shown(node))
        return None

    def both(self, node: Node, path: str) -> Text | None:
        """A text as ``{zh: …, en: …}``; both are required."""
        found = self.mapping(node, path, ("zh", "en"), ("zh", "en"))
        words = {key: self.text(value, join(path, key)) for key, value in found.items()}
        zh, en = words.get("zh"), words.get("en")
        return Text(zh, en) if zh and en else None


def join(path: str, key: str) -> str:
    """The path of a key under a path; long or strange keys are shortened."""
    key = key if len(key) <= 60 and key.isprintable() else shortened(key)
    return f"{path}.{key}" if path else key


def is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind is Kind.NULL


def nearest(word: str, options: Collection[str]) -> str | None:
    """The option most like a word, or None when none is near."""
    lowered = {option.lower(): option for option in options}
    close = difflib.get_close_matches(word[:80].lower(), lowered, n=1, cutoff=0.6)
    if close:
        return lowered[close[0]]
    begun = [option for option in options if len(word) > 3 and option.startswith(word[:80])]
    return begun[0] if len(begun) == 1 else None


def _decimal(node: Node) -> Decimal | None:
    if not isinstance(node, Scalar) or node.kind is not Kind.NUMBER or len(node.raw) > 40:
        return None
    try:
        value = Decimal(node.raw)
    except ArithmeticError:
        return None
    if not value.is_finite():
        return None
    if value == 0:
        return Decimal(0)
    if value.adjusted() >= MAX_DIGITS or value.adjusted() < -MAX_DIGITS:
        return None
    if len(value.as_tuple().digits) - _idle_zeros(value) > MAX_DIGITS:
        return None
    return value


def _idle_zeros(value: Decimal) -> int:
    digits = value.as_tuple().digits
    return next((count for count, digit in enumerate(reversed(digits)) if digit), 0)
