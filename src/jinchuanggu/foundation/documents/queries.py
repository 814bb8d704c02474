"""Reads of documents: lists with their newest version in one query."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model, OuterRef, QuerySet, Subquery

from jinchuanggu.foundation.documents.models import Document, Version


def with_newest(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Documents with `newest_number`, `newest_size`, `newest_filename`, `newest_at`, `newest_by`,
    `newest_sha256`.
    """
    newest = Version.objects.filter(document=OuterRef("pk")).order_by("-number")
    return rows.annotate(
        newest_number=Subquery(newest.values("number")[:1]),
        newest_size=Subquery(newest.values("size")[:1]),
        newest_filename=Subquery(newest.values("filename")[:1]),
        newest_at=Subquery(newest.values("uploaded_at")[:1]),
        newest_by=Subquery(newest.values("uploaded_by")[:1]),
        newest_sha256=Subquery(newest.values("sha256")[:1]),
    )


def of_subject(subject: Model, *, kinds: Iterable[str] | None = None) -> QuerySet[Document]:
    """The documents of an object the caller has loaded in scope, newest first."""
    rows = Document.objects.filter(subject_label=subject._meta.label_lower, subject_id=subject.pk)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return with_newest(rows).select_related("issuer").order_by("-pk")


def of_valley(valley_id: int) -> QuerySet[Document]:
    """Every document of a valley and of what belongs to it, newest first. For readers of the whole
    file only.
    """
    return with_newest(Document.objects.filter(valley_id=valley_id)).select_related("issuer").order_by("-pk")


def kinds_present(subject: Model) -> set[str]:
    """The kinds of documents an object has, as the required documents of a move ask."""
    rows = Document.objects.filter(subject_label=subject._meta.label_lower, subject_id=subject.pk)
    return set(rows.values_list("kind", flat=True).distinct())
