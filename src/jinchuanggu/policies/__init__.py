"""Policies as code: the library, the rule editor, what a firm can get, grants, and what a change would do."""
