"""How a room hears of another's deed without being imported by it: subscribe by name, told after commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import transaction

Listener = Callable[..., None]
_listeners: defaultdict[str, list[Listener]] = defaultdict(list)


def subscribe(event: str) -> Callable[[Listener], Listener]:
    """Register a listener for a past-tense event name such as `case.moved`."""

    def register(listener: Listener) -> Listener:
        _listeners[event].append(listener)
        return listener

    return register


def publish(event: str, **facts: Any) -> None:
    """Tell the listeners once the surrounding transaction has committed."""
    for listener in _listeners[event]:
        # the deed is done and committed: a listener that fails is logged, and must not look like a failed
        # deed
        transaction.on_commit(lambda listener=listener: listener(**facts), robust=True)
