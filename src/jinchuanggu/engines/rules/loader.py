"""Rule files: one file holds one version of one document's conditions, as one or more rule sets.

``load`` reads files and folders; whatever is wrong in any of them is told at once, by ``Refused``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from jinchuanggu.engines.rules.benefit import Benefit
from jinchuanggu.engines.rules.checks import check_file, check_together
from jinchuanggu.engines.rules.input_use import InputUse
from jinchuanggu.engines.rules.library import Library
from jinchuanggu.engines.rules.load_criteria import Around, CriterionReader, identifier
from jinchuanggu.engines.rules.load_inputs import read_inputs
from jinchuanggu.engines.rules.load_scores import named_parts, read_schemes, walk
from jinchuanggu.engines.rules.load_vectors import read_vectors
from jinchuanggu.engines.rules.model import (
    Confidence,
    Criterion,
    DataPeriod,
    Document,
    Input,
    InputType,
    Review,
    ReviewStatus,
    RuleSet,
    ScorePart,
)
from jinchuanggu.engines.rules.nodes import Mapping, Node
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.reading import Reader, is_null, join, nearest
from jinchuanggu.engines.rules.reads import closure, reads
from jinchuanggu.engines.rules.source import parse, read_text
from jinchuanggu.engines.rules.texts import Text, same

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.vocabularies import Vocabulary

FILE_REQUIRED = (
    "version", "document", "authority", "effective_from", "confidence", "source", "review", "rule_sets",
)  # fmt: skip
FILE_KEYS = (*FILE_REQUIRED, "effective_to", "inputs", "values", "vocabulary", "paraphrase")
SET_REQUIRED = ("id", "title", "subject", "criteria", "vectors")
SET_KEYS = (
    *SET_REQUIRED, "applies_to", "data_period", "scores", "benefit", "confidence", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Head:
    """What the rule sets of a file share."""

    version: str
    document: Document
    authority: Text
    effective_from: date
    effective_to: date | None
    confidence: Confidence
    source: str
    review: Review


def load(paths: Iterable[Path | str], *, check_vectors: bool = True) -> Library:
    """Read rule files, and the ``.yaml``, ``.yml`` and ``.json`` files of folders. Raises Refused.

    A file whose vectors fail is refused too, unless the caller runs them itself.
    """
    problems: list[Problem] = []
    rule_sets: list[RuleSet] = []
    for path in _files(paths):
        try:
            rule_sets.extend(load_text(read_text(path), str(path), check_vectors=check_vectors))
        except Refused as refused:
            problems.extend(refused.problems)
    problems.extend(check_together(rule_sets))
    if problems:
        raise Refused(problems)
    return Library(tuple(rule_sets))


def _files(paths: Iterable[Path | str]) -> Iterable[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix in (".yaml", ".yml", ".json"))
        else:
            yield path


def load_text(text: str, file: str, *, check_vectors: bool = True) -> tuple[RuleSet, ...]:
    """The rule sets of one file's text. Raises Refused; vectors run once the rest is sound."""
    root, problems = parse(text, file)
    reader = Reader(file, problems)
    found = reader.mapping(root, "", FILE_KEYS, FILE_REQUIRED)
    head = _head(reader, found)
    shared = _shared(reader, root, found)
    facts = read_inputs(reader, found.get("inputs"), "inputs", shared.inputs if shared else None)
    inputs = _values(reader, found, facts)
    paraphrase = reader.boolean(found["paraphrase"], "paraphrase") if "paraphrase" in found else False
    around = _Around(inputs, head.confidence if head else Confidence.UNKNOWN, bool(paraphrase))
    nodes = reader.sequence(found["rule_sets"], "rule_sets") if "rule_sets" in found else None
    if nodes is not None and not nodes:
        reader.problem("blank", found["rule_sets"], "rule_sets")
    bodies = [_body(reader, node, f"rule_sets[{index}]", around) for index, node in enumerate(nodes or ())]
    vectors = [
        read_vectors(reader, body.vectors, join(body.path, "vectors"), inputs, _first(head)) if body else ()
        for body in bodies
    ]
    reader.finish()
    assert head is not None
    digest = sha256(text.encode()).hexdigest()
    # what no rule set of the file reads stands there for reference, and is shown with each of them
    used = {name for body in bodies if body is not None for name in body.reads}
    extra = [name for name, declared in inputs.items() if declared.computed and name not in used]
    rule_sets = tuple(
        replace(
            _rule_set(head, body, inputs),
            vectors=examples,
            file=file,
            vocabulary=shared.id if shared else None,
            paraphrase=around.paraphrase,
            digest=digest,
            reads=closure([*body.reads, *extra], inputs),
        )
        for body, examples in zip(bodies, vectors, strict=True)
        if body is not None
    )
    check_file(reader, rule_sets, check_vectors=check_vectors)
    reader.finish()
    return rule_sets


def _head(reader: Reader, found: dict[str, Node]) -> _Head | None:
    version = reader.text(found["version"], "version", plain=True) if "version" in found else None
    document = _document(reader, found["document"]) if "document" in found else None
    authority = reader.both(found["authority"], "authority") if "authority" in found else None
    start, end = _day(reader, found, "effective_from"), _day(reader, found, "effective_to")
    if start and end and end < start:
        reader.problem(
            "dates_order", found["effective_to"], "effective_to", expected=same(f"≥ {start}"), got=str(end)
        )
    confidence = (
        reader.choice(found["confidence"], "confidence", [*Confidence]) if "confidence" in found else None
    )
    source = reader.text(found["source"], "source") if "source" in found else None
    review = _review(reader, found["review"]) if "review" in found else None
    if not (version and document and authority and start and confidence and source and review):
        return None
    return _Head(version, document, authority, start, end, Confidence(confidence), source, review)


def _first(head: _Head | None) -> date:
    """The day an example speaks of unless it names another."""
    return head.effective_from if head else date(2000, 1, 1)


# what recognition of a valley does not need is imported where a file asks for it: a command line starts with this


def _values(reader: Reader, found: dict[str, Node], facts: dict[str, Input]) -> dict[str, Input]:
    if "values" not in found:
        return facts
    from jinchuanggu.engines.rules.load_values import read_values

    return read_values(reader, found["values"], "values", facts)


def _benefit(reader: Reader, node: Node, path: str, inputs: dict[str, Input]) -> Benefit | None:
    from jinchuanggu.engines.rules.load_benefit import read_benefit

    return read_benefit(reader, node, path, inputs)


def _shared(reader: Reader, root: Node, found: dict[str, Node]) -> Vocabulary | None:
    """The vocabulary a file takes its inputs from; a file without one declares its own."""
    if "vocabulary" in found:
        from jinchuanggu.engines.rules.vocabularies import known, vocabulary

        name = reader.choice(found["vocabulary"], "vocabulary", known())
        return vocabulary(name) if name is not None else None
    if "inputs" not in found and isinstance(root, Mapping):
        reader.problem("missing_key", root, "inputs", expected=same("inputs | vocabulary"))
    return None


def _day(reader: Reader, found: dict[str, Node], key: str, path: str = "") -> date | None:
    day = reader.date(found[key], join(path, key), exact=True) if key in found else None
    return date(day.year, day.month or 1, day.day or 1) if day else None


def _document(reader: Reader, node: Node) -> Document | None:
    required = ("title", "number", "chapter", "issuer", "issued")
    found = reader.mapping(node, "document", (*required, "url"), required)
    title = reader.both(found["title"], "document.title") if "title" in found else None
    issuer = reader.both(found["issuer"], "document.issuer") if "issuer" in found else None
    words = {
        key: reader.text(found[key], join("document", key))
        for key in ("number", "chapter", "url")
        if key in found
    }
    number, chapter = words.get("number"), words.get("chapter")
    issued = _day(reader, found, "issued", "document")
    if not (title and issuer and number and chapter and issued):
        return None
    return Document(title, number, chapter, issuer, issued, words.get("url"))


def _review(reader: Reader, node: Node) -> Review | None:
    found = reader.mapping(node, "review", ("status", "reviewer", "date"), ("status",))
    status = reader.choice(found["status"], "review.status", [*ReviewStatus]) if "status" in found else None
    reviewer = reader.text(found["reviewer"], "review.reviewer") if "reviewer" in found else None
    day = _day(reader, found, "date", "review")
    if status in (ReviewStatus.REVIEWED, ReviewStatus.IN_FORCE):
        for key in ("reviewer", "date"):
            if key not in found:  # a review is a person and a day
                reader.problem("missing_key", node, join("review", key), expected=same(key))
    return Review(ReviewStatus(status), reviewer, day) if status else None


@dataclass(frozen=True, slots=True)
class _Body:
    """A rule set without what it shares with its file; its vectors are read when all else is known."""

    id: str
    title: Text
    subject: str
    applies_to: dict[str, str]
    data_period: DataPeriod | None
    scores: tuple[ScorePart, ...]
    criteria: tuple[Criterion, ...]
    benefit: Benefit | None
    confidence: Confidence
    source: str | None
    reads: tuple[str, ...]
    vectors: Node
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class _Around:
    """What a rule set takes from the head of its file."""

    inputs: dict[str, Input]
    confidence: Confidence
    paraphrase: bool


def _body(reader: Reader, node: Node, path: str, head: _Around) -> _Body | None:
    inputs = head.inputs
    found = reader.mapping(node, path, SET_KEYS, SET_REQUIRED)
    name = identifier(reader, found.get("id"), join(path, "id"))
    path = f"{path}({name})" if name else path
    title = reader.both(found["title"], join(path, "title")) if "title" in found else None
    subject = reader.text(found["subject"], join(path, "subject")) if "subject" in found else None
    applies = (
        _applies_to(reader, found["applies_to"], join(path, "applies_to")) if "applies_to" in found else {}
    )
    period = _data_period(reader, found["data_period"], path, inputs) if "data_period" in found else None
    use = InputUse(reader, inputs, None)
    scores = read_schemes(use, found["scores"], join(path, "scores")) if "scores" in found else ()
    parts: dict[str, ScorePart | None] = dict.fromkeys(named_parts(found.get("scores")))
    parts.update((part.id, part) for part in walk(scores))
    benefit = (
        _benefit(reader, found["benefit"], join(path, "benefit"), inputs) if "benefit" in found else None
    )
    confidence = head.confidence
    if "confidence" in found:
        confidence = Confidence(
            reader.choice(found["confidence"], join(path, "confidence"), [*Confidence]) or confidence
        )
    source = reader.text(found["source"], join(path, "source")) if "source" in found else None
    criteria: list[Criterion | None] = []
    if "criteria" in found:
        nodes = reader.sequence(found["criteria"], join(path, "criteria"))
        if nodes is not None and not nodes:
            reader.problem("blank", found["criteria"], join(path, "criteria"))
        read = CriterionReader(reader, inputs, parts, head.paraphrase)
        around = Around(None, None, confidence)
        criteria = [
            read.criterion(item, f"{join(path, 'criteria')}[{index}]", around)
            for index, item in enumerate(nodes or ())
        ]
    complete = tuple(criterion for criterion in criteria if criterion is not None)
    if name is None or title is None or subject is None or "vectors" not in found:
        return None
    return _Body(
        name,
        title,
        subject,
        applies,
        period,
        scores,
        complete,
        benefit,
        confidence,
        source,
        reads(complete, scores, benefit, period, inputs),
        found["vectors"],
        path,
        node.line,
    )


def _applies_to(reader: Reader, node: Node, path: str) -> dict[str, str]:
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return {}
    texts = {
        key.raw: reader.text(value, join(path, key.raw), plain=True)
        for key, value in node.entries
        if not is_null(value)
    }
    return {key: text for key, text in texts.items() if text is not None}


def _data_period(reader: Reader, node: Node, path: str, inputs: dict[str, Input]) -> DataPeriod | None:
    path = join(path, "data_period")
    found = reader.mapping(node, path, ("inputs", "lag_years"), ("inputs", "lag_years"))
    lag = reader.integer(found["lag_years"], join(path, "lag_years")) if "lag_years" in found else None
    nodes = reader.sequence(found["inputs"], join(path, "inputs")) if "inputs" in found else None
    names = []
    for index, item in enumerate(nodes or ()):
        at = f"{join(path, 'inputs')}[{index}]"
        name = reader.text(item, at)
        if name is None:
            continue
        if name not in inputs:
            reader.problem("unknown_input", item, at, got=name, suggestion=nearest(name, inputs))
        elif inputs[name].type is not InputType.SERIES:
            reader.problem(
                "input_type", item, at, expected=same(InputType.SERIES), got=f"{name}: {inputs[name].type}"
            )
        names.append(name)
    return DataPeriod(tuple(names), lag) if names and lag is not None else None


def _rule_set(head: _Head, body: _Body, inputs: dict[str, Input]) -> RuleSet:
    return RuleSet(
        id=body.id,
        version=head.version,
        title=body.title,
        subject=body.subject,
        applies_to=body.applies_to,
        authority=head.authority,
        document=head.document,
        effective_from=head.effective_from,
        effective_to=head.effective_to,
        confidence=body.confidence,
        source=body.source or head.source,
        review=head.review,
        inputs=inputs,
        data_period=body.data_period,
        criteria=body.criteria,
        vectors=(),
        file="",
        line=body.line,
        scores=body.scores,
        benefit=body.benefit,
        reads=body.reads,
    )
