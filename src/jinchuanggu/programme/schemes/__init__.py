"""Scoring schemes, visibility and numbering as data files, read once and checked."""
