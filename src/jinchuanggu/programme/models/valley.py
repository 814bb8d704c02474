"""The valley itself and what it stands on: builder, zones, universities, operator, service bodies, task force."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation, Origin, Person, Region


class ValleyKind(models.TextChoices):
    REGIONAL = "regional", _("区域综合类")
    SPECIALISED = "specialised", _("省域专业类")


class Valley(models.Model):
    """One innovation platform 晋创谷·××. Its state lives in its case; `state` and `stage` mirror it for lists and maps."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    kind = models.CharField(
        _("类别"), max_length=12, choices=ValleyKind, blank=True, help_text=_("公开报道未载明类别的留空")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="valleys", verbose_name=_("建设主体"))
    operator = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="operated_valleys",
        verbose_name=_("运营机构"),
    )
    universities = models.ManyToManyField(
        Organisation, blank=True, related_name="partner_valleys", verbose_name=_("共建高校")
    )
    zones = models.ManyToManyField(
        Organisation, blank=True, related_name="hosted_valleys", verbose_name=_("所在开发区")
    )
    # null: published nowhere, which is not the same as none
    key_fields = models.JSONField(_("重点领域"), default=list, blank=True, null=True)
    whole_chain = models.BooleanField(_("覆盖全产业链"), null=True, blank=True)
    summary = models.TextField(_("简介"), blank=True)
    state = models.CharField(_("状态"), max_length=40, db_index=True)
    stage = models.CharField(_("阶段"), max_length=20, db_index=True)
    planned_area_km2 = models.DecimalField(
        _("规划面积（km²）"), max_digits=10, decimal_places=4, null=True, blank=True
    )
    building_since = models.DateField(_("开始建设"), null=True, blank=True)
    unveiled_on = models.DateField(_("挂牌日期"), null=True, blank=True)
    unveiled_text = models.CharField(_("挂牌日期说明"), max_length=200, blank=True)
    unveiled_source = models.CharField(max_length=300, blank=True)
    unveiled_url = models.URLField(max_length=500, blank=True)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    origin = models.CharField(
        _("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED, db_index=True
    )
    story = models.JSONField(default=dict, blank=True)
    # known from public pages only: no dossier is kept here, nobody works on it here, everybody may read it
    published_only = models.BooleanField(_("仅公开报道"), default=False, db_index=True)
    # the recognition verdict of the chosen figures, refreshed when a figure changes; null: not judged yet
    verdict = models.CharField(_("条件核验"), max_length=16, blank=True)
    verdict_counts = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("晋创谷")
        verbose_name_plural = _("晋创谷")
        ordering = ["name"]
        indexes = [models.Index(fields=["region", "state"], name="valley_region_state")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("valley", args=[self.pk])


class ServiceBodyKind(models.TextChoices):
    GOVERNMENT = "government", _("政务服务")
    TECHNOLOGY_TRANSFER = "technology_transfer", _("技术转移及成果转化服务")
    FINANCE = "finance", _("金融服务")
    OPERATION = "operation", _("运营保障")


class ServiceBody(models.Model):
    """A body serving the valley's residents, with its staff."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="service_bodies")
    kind = models.CharField(_("类别"), max_length=24, choices=ServiceBodyKind)
    name = models.CharField(_("名称"), max_length=120)
    staff = models.PositiveIntegerField(_("人员"), default=0)
    qualifications = models.CharField(_("资质"), max_length=200, blank=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("服务机构")
        verbose_name_plural = _("服务机构")

    def __str__(self) -> str:
        return self.name


class TaskForceMember(models.Model):
    """A member of the city's task force for one valley."""

    valley = models.ForeignKey(Valley, models.PROTECT, related_name="task_force")
    person_name = models.CharField(_("姓名"), max_length=60)
    unit = models.CharField(_("单位"), max_length=120)
    duty = models.CharField(_("职责"), max_length=120)
    leader = models.BooleanField(_("组长"), default=False)

    class Meta:
        verbose_name = _("工作专班成员")
        verbose_name_plural = _("工作专班成员")
        ordering = ["-leader", "pk"]

    def __str__(self) -> str:
        return f"{self.person_name} · {self.unit}"


class ExpertCategory(models.TextChoices):
    TECHNICAL = "technical", _("技术")
    STRATEGY = "strategy", _("战略管理")
    FINANCE = "finance", _("财务")
    ECONOMY = "economy", _("经济与金融")


class Expert(models.Model):
    """A person of the expert bank with category and fields; what they have been part of is conflict evidence."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="expert", verbose_name=_("专家"))
    category = models.CharField(_("类别"), max_length=12, choices=ExpertCategory)
    fields = models.JSONField(_("领域"), default=list)
    active = models.BooleanField(_("在库"), default=True)
    cooperated_with = models.ManyToManyField(
        Organisation, blank=True, related_name="cooperating_experts", verbose_name=_("曾合作单位")
    )

    class Meta:
        verbose_name = _("专家")
        verbose_name_plural = _("专家库")
        indexes = [models.Index(fields=["category"], condition=Q(active=True), name="expert_active")]

    def __str__(self) -> str:
        return str(self.person)
