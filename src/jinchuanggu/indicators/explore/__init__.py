"""The pivot table for people, its chart and its files."""
