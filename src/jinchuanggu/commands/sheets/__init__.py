"""Workbooks of firms as the command line reads and writes them: heads, cells, rows. No Django, no database."""
