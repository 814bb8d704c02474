"""Official code sets as plain Python: credit codes, divisions, working days. Nothing here knows Django."""
