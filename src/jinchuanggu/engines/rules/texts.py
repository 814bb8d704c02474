"""A text in the two languages of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def get(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    def fill(self, values: dict[str, Text]) -> Text:
        """Replace ``{name}`` by the value of that name; plain replacement, so a text never runs anything."""
        zh, en = self.zh, self.en
        for name, value in values.items():
            zh = zh.replace("{" + name + "}", value.zh)
            en = en.replace("{" + name + "}", value.en)
        return Text(zh, en)


def same(words: str) -> Text:
    """A text that reads alike in both languages, such as a number or a code."""
    return Text(words, words)
