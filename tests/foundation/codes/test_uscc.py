from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.foundation.codes import uscc
from jinchuanggu.foundation.codes.uscc import USCC, Invalid, LegacyId, LegacyKind, Reason

VALID = [
    "91350100M000100Y43",
    "91512081MA62K0260E",
    "91140100MA0GU0013P",
    "12140000MB1A0001X0",
    "91140200MA0JCG249J",
    "91140500MA0JCG265P",
]

codes = st.builds(
    uscc.make,
    registration=st.sampled_from("159NY"),
    body=st.sampled_from("1239"),
    region=st.integers(0, 999_999).map("{:06d}".format),
    org8=st.text(uscc.ALPHABET, min_size=8, max_size=8),
)


def invalid(text: str) -> Invalid:
    result = uscc.check(text)
    assert isinstance(result, Invalid)
    return result


@pytest.mark.parametrize("code", VALID)
def test_published_and_synthetic_codes_are_valid(code: str) -> None:
    assert uscc.check(code) == USCC(code, code)
    assert uscc.problem(code) == ""


def test_the_standards_own_example_with_a_wrong_check_character_names_the_right_one() -> None:
    result = invalid("91350100M000100Y4Z")
    # Z isn't even in the set, and the right character is named all the same
    assert [(p.reason, p.position, p.expected) for p in result.problems] == [
        (Reason.CHARACTER, 18, None),
        (Reason.CHECK, 18, "3"),
    ]
    assert "应为“3”" in result.zh
    assert 'should be "3"' in result.en
    assert [p.reason for p in invalid("91350100M000100Y44").problems] == [Reason.CHECK]


def test_the_parts_of_a_code() -> None:
    code = uscc.check("12140000MB1A0001X0")
    assert isinstance(code, USCC)
    assert (code.registration, code.body, code.region, code.organisation_code) == (
        "1", "2", "140000", "MB1A0001X",
    )  # fmt: skip
    assert code.kind == ("事业单位", "public institution")


def test_a_look_alike_letter_is_refused_and_what_was_meant_is_suggested() -> None:
    result = invalid("91140100MA0GU0O13P")
    assert [(p.reason, p.position) for p in result.problems] == [(Reason.CHARACTER, 15)]
    assert result.suggestion == "91140100MA0GU0013P"
    assert "91140100MA0GU0013P" in uscc.problem("91140100MA0GU0O13P", "en")


@pytest.mark.parametrize(
    "raw",
    [
        " 91140100ma0gu0013p ",
        "91140100 MA0GU0013P",
        "９１１４０１００ＭＡ０ＧＵ００１３Ｐ",
        "\u300091140100MA0GU0013P\n",
    ],
)
def test_case_space_and_width_are_forgiven_and_the_raw_text_is_kept(raw: str) -> None:
    result = uscc.check(raw)
    assert isinstance(result, USCC)
    assert result.value == "91140100MA0GU0013P"
    assert result.raw == raw


@pytest.mark.parametrize(
    ("text", "kind", "ok"),
    [
        ("140100200012345", LegacyKind.LICENCE_15, None),
        ("MA0GU0013", LegacyKind.ORG_CODE_9, True),
        ("ma0gu001-3", LegacyKind.ORG_CODE_9, True),
        ("MA0GU0014", LegacyKind.ORG_CODE_9, False),
    ],
)
def test_identifiers_from_before_the_code_are_no_errors(text: str, kind: LegacyKind, ok: bool | None) -> None:
    result = uscc.check(text)
    assert isinstance(result, LegacyId)
    assert (result.kind, result.check_ok) == (kind, ok)
    assert uscc.problem(text) == ""


def test_everything_wrong_is_said_at_once() -> None:
    assert [p.reason for p in invalid("").problems] == [Reason.EMPTY]
    assert [p.reason for p in invalid("9114010?MA0GU00").problems] == [Reason.LENGTH, Reason.CHARACTER]
    assert [p.reason for p in invalid("91140A00MA0GU0013P").problems] == [Reason.REGION, Reason.CHECK]
    both = invalid("91140100MA0GU0014P")
    assert (both.problems[0].reason, both.problems[0].expected) == (Reason.ORG_CHECK, "3")
    assert len(both.problems) == 2


def test_an_abolished_division_is_no_reason_to_refuse() -> None:
    assert isinstance(uscc.check(uscc.make(region="140481", org8="MA0GU001")), USCC)


def test_make_refuses_parts_that_cannot_be_a_code() -> None:
    with pytest.raises(ValueError, match="bad parts"):
        uscc.make(region="1401")
    with pytest.raises(ValueError, match="outside the set"):
        uscc.make(org8="MAOOOOOO")
    with pytest.raises(ValueError, match="8 characters"):
        uscc.make(org8="MA1")


@given(codes)
def test_what_is_made_is_valid(code: str) -> None:
    assert isinstance(uscc.check(code), USCC)


@given(codes, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_every_change_of_one_character_is_caught(code: str, at: int, char: str) -> None:
    # 31 is prime and no weight is divisible by it, so this holds without exception
    changed = code[:at] + char + code[at + 1 :]
    assert isinstance(uscc.check(changed), Invalid) == (changed != code)


@given(codes, st.integers(0, 16))
def test_every_swap_of_two_neighbours_is_caught(code: str, at: int) -> None:
    changed = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert isinstance(uscc.check(changed), Invalid) == (changed != code)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer_in_both_languages(text: str) -> None:
    result = uscc.check(text)
    if isinstance(result, Invalid):
        assert result.zh
        assert result.en
