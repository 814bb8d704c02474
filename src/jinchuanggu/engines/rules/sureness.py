"""How sure a rule is, in words: the only place that says so, for screens, workbooks and the terminal.

That a source was found is not that anybody looked it over: only a named reviewer makes a rule checked.
"""

from __future__ import annotations

from enum import StrEnum

from jinchuanggu.engines.rules.model import Confidence, ReviewStatus, RuleSet
from jinchuanggu.engines.rules.texts import Text


class Sure(StrEnum):
    CHECKED = "checked"
    SOURCED = "sourced"
    SINGLE = "single"
    PARTLY = "partly"  # the rule set has a source, some of its conditions have none
    RECALLED = "recalled"
    UNSEEN = "unseen"

    @property
    def words(self) -> Text:
        return WORDS[self]

    @property
    def waits(self) -> bool:
        """Whether the reader is to be warned: one source only, or none for a part of it."""
        return self not in (Sure.CHECKED, Sure.SOURCED)


WORDS = {
    Sure.CHECKED: Text("已核", "checked"),
    Sure.SOURCED: Text("有出处，未复核", "sourced, not reviewed"),
    Sure.SINGLE: Text("待复核", "one source"),
    Sure.PARTLY: Text("部分待核", "to be checked in part"),
    Sure.RECALLED: Text("待核", "to be checked"),
    Sure.UNSEEN: Text("待核（原文未见）", "to be checked (text not seen)"),
}
_KNOWN = {
    Confidence.SEARCHED: Sure.SOURCED,
    Confidence.SEARCHED_SINGLE: Sure.SINGLE,
    Confidence.RECALLED: Sure.RECALLED,
    Confidence.UNKNOWN: Sure.UNSEEN,
}


def sure_of(confidence: str, *, reviewed: bool = False) -> Sure:
    """Of one statement; ``reviewed``: a named person looked over the text it stands in."""
    found = _KNOWN[Confidence(confidence)]
    return Sure.CHECKED if reviewed and found is Sure.SOURCED else found


def reviewed(rules: RuleSet) -> bool:
    """Whether a named person looked it over."""
    done = (ReviewStatus.REVIEWED, ReviewStatus.IN_FORCE)
    return bool(rules.review.reviewer) and rules.review.status in done


def how_sure(rules: RuleSet) -> Sure:
    """Of a whole rule set: where it was read, and yet some of its conditions were not, it says so."""
    found = sure_of(rules.confidence, reviewed=reviewed(rules))
    if rules.confidence is Confidence.SEARCHED and any(
        one.confidence is not Confidence.SEARCHED for one in rules.walk()
    ):
        return Sure.PARTLY
    return found
