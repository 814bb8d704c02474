"""The work that may run as a job, by name. A name that nobody registered is refused before it is queued."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Work = Callable[..., "dict[str, Any] | None"]
works: dict[str, Work] = {}


def work(name: str) -> Callable[[Work], Work]:
    """Register `function(actor, progress, **parameters) -> summary` under a name such as
    "exchange.import".
    """

    def register(function: Work) -> Work:
        if works.get(name, function) is not function:
            raise ValueError(f"two works are called {name!r}")
        works[name] = function
        return function

    return register
