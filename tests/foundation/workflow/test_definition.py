"""Process files: a bad one is refused with its place; the real one is whole."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from jinchuanggu.foundation.workflow import registry
from jinchuanggu.foundation.workflow.definition import ProcessError, files, load, parse
from tests.foundation.conftest import PROCESS


def _broken(**change: Any) -> dict[str, Any]:
    made = copy.deepcopy(PROCESS)
    made.update(change)
    return made


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (_broken(colour="red"), "unknown key"),
        (_broken(title={"zh": "只有中文"}), "zh and en"),
        (_broken(moves=[{**PROCESS["moves"][0], "to": "nowhere"}]), "unknown state 'nowhere'"),
        (_broken(moves=[{**PROCESS["moves"][0], "by": ["king"]}]), "unknown role 'king'"),
        (_broken(moves=[{**PROCESS["moves"][0], "gaurds": []}]), "gaurds"),
        (_broken(moves=[PROCESS["moves"][0], PROCESS["moves"][0]]), ""),
        (_broken(states={"drafting": {**PROCESS["states"]["drafting"], "stage": "x"}}), "unknown stage 'x'"),
        (
            _broken(states={"drafting": {**PROCESS["states"]["drafting"], "holder": "x"}}),
            "unknown holder 'x'",
        ),
        (
            _broken(states={"drafting": {**PROCESS["states"]["drafting"], "holder": {"none": "operator"}}}),
            "a holder for unknown variants ['none']",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_place(raw: dict[str, Any], words: str) -> None:
    with pytest.raises(ProcessError) as refused:
        parse(raw, "small.v1.yaml")
    assert "small.v1.yaml" in str(refused.value)
    assert words in str(refused.value)


def test_variants_may_differ_in_who_must_act() -> None:
    raw = _broken(variants=["near", "far"])
    raw["states"]["drafting"]["holder"] = {"near": "operator", "far": "city_office"}
    state = parse(raw, "small.v1.yaml").states["drafting"]
    assert (state.held_by("near"), state.held_by("far"), state.held_by("")) == (
        "operator",
        "city_office",
        None,
    )


def test_every_named_guard_and_effect_of_the_real_files_exists() -> None:
    processes = [load(path.name.split(".v")[0]) for path in files()]
    moves = [move for process in processes for move in process.moves]
    assert moves
    assert [name for move in moves for name in move.guards if name not in registry.guards] == []
    assert [name for move in moves for name in move.effects if name not in registry.effects] == []


@pytest.mark.parametrize("variant", ["regional", "specialised"])
def test_every_state_is_reached_and_every_open_one_left(variant: str) -> None:
    process = load("valley")
    reached, ahead = {process.initial}, [process.initial]
    while ahead:
        for move in process.moves_from(ahead.pop(), variant):
            if move.target not in reached:
                reached.add(move.target)
                ahead.append(move.target)
    assert reached == {state.key for state in process.states_of(variant)}
    dead = [key for key in reached if not process.states[key].final and not process.moves_from(key, variant)]
    assert dead == []


def test_a_specialised_valley_has_no_preparation() -> None:
    process = load("valley")
    assert "preparing" not in {state.key for state in process.states_of("specialised")}
    accepted = process.move("deciding", "accept", "specialised")
    assert accepted is not None
    assert accepted.target == "building"
