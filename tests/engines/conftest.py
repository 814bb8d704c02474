"""How long an example takes says nothing on a busy machine; what comes out of it does."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
