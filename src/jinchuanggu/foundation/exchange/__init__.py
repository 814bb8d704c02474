"""Records from Excel workbooks: read, judged cell by cell, and written only when the reader says so."""
