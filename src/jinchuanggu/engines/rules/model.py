"""What a rule file says, as frozen data. Nothing here computes; nothing here knows a figure of any policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from jinchuanggu.engines.rules.benefit import Benefit
from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.formulas import Formula
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.texts import Text


class Confidence(StrEnum):
    """How sure we are that the rule says what the document says."""

    SEARCHED = "searched"
    SEARCHED_SINGLE = "searched-single"
    RECALLED = "recalled"
    UNKNOWN = "unknown"


class ReviewStatus(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"
    IN_FORCE = "in_force"
    REPEALED = "repealed"


class InputType(StrEnum):
    """What kind of fact an input is."""

    NUMBER = "number"  # reports of one figure
    SERIES = "series"  # reports of one figure over years
    LIST = "list"  # items, each with attributes; a list not given is not an empty one
    BOOLEAN = "boolean"
    CODE = "code"  # one code out of a set
    EXPERT = "expert"  # a judgement of experts
    DATE = "date"  # a day


@dataclass(frozen=True, slots=True)
class Input:
    """One declared fact or named value; ``unit`` is a code of the unit table, for numbers and series.

    A fact may have a ``formula`` (only a sum) that stands in while it has no report of its own. A *value*
    (``computed``) is never reported: its formula alone gives it.
    ``options``: the codes a CODE input may have, with their labels; empty means any.
    ``group`` and ``help`` serve forms and templates.
    """

    id: str
    type: InputType
    title: Text
    unit: str | None = None
    formula: Formula | None = None
    computed: bool = False
    options: Mapping[str, Text] = field(default_factory=dict)
    group: str = ""
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number against a limit, both in the unit of the input. The limit is a number or a named value."""

    input: str
    operator: Operator
    limit: Fraction | str
    unit: str
    wording: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient of two numbers against a limit, in percent. A zero denominator is undefined, not zero."""

    numerator: str
    denominator: str
    operator: Operator
    limit: Fraction
    wording: str


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth of a yearly series by more than (or at least) a rate in percent.

    ``each``: every year on the year before; ``mean``: the arithmetic mean of the yearly rates of the last
    ``steps`` years; ``compound``: the geometric mean of the same.
    """

    input: str
    operator: Operator
    rate: Fraction
    wording: str
    method: str = "each"
    steps: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """How many items of a list have the attributes asked for. ``exists``: asked for as "at least one"."""

    input: str
    operator: Operator
    limit: Fraction
    wording: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Includes:
    """A list contains an item."""

    input: str
    item: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A code is one of those listed."""

    input: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsTrue:
    """A statement holds."""

    input: str


@dataclass(frozen=True, slots=True)
class Expert:
    """Judged by experts; the software only reports whether and how they did."""

    input: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A condition whose text or figure was not found: always not evidenced, for the reason ``rule_unknown``."""


@dataclass(frozen=True, slots=True)
class Band:
    """``points`` to ``most`` points (equal unless experts choose within the band).

    ``shared_edge``: both neighbours claim the limit in the text; the better one is given and flagged
    (``edge_ambiguous``).
    """

    operator: Operator
    limit: Fraction
    points: Fraction
    most: Fraction | None = None
    shared_edge: bool = False


@dataclass(frozen=True, slots=True)
class ScorePart:
    """Points by bands of a number or of a ratio in percent; the first band that holds gives them.

    Exactly one of: ``input`` (number or value, with bands), ``ratio`` (with bands), ``code`` (a CODE input with
    ``options``), ``statement`` (a BOOLEAN input: ``most`` points if it holds, ``otherwise`` if not), ``parts``
    (their sum, at most ``cap``; with ``best`` the greatest of them), or none of these: in the hands of experts,
    anything from 0 to ``most`` points.
    ``judge``: an EXPERT input whose score, once given, is the points, whatever interval the bands left.
    ``undefined``: points where the measured number is undefined (zero denominator or base); None: unknown.
    """

    id: str
    title: Text
    input: str | None
    ratio: tuple[str, str] | None
    bands: tuple[Band, ...]
    otherwise: Fraction
    most: Fraction
    code: str | None = None
    options: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    statement: str | None = None
    parts: tuple[ScorePart, ...] = ()
    best: bool = False
    cap: Fraction | None = None
    judge: str | None = None
    undefined: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of parts against a pass mark. An unknown part counts as the interval of its points.

    ``of``: the id of a scheme of the rule set (``RuleSet.scores``) or of a group inside one, whose points are
    compared; ``parts`` is then that scheme's or group's parts and ``cap`` its cap.
    """

    parts: tuple[ScorePart, ...]
    operator: Operator
    limit: Fraction
    wording: str
    of: str | None = None
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Criteria joined: ``least`` None means all of them, 1 any of them, n at least n."""

    children: tuple[Criterion | Ref, ...]
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """Another criterion of the same rule set, by its id."""

    id: str


Test = Threshold | Ratio | Growth | Count | Includes | OneOf | IsTrue | Expert | Score | Pending | Joined


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition. What it leaves out it takes from the criterion around it or from its rule set."""

    id: str
    title: Text
    clause: str
    article: str
    confidence: Confidence
    test: Test
    advice: Mapping[Status, Text]
    expert: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """The instrument the rules come from."""

    title: Text
    number: str
    chapter: str
    issuer: Text
    issued: date
    url: str | None


@dataclass(frozen=True, slots=True)
class Review:
    status: ReviewStatus
    reviewer: str | None
    date: date | None


@dataclass(frozen=True, slots=True)
class DataPeriod:
    """The year the yearly inputs belong to: the latest completed year that any of the inputs reports.

    ``lag``: how many completed years statistics may lie behind the day of the judgement.
    """

    inputs: tuple[str, ...]
    lag: int


@dataclass(frozen=True, slots=True)
class Vector:
    """A worked example of the file: facts, a day, and what must come out.

    ``scores``: the least and the most points of a part. ``values`` and ``amount``: a number (of the amount the
    least and the most), or ``unknown`` / ``undefined``.
    """

    id: str
    note: str
    on: date
    given: Facts
    verdict: Status | None
    expected: Mapping[str, Mapping[str, object]]
    line: int
    column: int
    scores: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    values: Mapping[str, Decimal | str] = field(default_factory=dict)
    amount: tuple[Decimal, Decimal] | str | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of one set of official conditions.

    ``inputs``: facts and named values; every value after those it is made of. ``reads``: the names of those this
    rule set uses, through whatever formulas. ``paraphrase``: the articles are our own words, not quotations.
    ``digest``: the SHA-256 of the text of the file.
    """

    id: str
    version: str
    title: Text
    subject: str
    applies_to: Mapping[str, str]
    authority: Text
    document: Document
    effective_from: date
    effective_to: date | None
    confidence: Confidence
    source: str
    review: Review
    inputs: Mapping[str, Input]
    data_period: DataPeriod | None
    criteria: tuple[Criterion, ...]
    vectors: tuple[Vector, ...]
    file: str
    line: int = 0
    scores: tuple[ScorePart, ...] = ()
    benefit: Benefit | None = None
    vocabulary: str | None = None
    reads: tuple[str, ...] = ()
    paraphrase: bool = False
    digest: str = ""

    def in_force(self, on: date) -> bool:
        """Whether this version applies on a day; the last day of ``effective_to`` still counts."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def walk(self) -> tuple[Criterion, ...]:
        """Every criterion, parents before children, references not followed."""
        found: list[Criterion] = []
        waiting = list(reversed(self.criteria))
        while waiting:
            criterion = waiting.pop()
            found.append(criterion)
            if isinstance(criterion.test, Joined):
                waiting.extend(
                    child for child in reversed(criterion.test.children) if isinstance(child, Criterion)
                )
        return tuple(found)
