"""Two versions of a text in one: what went is struck out, what came is marked."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# beyond this the comparison by character gets slow, and by line is easier to read anyway
CHARACTERS = 4000
# up to here a value is read as one thing: the new one is shown whole, the old one stands beside it
SHORT = 24
# a date, a number or a Latin word changes as a whole; Chinese is compared character by character
PIECES = re.compile(r"\d{4}-\d\d-\d\d|\d{4}年\d+月\d+日|[A-Za-z0-9.,%]+|\s+|.", re.DOTALL)


def changed(old: object, new: object) -> SafeString:
    """HTML of a new value whose old one stands beside it: short ones and what is no text whole, longer texts marked."""
    if not (isinstance(old, str) and isinstance(new, str)) or min(len(old), len(new)) <= SHORT:
        return format_html("<ins>{}</ins>", new)
    return marked(old, new)


def marked(old: str, new: str) -> SafeString:
    """HTML with <del> and <ins>, everything escaped; by word and character, long texts by line."""
    by_line = max(len(old), len(new)) > CHARACTERS
    a, b = [text.splitlines(True) if by_line else PIECES.findall(text) for text in (old, new)]
    pieces: list[tuple[SafeString | str]] = []
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("".join(a[a0:a1]),))
            continue
        if a1 > a0:
            pieces.append((format_html("<del>{}</del>", "".join(a[a0:a1])),))
        if b1 > b0:
            pieces.append((format_html("<ins>{}</ins>", "".join(b[b0:b1])),))
    return format_html_join("", "{}", pieces)
