"""The records of this room as declared screens."""
