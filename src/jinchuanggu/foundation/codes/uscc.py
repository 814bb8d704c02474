"""统一社会信用代码 (uniform credit code): normalise, check, explain, make.

Sources: GB 32100-2015 (the 18-character code, mod 31) and GB 11714-1997 (the organisation code in positions
9-17, mod 11). Structure: 1 registration department, 2 body type, 3-8 division of first registration,
9-17 organisation code, 18 check character. A code keeps the division it was born with, so a division that
no longer exists is never a reason to refuse it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of the standard; the value of one is its index. I, O, S, V and Z are left out."""

LENGTH = 18
WEIGHTS = tuple(pow(3, i, 31) for i in range(LENGTH - 1))
ORG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"})
_DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−－"))

BODY_KINDS: dict[str, tuple[str, str]] = {
    "11": ("机关", "public authority"),
    "12": ("事业单位", "public institution"),
    "13": ("编办直接管理的群众团体", "mass organisation"),
    "19": ("其他机构编制类", "other staffed body"),
    "51": ("社会团体", "association"),
    "52": ("民办非企业单位", "private non-enterprise unit"),
    "53": ("基金会", "foundation"),
    "59": ("其他民政类", "other civil-affairs body"),
    "91": ("企业", "enterprise"),
    "92": ("个体工商户", "individual business"),
    "93": ("农民专业合作社", "farmers' cooperative"),
}
"""First two characters → (zh, en). Not exhaustive: an unlisted pair is unknown, not wrong."""


class Reason(StrEnum):
    """Why a code is refused."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTER = "character"
    REGION = "region"
    ORG_CHECK = "org_check"
    CHECK = "check"


class LegacyKind(StrEnum):
    LICENCE_15 = "licence_15"
    ORG_CODE_9 = "org_code_9"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `position` counts from 1; `expected` is the character that would be right."""

    reason: Reason
    zh: str
    en: str
    position: int | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class USCC:
    """A valid code, taken apart. `raw` is the text as it came in."""

    value: str
    raw: str = field(compare=False)

    @property
    def registration(self) -> str:
        return self.value[0]

    @property
    def body(self) -> str:
        return self.value[1]

    @property
    def region(self) -> str:
        """Six digits of the division of first registration; it may have been abolished since."""
        return self.value[2:8]

    @property
    def organisation_code(self) -> str:
        return self.value[8:17]

    @property
    def kind(self) -> tuple[str, str] | None:
        """(zh, en) of the first two characters, None where the pair isn't in the table."""
        return BODY_KINDS.get(self.value[:2])


@dataclass(frozen=True, slots=True)
class LegacyId:
    """An identifier from before the uniform code: kept as it is, never an error.

    `check_ok` is whether an organisation code's own check character fits; None for 15-digit licences,
    because those issued before 2007 carry no check digit.
    """

    kind: LegacyKind
    value: str
    raw: str = field(compare=False)
    check_ok: bool | None = None


@dataclass(frozen=True, slots=True)
class Invalid:
    """A text that is no code: everything wrong with it, and what may have been meant."""

    raw: str
    value: str
    problems: tuple[Problem, ...]
    suggestion: str | None = None

    @property
    def zh(self) -> str:
        hint = f"；是否为 {self.suggestion}？" if self.suggestion else ""
        return "；".join(p.zh for p in self.problems) + hint

    @property
    def en(self) -> str:
        hint = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return "; ".join(p.en for p in self.problems) + hint


def normalise(text: str) -> str:
    """Upper case, full-width to half-width, without any space. Keep the raw text beside it."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def org_check_character(org8: str) -> str:
    """GB 11714 check character of the eight characters before it. Raises ValueError on a bad character."""
    if len(org8) != len(ORG_WEIGHTS):
        raise ValueError(f"organisation code body must be 8 characters, got {len(org8)}: {org8!r}")
    total = sum(ORG_ALPHABET.index(c) * w for c, w in zip(org8, ORG_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def check_character(first17: str) -> str:
    """GB 32100 check character of the 17 before it. Raises ValueError on a character outside the set."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def legacy_id(text: str) -> LegacyId | None:
    """A 15-digit business licence or a 9-character organisation code (hyphen allowed), else None."""
    value = normalise(text).translate(_DASHES)
    if not value.isascii():
        return None
    if len(value) == 15 and value.isdigit():
        return LegacyId(LegacyKind.LICENCE_15, value, text)
    if len(value) == 9 and value[:8].isalnum() and (value[8].isdigit() or value[8] == "X"):
        return LegacyId(LegacyKind.ORG_CODE_9, value, text, org_check_character(value[:8]) == value[8])
    return None


def check(text: str) -> USCC | LegacyId | Invalid:
    """Judge any text that should be a credit code; all problems at once, never the first only."""
    value = normalise(text)
    if not value:
        empty = Problem(Reason.EMPTY, "未填写统一社会信用代码", "the credit code is empty")
        return Invalid(text, value, (empty,))
    if (legacy := legacy_id(text)) is not None:
        return legacy
    problems = _problems(value)
    if not problems:
        return USCC(value, text)
    return Invalid(text, value, tuple(problems), _suggest(value))


def problem(text: str, language: str = "zh") -> str:
    """What is wrong with it and what would be right; empty where nothing is (legacy ids included)."""
    result = check(text)
    if not isinstance(result, Invalid):
        return ""
    return result.en if language.startswith("en") else result.zh


def make(registration: str = "9", body: str = "1", region: str = "140100", org8: str = "MA000000") -> str:
    """A valid code from its parts (both check characters computed); for made-up records.

    Raises ValueError where a part has the wrong length or a character outside the standard's set.
    """
    if len(registration) != 1 or len(body) != 1 or len(region) != 6 or not region.isdigit():
        raise ValueError(f"bad parts: registration={registration!r} body={body!r} region={region!r}")
    first17 = registration + body + region + org8 + org_check_character(org8)
    if bad := sorted(set(first17) - set(ALPHABET)):
        raise ValueError(f"characters outside the set of GB 32100: {''.join(bad)}")
    return first17 + check_character(first17)


def _problems(value: str) -> list[Problem]:
    problems = _shape_problems(value)
    # a bad last character alone must not hide which one would be right
    if len(value) == LENGTH and set(value[:17]) <= set(ALPHABET):
        problems += _check_problems(value)
    return problems


def _shape_problems(value: str) -> list[Problem]:
    problems: list[Problem] = []
    if len(value) != LENGTH:
        problems.append(
            Problem(
                Reason.LENGTH,
                f"应为 18 位，实为 {len(value)} 位",
                f"must be 18 characters long, has {len(value)}",
            )
        )
    for i, char in enumerate(value, start=1):
        if char not in ALPHABET:
            problems.append(
                Problem(
                    Reason.CHARACTER,
                    f"第 {i} 位“{char}”不在代码字符集内（不使用 I、O、S、V、Z 及符号）",
                    f'character {i} "{char}" is outside the set (I, O, S, V, Z and signs are not used)',
                    position=i,
                )
            )
    region = value[2:8]
    if len(value) == LENGTH and not problems and not region.isdigit():
        problems.append(
            Problem(
                Reason.REGION,
                f"第 3–8 位应为 6 位数字的行政区划代码，实为“{region}”",
                f'characters 3-8 must be a six-digit division code, not "{region}"',
                position=3,
            )
        )
    return problems


def _check_problems(value: str) -> list[Problem]:
    problems: list[Problem] = []
    org = org_check_character(value[8:16])
    if org != value[16]:
        problems.append(
            Problem(
                Reason.ORG_CHECK,
                f"第 17 位（组织机构代码校验码）应为“{org}”，实为“{value[16]}”",
                f'character 17 (check of the organisation code) should be "{org}", not "{value[16]}"',
                position=17,
                expected=org,
            )
        )
    last = check_character(value[:17])
    if last != value[17]:
        problems.append(
            Problem(
                Reason.CHECK,
                f"第 18 位（校验码）应为“{last}”，实为“{value[17]}”",
                f'character 18 (check character) should be "{last}", not "{value[17]}"',
                position=18,
                expected=last,
            )
        )
    return problems


def _suggest(value: str) -> str | None:
    """The same code with look-alike letters replaced (O → 0 …), if and only if that one is valid."""
    candidate = value.translate(_LOOKALIKES)
    if candidate == value or _problems(candidate):
        return None
    return candidate
