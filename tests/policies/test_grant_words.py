"""How a stored result is shown."""

from __future__ import annotations

from jinchuanggu.policies.grant_words import result_shown


def test_what_is_so_is_said_with_yes_and_what_is_counted_stays() -> None:
    clean = {"id": "clean", "value": True, "threshold": True, "children": []}
    staff = {
        "id": "staff",
        "value": 40,
        "threshold": 20,
        "children": [{**clean, "id": "inner", "value": False}],
    }
    stored = {"verdict": "met", "criteria": [clean, staff]}
    shown = result_shown(stored)
    assert shown is not None
    first, second = shown["criteria"]
    assert (first["value"], first["threshold"]) == ("是", None)
    assert (second["value"], second["threshold"]) == (40, 20)
    assert second["children"][0]["value"] == "否"
    assert stored["criteria"][0]["value"] is True, "what is stored is not touched"
    assert result_shown({}) is None
