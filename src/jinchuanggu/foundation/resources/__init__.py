"""Declared screens: a room says what a model looks like, the lists, pages, forms, exports and imports follow."""
