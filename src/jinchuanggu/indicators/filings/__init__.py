"""Filings from opening to locking: who writes, what waits for whom, what is told, what is kept."""
