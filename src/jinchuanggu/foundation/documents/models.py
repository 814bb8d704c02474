"""Documents: a named paper with versions; each version points to a file known by the SHA-256 of its bytes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.documents.numbers import validate_issuing_number
from jinchuanggu.foundation.organisations.models import Organisation, Origin


class Document(models.Model):
    """A paper of an organisation, e.g. a city's construction plan. What it belongs to is said by its
    `subject`.
    """

    title = models.CharField(_("标题"), max_length=200)
    kind = models.CharField(_("类别"), max_length=40)
    issuing_number = models.CharField(
        _("文号"), max_length=60, blank=True, validators=[validate_issuing_number]
    )
    dated = models.DateField(_("成文日期"), null=True, blank=True)
    issuer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("发文单位")
    )
    subject_label = models.CharField(max_length=60, help_text=_("model label, e.g. programme.valley"))
    subject_id = models.BigIntegerField()
    valley_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    public = models.BooleanField(_("公开"), default=False)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)
    # a document made by the system keeps what it says as data; its files are made from it when first asked
    # for
    maker = models.CharField(max_length=20, blank=True)
    content = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        indexes = [models.Index(fields=["subject_label", "subject_id", "kind"], name="document_subject")]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One version of a document. The bytes live in the store under `sha256`; once that is set the row never
    changes.

    Empty `sha256`: a made document whose file nobody has asked for yet (`documents.made`).
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    sha256 = models.CharField(max_length=64, db_index=True, blank=True)
    size = models.PositiveBigIntegerField(_("大小"))
    media_type = models.CharField(_("类型"), max_length=100)
    filename = models.CharField(_("文件名"), max_length=200)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.CharField(_("上传人"), max_length=240)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("文件版本")
        verbose_name_plural = _("文件版本")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_version_once")]

    def __str__(self) -> str:
        return f"{self.document} v{self.number}"
