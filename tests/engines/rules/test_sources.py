"""Hostile and broken input ends in Refused, quickly, whatever it is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import Refused, yaml_nodes
from jinchuanggu.engines.rules.nodes import Kind, Mapping, Scalar, Sequence
from jinchuanggu.engines.rules.source import decode, parse, read_text


def problems(text: str, name: str = "x.yaml") -> list[tuple[str, int, int]]:
    try:
        found = parse(text, name)[1]
    except Refused as refused:
        found = list(refused.problems)
    return [(problem.code, problem.line, problem.column) for problem in found]


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty", 1, 1)),
        ("# only a comment\n", ("empty", 1, 1)),
        ("a: 1\na: 2\n", ("duplicate_key", 2, 1)),
        ("a: 1\n--- \nb: 2\n", ("several_documents", 2, 1)),
        ("a: !!python/object/apply:os.system [ls]\n", ("tag", 1, 4)),
        ("a: !!int '3'\n", ("tag", 1, 4)),
        ("a: &x [*x]\n", ("recursive", 1, 8)),
        ("a: *x\n", ("unknown_anchor", 1, 4)),
        ("? [1, 2]\n: 3\n", ("key_form", 1, 3)),
        ("a: [1\n", ("syntax", 0, 0)),
        ("a: '\x07'\n", ("syntax", 0, 0)),
        ("[" * 50 + "]" * 50, ("too_deep", 1, 33)),
        ("- " * 5000, ("too_deep", 1, 65)),
        (LAUGHS, ("too_many", 0, 0)),
    ],
)
@pytest.mark.parametrize("loader", ["C", "Python"])
def test_yaml_is_refused_with_its_place(
    text: str, expected: tuple[str, int, int], loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if loader == "Python":
        monkeypatch.setattr(yaml_nodes, "_LOADER", yaml.SafeLoader)
    begun = time.perf_counter()
    code, line, column = problems(text)[0]
    assert time.perf_counter() - begun < 2
    # where a parser notices that something is missing is its own affair
    assert code == expected[0]
    assert (line, column) == expected[1:] or (expected[1] == 0 and line >= 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  \n", ("empty", 1, 1)),
        ('{\n  "a": 1,\n  "a": 2}', ("duplicate_key", 3, 3)),
        ('{"a": 01}', ("syntax", 1, 7)),
        ('{"a": 1,}', ("syntax", 1, 9)),
        ('{"a" 1}', ("syntax", 1, 6)),
        ('{"a": "\\ud800"}', ("encoding", 1, 7)),
        ('{"a": "\\x"}', ("syntax", 1, 7)),
        ("[1] 2", ("syntax", 1, 5)),
        ("[" * 5000, ("too_deep", 1, 34)),
        ("[1, 2", ("syntax", 1, 6)),
        ("{'a': 1}", ("syntax", 1, 2)),
        ("nope", ("syntax", 1, 1)),
    ],
)
def test_json_is_refused_with_its_place(text: str, expected: tuple[str, int, int]) -> None:
    assert problems(text, "x.json")[0] == expected


def test_json_needs_no_name_and_may_be_indented_with_tabs() -> None:
    root, found = parse('{\n\t"a": [1.50, true, null, "\\u6676"]}', "<stdin>")
    assert not found
    assert isinstance(root, Mapping)
    ((key, items),) = root.entries
    assert (key.raw, key.line, key.column) == ("a", 2, 2)
    assert isinstance(items, Sequence)
    assert [(item.kind, item.raw) for item in items.items if isinstance(item, Scalar)] == [
        (Kind.NUMBER, "1.50"),
        (Kind.BOOLEAN, "true"),
        (Kind.NULL, "null"),
        (Kind.TEXT, "晶"),
    ]


def test_a_flow_mapping_that_is_no_json_is_yaml() -> None:
    root, found = parse("{kind: regional}", "x.yaml")
    assert not found
    assert isinstance(root, Mapping)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("10", Kind.NUMBER),
        ("10.50", Kind.NUMBER),
        ("1e3", Kind.NUMBER),
        ("30_000", Kind.NUMBER),
        ("010", Kind.TEXT),
        ("1:30", Kind.TEXT),
        ("0x1F", Kind.TEXT),
        ("2025-06-28", Kind.TEXT),
        ("30,000", Kind.TEXT),
        (".inf", Kind.NOT_A_NUMBER),
        (".nan", Kind.NOT_A_NUMBER),
        ("yes", Kind.BOOLEAN),
        ("~", Kind.NULL),
        ("3 亿", Kind.TEXT),
    ],
)
def test_plain_scalars_mean_what_they_look_like(raw: str, kind: Kind) -> None:
    assert yaml_nodes.plain_kind(raw) is kind


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    bad = tmp_path / "latin.yaml"
    bad.write_bytes("name: 晋\nkind: ".encode() + b"\xb4\xf3\n")
    for path, code in ((tmp_path / "no.yaml", "no_file"), (tmp_path, "unreadable"), (bad, "encoding")):
        with pytest.raises(Refused) as refused:
            read_text(path)
        assert refused.value.problems[0].code == code
    assert (refused.value.problems[0].line, refused.value.problems[0].column) == (2, 7)
    with pytest.raises(Refused):
        read_text(Path("a\0b"))


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode("\ufeffname: a".encode(), "x") == "name: a"


def test_too_large_a_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    big = tmp_path / "big.yaml"
    with big.open("wb") as handle:
        handle.truncate(17 * 1024 * 1024)
    with pytest.raises(Refused) as refused:
        read_text(big)
    assert refused.value.problems[0].code == "too_large"


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "{a: " * 100_000, "- " * 200_000, '{"a":' * 100_000, "&a " * 1000]
)
@pytest.mark.parametrize("name", ["x.yaml", "x.json"])
def test_nesting_without_end_harms_nobody(text: str, name: str) -> None:
    assert problems(text, name)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("ab: -[]{}&*!|>'\"\n\t#%@,?1.~\\u"), max_size=60),
    st.sampled_from(["y", "x.json"]),
)
def test_no_text_raises_anything_else(text: str, name: str) -> None:
    problems(text, name)
