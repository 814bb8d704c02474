"""The forms of filings as data: `forms/*.yaml` as typed, checked objects."""

from __future__ import annotations


def title_of_form(key: str) -> str:
    """The form's name in the reader's language; an unknown key as it is."""
    return key
