"""One fingerprint of everything simulated: the same seed and scale give the same, a changed number another."""

from __future__ import annotations

import hashlib

import polars as pl

from jinchuanggu.demo.run.filing import filings
from jinchuanggu.demo.run.growth import Raw
from jinchuanggu.demo.run.records import keep


def digest(raw: Raw) -> str:
    """SHA-256 over all frames in their written form."""
    records, whole = keep(raw), hashlib.sha256()
    frames = (
        raw.firms, filings(raw), records.spaces, records.leases, records.rights, records.contracts, records.deals,
    )  # fmt: skip
    for frame in frames:
        text = frame.with_columns(pl.selectors.float().round(6)).write_csv()
        whole.update(text.encode())
    return whole.hexdigest()
