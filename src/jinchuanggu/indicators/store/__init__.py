"""Values in one long table: units, posting, adding up, pivots."""
