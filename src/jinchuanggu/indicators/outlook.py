"""When each condition a valley does not meet will be met at its present pace, from the store's monthly values."""

from __future__ import annotations
