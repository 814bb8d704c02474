"""The forms of filings as data, read and checked."""
