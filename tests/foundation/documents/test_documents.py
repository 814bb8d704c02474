"""Adding, reading and downloading documents."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor, from_membership
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.documents import access, actions, queries, store
from jinchuanggu.foundation.documents.models import Document, Version
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.organisations.roles import Role
from tests.foundation import making
from tests.foundation.documents import files

pytestmark = pytest.mark.django_db
LABEL = "organisations.organisation"


@pytest.fixture(autouse=True)
def _scope(monkeypatch: pytest.MonkeyPatch) -> None:
    """The organisation's own people read and write."""
    monkeypatch.setitem(access._readers, LABEL, lambda actor, pk: actor.organisation_id == pk)
    monkeypatch.setitem(access._writers, LABEL, lambda actor, pk: actor.organisation_id == pk)


@pytest.fixture
def hat() -> Any:
    return making.hat(Role.CITY_OFFICE)


def _add(hat: Any, **fields: Any) -> Document:
    values = {"kind": "plan", "title": "建设方案", "file": ("方案.pdf", files.PDF)} | fields
    return actions.add_document(from_membership(hat), subject=hat.organisation, **values)


def test_a_document_has_a_version_and_an_event(hat: Any) -> None:
    document = _add(
        hat, issuing_number="并科发〔2026〕8号", file=SimpleUploadedFile("x/方案.pdf", files.PDF, "text/html")
    )
    version = document.versions.get()
    assert (version.number, version.media_type, version.filename) == (1, "application/pdf", "方案.pdf")
    assert AuditEvent.objects.get().verb == "document.add"
    assert queries.kinds_present(hat.organisation) == {"plan"}


def test_sending_twice_changes_nothing(hat: Any) -> None:
    assert _add(hat) == _add(hat)
    assert Version.objects.count() == AuditEvent.objects.count() == 1


def test_bad_numbers_files_and_titles_are_refused_and_leave_nothing(hat: Any, settings: Any) -> None:
    with pytest.raises(ValidationError, match="〔2026〕8号"):
        _add(hat, issuing_number="并科发[2026]08号")
    with pytest.raises(ValidationError, match="HTML"):
        _add(hat, file=("a.html", b"<html></html>"))
    with pytest.raises(ValidationError, match="标题"):
        _add(hat, title=" ")
    settings.DOCUMENT_MAX_BYTES = 10
    with pytest.raises(ValidationError, match="MB"):
        _add(hat)
    assert not Document.objects.exists()
    assert not AuditEvent.objects.exists()


def test_versions_count_up_and_the_same_bytes_do_not(hat: Any) -> None:
    document, actor = _add(hat), from_membership(hat)
    second = actions.add_version(actor, document_id=document.pk, file=("方案.pdf", files.PDF + b"\n"))
    assert second.number == 2
    again = actions.add_version(actor, document_id=document.pk, file=("方案.pdf", files.PDF + b"\n"))
    assert again == second
    listed = queries.of_subject(hat.organisation).get()
    assert (listed.newest_number, listed.newest_filename) == (2, "方案.pdf")


def test_others_neither_read_nor_write(hat: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = _add(hat)
    stranger = from_membership(making.hat(Role.CITY_OFFICE))
    with pytest.raises(Http404):
        actions.add_version(stranger, document_id=document.pk, file=("a.pdf", files.PDF))
    with pytest.raises(Http404):
        access.get_document(stranger, document.pk)
    monkeypatch.delitem(access._readers, LABEL)  # nobody answers for the subject: nobody reads
    with pytest.raises(Http404):
        access.get_document(from_membership(hat), document.pk)


def test_a_public_document_is_everybodys(hat: Any, client: Any) -> None:
    document = _add(hat, public=True)
    assert access.may_read(Actor(), document)
    assert client.get(f"/documents/{document.pk}/").status_code == 200


def test_a_download_is_an_attachment_and_nothing_else(hat: Any) -> None:
    document = _add(hat)
    response = making.client_of(hat).get(f"/documents/{document.pk}/v1/")
    assert b"".join(response.streaming_content) == files.PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_a_stranger_gets_404(hat: Any, client: Any) -> None:
    document = _add(hat)
    assert client.get(f"/documents/{document.pk}/").status_code == 404
    assert making.client_of(making.hat(Role.OPERATOR)).get(f"/documents/{document.pk}/").status_code == 404
    assert making.client_of(hat).get(f"/documents/{document.pk}/v2/").status_code == 404
    assert making.client_of(hat).get("/documents/999999/").status_code == 404


@pytest.mark.parametrize("harm", ["change", "remove"])
def test_a_file_changed_on_disk_is_refused_and_reported(hat: Any, harm: str) -> None:
    admin = making.hat(Role.ADMIN)
    document = _add(hat)
    path = store.path_of(document.versions.get().sha256)
    path.chmod(0o600)
    path.unlink() if harm == "remove" else path.write_bytes(b"other")
    client = making.client_of(hat)
    for _ in range(2):
        response = client.get(f"/documents/{document.pk}/")
        assert response.status_code == 409
        assert b"other" not in response.content
    events = AuditEvent.objects.filter(verb="document.corrupt")
    assert [event.detail["missing"] for event in events] == [harm == "remove"] * 2
    assert Notice.objects.filter(person=admin.person).count() == 1
    broken = list(store.verify_all())
    assert [(item.document_id, item.number, item.missing) for item in broken] == [
        (document.pk, 1, harm == "remove")
    ]


def test_lists_cost_the_same_for_many(hat: Any, django_assert_num_queries: Any) -> None:
    for number in range(5):
        _add(hat, title=f"第{number}件", issuer=hat.organisation)
    with django_assert_num_queries(1):
        assert len([str(document.issuer) for document in queries.of_subject(hat.organisation)]) == 5


@pytest.fixture
def letter(hat: Any, monkeypatch: pytest.MonkeyPatch) -> Document:
    from jinchuanggu.foundation.documents import made

    monkeypatch.setitem(
        made._makers, "test", lambda content, extension: files.PDF + content["words"].encode()
    )
    return made.keep(
        from_membership(hat), subject=hat.organisation, kind="letter", title="复函", maker="test",
        content={"words": "同意"}, extensions=("pdf",),
    )  # fmt: skip


def test_a_made_document_gets_its_file_when_first_asked_for(hat: Any, letter: Document) -> None:
    assert list(store.verify_all()) == []
    client = making.client_of(hat)
    bodies = {b"".join(client.get(f"/documents/{letter.pk}/").streaming_content) for _ in range(2)}
    assert bodies == {files.PDF + "同意".encode()}
    assert AuditEvent.objects.filter(verb="document.make").count() == 1


def test_a_made_document_whose_content_was_changed_is_refused(hat: Any, letter: Document) -> None:
    Document.objects.filter(pk=letter.pk).update(content={"words": "不同意"})
    assert making.client_of(hat).get(f"/documents/{letter.pk}/").status_code == 409
    assert AuditEvent.objects.filter(verb="document.corrupt").exists()
