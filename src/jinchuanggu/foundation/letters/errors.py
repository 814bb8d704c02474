"""What is wrong with a letter, said once for people (Chinese text) and once for machines (code, fields)."""

from __future__ import annotations


class LetterError(ValueError):
    """A letter that the format does not allow.

    ``code`` is stable and can be looked up in a message catalogue; ``fields`` names the inputs at fault.
    """

    def __init__(self, code: str, message: str, *fields: str) -> None:
        super().__init__(message)
        self.code = code
        self.fields = fields
