"""Plain Python engines: no Django, no database, nothing of the rooms above them."""
