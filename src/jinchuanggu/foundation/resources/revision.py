"""What a row looked like when a page showed it: a short digest instead of a version column in every table."""

from __future__ import annotations

import hashlib
import json

from django.db import models

from jinchuanggu.foundation.audit.log import snapshot


def revision(instance: models.Model) -> str:
    """16 hex characters that change whenever a stored value of the row does."""
    data = json.dumps(snapshot(instance), sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(data).hexdigest()[:16]
