"""JSON text as nodes with line numbers; the standard parser forgets them and lets duplicate keys pass."""

from __future__ import annotations

import json
import re

from jinchuanggu.engines.rules.nodes import (
    MAX_DEPTH,
    MAX_NODES,
    Kind,
    Mapping,
    Node,
    Scalar,
    Sequence,
    shortened,
)
from jinchuanggu.engines.rules.problems import MOST_REPORTED, Problem

_TOKEN = re.compile(
    r'(?P<space>[ \t\r\n]+)|(?P<mark>[\[\]{},:])|(?P<text>"(?:[^"\\\x00-\x1f]|\\.)*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![0-9A-Za-z.])|(?P<word>-?[A-Za-z]+)"
)
_WORDS = {
    "true": Kind.BOOLEAN,
    "false": Kind.BOOLEAN,
    "null": Kind.NULL,
    "NaN": Kind.NOT_A_NUMBER,
    "Infinity": Kind.NOT_A_NUMBER,
    "-Infinity": Kind.NOT_A_NUMBER,
}


class _Stop(Exception):
    """The problem is noted; nothing sensible can follow."""


class _Parser:
    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.problems: list[Problem] = []
        self.offset, self.line, self.line_start, self.nodes = 0, 1, 0, 0
        self.kind, self.token, self.at = "", "", (1, 1)

    def say(self, code: str, got: str | None = None, at: tuple[int, int] | None = None) -> None:
        self.problems.append(Problem(code, self.file, *(at or self.at), "", got=got))
        if len(self.problems) > MOST_REPORTED:
            raise _Stop

    def fail(self, code: str, got: str | None = None) -> _Stop:
        self.say(code, got)
        return _Stop()

    def advance(self) -> None:
        """Move to the next token; the end of the text is the empty kind."""
        while self.offset < len(self.text):
            found = _TOKEN.match(self.text, self.offset)
            self.at = (self.line, self.offset - self.line_start + 1)
            if not found:
                raise self.fail("syntax", shortened(self.text[self.offset : self.offset + 20]))
            self.kind, self.token, self.offset = str(found.lastgroup), found.group(), found.end()
            if self.kind != "space":
                return
            if breaks := self.token.count("\n"):
                self.line += breaks
                self.line_start = found.start() + self.token.rfind("\n") + 1
        self.at = (self.line, self.offset - self.line_start + 1)
        self.kind, self.token = "", ""

    def expect(self, mark: str) -> None:
        if self.token != mark or self.kind != "mark":
            raise self.fail("syntax", shortened(self.token) if self.kind else "EOF")
        self.advance()

    def value(self, depth: int) -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.fail("too_many")
        if depth > MAX_DEPTH:
            raise self.fail("too_deep")
        at, token = self.at, self.token
        if self.kind == "mark" and token == "{":
            return self.mapping(depth, at)
        if self.kind == "mark" and token == "[":
            return self.sequence(depth, at)
        if self.kind == "text":
            return Scalar(Kind.TEXT, self.text_token(), *at)
        if self.kind == "number":
            self.advance()
            return Scalar(Kind.NUMBER, token, *at)
        if self.kind == "word" and token in _WORDS:
            self.advance()
            return Scalar(_WORDS[token], token, *at)
        raise self.fail("syntax", shortened(token) if self.kind else "EOF")

    def text_token(self) -> str:
        if self.kind != "text":
            raise self.fail("syntax", shortened(self.token) if self.kind else "EOF")
        if "\\" not in self.token:
            text = self.token[1:-1]
            self.advance()
            return text
        try:
            text = json.loads(self.token)
        except ValueError:
            raise self.fail("syntax", shortened(self.token)) from None
        assert isinstance(text, str)
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise self.fail("encoding", shortened(self.token))
        self.advance()
        return text

    def sequence(self, depth: int, at: tuple[int, int]) -> Sequence:
        items: list[Node] = []
        self.advance()
        while self.token != "]" or self.kind != "mark":
            if items:
                self.expect(",")
            items.append(self.value(depth + 1))
        self.advance()
        return Sequence(tuple(items), *at)

    def mapping(self, depth: int, at: tuple[int, int]) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        lines: dict[str, int] = {}
        self.advance()
        while self.token != "}" or self.kind != "mark":
            if entries:
                self.expect(",")
            key_at = self.at
            key = self.text_token()
            if key in lines:
                self.say("duplicate_key", f"{shortened(key)}（{lines[key]}）", key_at)
            lines.setdefault(key, key_at[0])
            self.expect(":")
            entries.append((Scalar(Kind.TEXT, key, *key_at), self.value(depth + 1)))
        self.advance()
        return Mapping(tuple(entries), *at)


def parse_json(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """The root node (None when there is none) and every problem of form."""
    parser = _Parser(text, file)
    try:
        parser.advance()
        if not parser.kind:
            return None, []
        root = parser.value(0)
        if parser.kind:
            raise parser.fail("syntax", shortened(parser.token))
    except _Stop:
        return None, parser.problems
    return root, parser.problems
