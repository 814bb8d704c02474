"""The recognition check: the rules of the day, applied to what is known of a valley on that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jinchuanggu.engines.rules.evaluate import evaluate
from jinchuanggu.engines.rules.library import Library, official
from jinchuanggu.engines.rules.model import ReviewStatus
from jinchuanggu.engines.rules.reasons import FLAGS
from jinchuanggu.engines.rules.result import Note, Result, Verdict
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.engines.rules.valley.facts import ValleyFacts


def recognition(valley: ValleyFacts, on: date, library: Library | None = None) -> Result:
    """Judge a valley by the conditions in force on a day, as its facts were known on that day.

    Before the first conditions were in force nothing can be met or missed: the verdict is
    ``not_applicable``, the list of criteria is empty and a note says since when conditions exist. Judge
    with a later day to see how the valley would fare under them.
    """
    library = library or official("valley_recognition")
    ids = library.concerning("valley", kind=valley.kind)
    if not ids:
        raise LookupError(f"no rule set concerns a valley of kind {valley.kind!r}")
    rule_set = library.in_force(ids[0], on)
    if rule_set is None:
        return _not_applicable(valley, on, library, ids[0])
    result = evaluate(rule_set, valley.as_facts(), on)
    return replace(result, kind=valley.kind, name=valley.name, notes=(*result.notes, *_notes(result)))


def _not_applicable(valley: ValleyFacts, on: date, library: Library, rule_set: str) -> Result:
    following = library.following(rule_set, on)
    if following is not None:
        start, document = following.effective_from, following.document
        words = Text(
            f"认定条件自 {start} 起施行（{document.number}），{on} 尚无此条件，"
            "应按当时的规定看待，不以此判定。",
            f"The conditions date from {start} ({document.number}); on {on} they did not exist: "
            "the valley is judged by the rules of its day, not by these.",
        )
    else:
        words = Text(f"{on} 没有有效的认定条件。", f"No conditions were in force on {on}.")
    return Result(
        verdict=Verdict.NOT_APPLICABLE,
        kind=valley.kind,
        name=valley.name,
        on=on,
        rule_set=None,
        data_period=None,
        tree=(),
        notes=(Note("no_rules_in_force", words),),
    )


def _notes(result: Result) -> tuple[Note, ...]:
    """What a reader should know before relying on the result, and that it is an opinion."""
    assert result.rule_set is not None
    notes = []
    for finding in result.criteria:
        for flag in ("choice_decides", "reports_differ", "dated_series"):
            if flag in finding.flags:
                words = Text(f"{finding.title.zh}：{FLAGS[flag].zh}", f"{finding.title.en}: {FLAGS[flag].en}")
                notes.append(Note(flag, words, finding.id))
    if result.rule_set.review.status is ReviewStatus.DRAFT:
        words = Text("条件文本尚待专人对照原文复核", "the text of the conditions awaits a named reviewer")
        notes.append(Note("unreviewed", words))
    authority = result.rule_set.authority
    words = Text(
        f"按已填数据预判，最终以{authority.zh}的评估结论为准。",
        f"A preliminary opinion on the data given; the decision is that of {authority.en}.",
    )
    return (*notes, Note("opinion", words))
