"""Filings as workbooks: one form of one unit, or one row for each firm of a valley; read back cell by cell."""
