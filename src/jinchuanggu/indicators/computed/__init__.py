"""Figures that nobody types: sources in the records, and the nightly computing."""
