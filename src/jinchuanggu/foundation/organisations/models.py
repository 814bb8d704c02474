"""Who exists: regions, organisations, people, and the hats people wear in organisations."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.codes import uscc
from jinchuanggu.foundation.organisations.roles import Role


class Origin(models.TextChoices):
    """Where a record comes from; shown on every screen and export."""

    REAL = "real", _("真实")
    SIMULATED = "simulated", _("模拟")


class RegionLevel(models.TextChoices):
    PROVINCE = "province", _("省")
    CITY = "city", _("设区市")
    ZONE = "zone", _("综改示范区")
    COUNTY = "county", _("县（市、区）")


class Region(models.Model):
    """A builder of valleys (city or demonstration zone), the province, or a county. Codes follow GB/T 2260."""

    code = models.CharField(_("代码"), max_length=12, unique=True)
    stat_code = models.CharField(_("统计代码"), max_length=12, blank=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    level = models.CharField(_("层级"), max_length=10, choices=RegionLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    longitude = models.DecimalField(_("经度"), max_digits=7, decimal_places=4, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=7, decimal_places=4, null=True, blank=True)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.REAL)

    class Meta:
        verbose_name = _("区划")
        verbose_name_plural = _("区划")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class OrganisationKind(models.TextChoices):
    PROVINCIAL_OFFICE = "provincial_office", _("省级专班办公室")
    GOVERNMENT = "government", _("人民政府")
    MEMBER_UNIT = "member_unit", _("省级成员单位")
    CITY_OFFICE = "city_office", _("市级科技主管部门")
    ZONE = "zone", _("开发区、园区")
    OPERATOR = "operator", _("运营机构")
    ENTERPRISE = "enterprise", _("企业")
    TEAM = "team", _("科创团队")
    UNIVERSITY = "university", _("高校")
    INSTITUTE = "institute", _("科研院所")
    TRANSFER_BODY = "transfer_body", _("技术转移机构")
    CARRIER = "carrier", _("孵化载体")
    FUND = "fund", _("基金")
    BANK = "bank", _("金融机构")
    SERVICE_BODY = "service_body", _("服务机构")
    PLATFORM = "platform", _("系统运维单位")


class ZoneLevel(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    MUNICIPAL = "municipal", _("市级及以下")


def validate_uscc(value: str) -> None:
    """Refuse a credit code whose form or check digit is wrong, saying what would be right."""
    problem = uscc.problem(value)
    if problem:
        raise ValidationError(problem, code="uscc")


class Organisation(models.Model):
    """Any body of the programme: office, government, zone, operator, enterprise, university, fund, bank …"""

    name = models.CharField(_("名称"), max_length=120, db_index=True)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    kind = models.CharField(_("类别"), max_length=20, choices=OrganisationKind, db_index=True)
    uscc = models.CharField(
        _("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True, validators=[validate_uscc]
    )
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("区划"), related_name="organisations")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    zone_level = models.CharField(_("开发区级别"), max_length=12, choices=ZoneLevel, blank=True)
    legal_person = models.BooleanField(_("独立法人"), null=True, blank=True)
    origin = models.CharField(
        _("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED, db_index=True
    )
    source_title = models.CharField(_("来源"), max_length=300, blank=True)
    source_url = models.URLField(_("来源地址"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("组织")
        verbose_name_plural = _("组织")
        constraints = [
            models.CheckConstraint(
                condition=Q(zone_level="") | Q(kind=OrganisationKind.ZONE), name="zone_level_only_for_zones"
            ),
            models.UniqueConstraint(fields=["name", "region", "kind"], name="organisation_once_per_region"),
        ]
        indexes = [models.Index(fields=["region", "kind"], name="organisation_region_kind")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.uscc is not None:
            self.uscc = uscc.normalise(self.uscc) or None


class Person(models.Model):
    """One human being, once. Conflicts of interest are judged on this record, not on accounts or e-mail strings."""

    name = models.CharField(_("姓名"), max_length=60, db_index=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    title = models.CharField(_("职务职称"), max_length=80, blank=True)
    employer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("工作单位")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person"
    )
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: date) -> MembershipQuerySet:
        """The hats worn on a day; a revoked one is off at once, whatever its last day."""
        return self.filter(starts_on__lte=on, revoked_at__isnull=True).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        )


class Membership(models.Model):
    """A hat: this person acts in this organisation as this role, from a day to a day."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("人员"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("组织")
    )
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], condition=Q(ends_on__isnull=True), name="hat_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.organisation}"
