"""Measurements: printed and kept as JSON, never asserted. `make bench`, or `python -m tests.bench --rows 100 10000`."""
