"""Who reads and who writes a document: the room that owns its subject decides; without an answer
nobody does.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404

from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.documents.models import Document

Predicate = Callable[[Actor, int], bool]
_readers: dict[str, Predicate] = {}
_writers: dict[str, Predicate] = {}


def register(subject_label: str, read: Predicate, write: Predicate | None = None) -> None:
    """A room tells who may read (and add versions to) the documents of its subjects: `function(actor,
    subject_id)`.
    """
    _readers[subject_label] = read
    if write is not None:
        _writers[subject_label] = write


def may_read(actor: Actor, document: Document) -> bool:
    if document.public or actor.role == SYSTEM:
        return True
    predicate = _readers.get(document.subject_label)
    return predicate is not None and predicate(actor, document.subject_id)


def may_write(actor: Actor, document: Document) -> bool:
    if actor.role == SYSTEM:
        return True
    predicate = _writers.get(document.subject_label)
    return predicate is not None and predicate(actor, document.subject_id)


def get_document(actor: Actor, pk: int) -> Document:
    """The document, through the actor's scope. Raises Http404."""
    document = Document.objects.filter(pk=pk).first()
    if document is None or not may_read(actor, document):
        raise Http404
    return document
