"""Full-text search that works for Chinese on any database, without an extension.

A policy's words are written once into a plain column and indexed by every character and every two adjoining ones.
A search asks the index for its pairs, which leaves few policies, and only in those is the phrase itself looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.db.models import QuerySet

from jinchuanggu.policies.models import Article, Policy, RuleEntry, SearchToken

LONGEST_QUERY = 100
MOST_PAIRS = 8
_NOT_WORDS = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """Half-width, lower case, every run of punctuation and space one space: 〔2024〕40号 → "2024 40号"."""
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def tokens(text: str) -> set[str]:
    """The characters and the adjoining pairs of a normalised text; nothing reaches over a space."""
    found: set[str] = set()
    for run in text.split():
        found.update(run)
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found


def matching(rows: QuerySet[Policy], query: str) -> QuerySet[Policy]:
    """Policies that contain every word of the query somewhere: title, number, issuer, articles, titles of rules."""
    words = normalised(query[:LONGEST_QUERY]).split()
    pairs: list[str] = []
    for word in words:
        pairs += [word[at : at + 2] for at in range(len(word) - 1)] if len(word) > 1 else [word]
        rows = rows.filter(search_text__contains=word)
    # the index narrows; a few pairs do that as well as many
    for pair in list(dict.fromkeys(pairs))[:MOST_PAIRS]:
        rows = rows.filter(pk__in=SearchToken.objects.filter(token=pair).values("policy_id"))
    return rows


def reindex(policies: Iterable[Policy]) -> None:
    """Write the words of policies anew; after any change of their texts, in the same transaction."""
    for policy in policies:
        articles = Article.objects.filter(version__policy=policy).values_list("number", "heading", "text")
        rules = RuleEntry.objects.filter(text__policy=policy).values_list("title_zh", "title_en", "rule_set")
        parts: list[str] = [
            policy.title_zh, policy.title_en, policy.number, policy.issuer_zh, policy.issuer_en, policy.unit_text,
            policy.gives_zh, policy.gives_en, *(" ".join(row) for row in articles), *(" ".join(row) for row in rules),
        ]  # fmt: skip
        policy.search_text = normalised(" ".join(parts))
        policy.save(update_fields=["search_text"])
        wanted = tokens(policy.search_text)
        known = set(SearchToken.objects.filter(policy=policy).values_list("token", flat=True))
        gone = sorted(known - wanted)
        for start in range(0, len(gone), 500):
            SearchToken.objects.filter(policy=policy, token__in=gone[start : start + 500]).delete()
        SearchToken.objects.bulk_create(
            [SearchToken(policy=policy, token=token) for token in sorted(wanted - known)], batch_size=500
        )


def passage(text: str, query: str, around: int = 40) -> str:
    """The part of a text where the first word of the query stands, with a little on both sides; else nothing."""
    flat = " ".join(text.split())
    low = unicodedata.normalize("NFKC", flat).lower()
    for word in normalised(query).split():
        at = low.find(word)
        if at >= 0:
            start, end = max(0, at - around), min(len(flat), at + len(word) + around)
            return f"{'…' if start else ''}{flat[start:end]}{'…' if end < len(flat) else ''}"
    return ""
