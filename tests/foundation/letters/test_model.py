from datetime import date

import pytest

from jinchuanggu.foundation.letters import Attachment, Heading, LetterError, Paragraph, Table
from jinchuanggu.foundation.letters.model import annex_label, annex_names, numbered

from .samples import letter


def test_headings_count_by_level_and_restart_below_their_parent() -> None:
    levels = (1, 2, 3, 3, 0, 2, 3, 4, 1, 2)
    blocks = tuple(Heading(level, "题") if level else Paragraph("文") for level in levels)  # type: ignore[arg-type]
    labels = [label for _, label in numbered(blocks)]
    assert [label.strip() for label in labels] == [
        "一、",
        "（一）",
        "1.",
        "2.",
        "",
        "（二）",
        "1.",
        "（1）",
        "二、",
        "（一）",
    ]


def test_one_annex_has_no_ordinal_and_no_final_punctuation() -> None:
    one = letter(attachments=(Attachment("建设方案。"),))
    assert annex_names(one) == (("", "建设方案"),)
    assert annex_label(one, 1) == "附件"


def test_two_annexes_are_numbered() -> None:
    two = letter(attachments=(Attachment("建设方案"), Attachment("论证意见；")))
    assert annex_names(two) == (("1.", "建设方案"), ("2.", "论证意见"))
    assert annex_label(two, 2) == "附件2"


def test_printing_may_follow_the_date_but_not_precede_it() -> None:
    assert letter(dated=date(2024, 7, 25), printed_on=date(2024, 7, 29)).has_colophon
    with pytest.raises(LetterError) as refused:
        letter(dated=date(2024, 7, 25), printed_on=date(2024, 7, 24))
    assert refused.value.code == "letter.printed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "letter.empty"),
        ({"issuer": ""}, "letter.empty"),
        ({"body": ()}, "letter.empty"),
        ({"form": "upward"}, "letter.signer"),
        ({"form": "令"}, "letter.form"),
        ({"copy_number": "123"}, "letter.copy_number"),
    ],
)
def test_what_the_format_needs_is_asked_for(changes: dict[str, object], code: str) -> None:
    with pytest.raises(LetterError) as refused:
        letter(**changes)
    assert refused.value.code == code


def test_a_ragged_table_is_refused() -> None:
    with pytest.raises(LetterError, match="第2行"):
        Table(("甲", "乙"), (("1", "2"), ("3",)))
