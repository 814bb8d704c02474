"""Applications for a measure and the money that follows: grant, payments, recovery, and what a budget has left.

All amounts are Decimal yuan. What must never happen is forbidden by the database: a second application of one firm
for one measure and period, payments above the grant, a recovery above what was paid, commitments above the budget.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.organisations.models import Organisation, Origin, Region
from jinchuanggu.policies.models.library import Budget, Level, Policy

RELEASED = ("refused", "revoked", "withdrawn")
"""States that free the measure and its period for another application of the firm."""
UNSENT = ("opened", "draft", *RELEASED)
"""States in which an application does not yet, or no longer, stand for the one of its group."""
ZERO = Decimal(0)


def _money(label: str, **options: object) -> models.DecimalField:
    return models.DecimalField(label, max_digits=15, decimal_places=2, **options)  # type: ignore[arg-type]


class GrantApplication(models.Model):
    """One firm asking for one measure, with the rule version, facts and result of the day it was sent.

    `basis_on`: the day that decides which rule version applies and whether it is open (the event's or the
    application's, as the measure says). `period`: "once", the year, or the reference of the event. `valley_checked`
    is the valley whose operator checks first. `facts`, `result`: see `grant_facts.snapshot`.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="grant_applications", verbose_name=_("申请单位")
    )
    rule_set = models.CharField(_("措施"), max_length=120, db_index=True)
    rule_version = models.CharField(_("规则版本"), max_length=60)
    rule_digest = models.CharField(_("规则摘要"), max_length=64)
    title_zh = models.CharField(_("措施名称"), max_length=200)
    title_en = models.CharField(_("措施英文名称"), max_length=300, blank=True)
    level = models.CharField(_("兑现层级"), max_length=10, choices=Level)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("兑现区划"), related_name="+")
    valley_checked = models.BigIntegerField(_("初核的谷"), null=True, blank=True, db_index=True)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("政策")
    )
    group = models.CharField(_("同类组"), max_length=80, blank=True)
    pool = models.CharField(_("共同上限组"), max_length=80, blank=True)
    frequency = models.CharField(_("频次"), max_length=10)
    automatic = models.BooleanField(_("免申即享"), default=False)
    event_on = models.DateField(_("事项发生日"), null=True, blank=True)
    event_ref = models.CharField(_("事项编号"), max_length=120, blank=True)
    basis_on = models.DateField(_("适用日"))
    period = models.CharField(_("期间"), max_length=120)
    applied_on = models.DateField(_("申请日期"), null=True, blank=True, db_index=True)
    pay_by = models.DateField(_("最迟拨付"), null=True, blank=True)
    pay_by_provisional = models.BooleanField(default=False)
    facts = models.JSONField(_("所用数据"), default=list)
    result = models.JSONField(_("核算结果"), default=dict)
    computed_low = _money(_("核算金额下限（元）"), null=True, blank=True)
    computed_high = _money(_("核算金额上限（元）"), null=True, blank=True)
    claimed = _money(_("申请金额（元）"), null=True, blank=True)
    note = models.TextField(_("说明"), blank=True)
    committed = models.BooleanField(_("已承诺"), default=False)
    state = models.CharField(_("状态"), max_length=20, default="opened", db_index=True)
    stage = models.CharField(max_length=20, default="apply")
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("政策申请")
        verbose_name_plural = _("政策申请")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "rule_set", "period"],
                condition=~Q(state__in=RELEASED),
                name="one_application_per_period",
            ),
            models.UniqueConstraint(
                fields=["organisation", "group", "period"],
                condition=~Q(state__in=UNSENT) & ~Q(group=""),
                name="one_of_a_group_per_period",
            ),
            models.CheckConstraint(
                condition=Q(computed_low__isnull=True) | Q(computed_high__gte=F("computed_low")),
                name="computed_range_in_order",
            ),
            models.CheckConstraint(
                condition=Q(claimed__isnull=True) | Q(claimed__gt=0), name="claim_is_positive"
            ),
        ]
        indexes = [models.Index(fields=["level", "region", "state"], name="grant_queue")]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.title_zh}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("grant", args=[self.pk])


class Grant(models.Model):
    """The decision to pay. `full`: the amount before the step-down; `percent` of it applies on `basis_on`.

    `due`: what is to be paid in the end - the amount, or less once it was stopped. `paid`, `ordered` and `recovered`
    mirror the rows of payments and recoveries so that the database can hold them in order (each against one other
    column: SQLite adds decimals as binary numbers).
    """

    application = models.OneToOneField(GrantApplication, models.PROTECT, related_name="grant")
    number = models.CharField(_("编号"), max_length=30, unique=True)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="grants", verbose_name=_("预算"))
    full = _money(_("退坡前金额（元）"))
    percent = models.DecimalField(_("退坡后比例（%）"), max_digits=7, decimal_places=4)
    amount = _money(_("金额（元）"))
    decided_on = models.DateField(_("决定日期"), db_index=True)
    decided_by = models.CharField(_("决定人"), max_length=240)
    opinion = models.TextField(_("审核意见"), blank=True)
    paid = _money(_("已拨付（元）"), default=ZERO)
    due = _money(_("应拨付（元）"))
    ordered = _money(_("应追回（元）"), default=ZERO)
    recovered = _money(_("已追回（元）"), default=ZERO)

    class Meta:
        verbose_name = _("兑现决定")
        verbose_name_plural = _("兑现决定")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="grant_is_positive"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="percent_is_a_share"),
            models.CheckConstraint(
                condition=Q(due__gte=0) & Q(amount__gte=F("due")), name="due_within_grant"
            ),
            models.CheckConstraint(condition=Q(paid__gte=0) & Q(due__gte=F("paid")), name="paid_within_due"),
            models.CheckConstraint(
                condition=Q(ordered__gte=0) & Q(paid__gte=F("ordered")), name="recovery_within_paid"
            ),
            models.CheckConstraint(
                condition=Q(recovered__gte=0) & Q(ordered__gte=F("recovered")),
                name="recovered_within_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def unpaid(self) -> Decimal:
        """What is still to be paid, in yuan."""
        return self.due - self.paid


class Payment(models.Model):
    """Money that left the treasury for a grant; `reference` is the voucher."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="payments", verbose_name=_("兑现编号"))
    amount = _money(_("拨付金额（元）"))
    paid_on = models.DateField(_("拨付日期"), db_index=True)
    reference = models.CharField(_("拨付凭证号"), max_length=60)
    origin = models.CharField(_("数据性质"), max_length=10, choices=Origin, default=Origin.SIMULATED)

    class Meta:
        verbose_name = _("拨付")
        verbose_name_plural = _("拨付")
        ordering = ["-paid_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.UniqueConstraint(fields=["grant", "reference"], name="payment_reference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.grant} {self.reference}"


class Recovery(models.Model):
    """An order to pay back; it is open until everything came back."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="recoveries", verbose_name=_("兑现编号"))
    amount = _money(_("应追回（元）"))
    reason = models.TextField(_("追回理由"))
    ordered_on = models.DateField(_("追回决定日期"))
    received = _money(_("已到账（元）"), default=ZERO)
    received_on = models.DateField(_("全部到账日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("追回")
        verbose_name_plural = _("追回")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_is_positive"),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(amount__gte=F("received")), name="received_within_recovery"
            ),
            models.UniqueConstraint(
                fields=["grant"], condition=Q(received_on__isnull=True), name="one_open_recovery"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant} {self.amount}"


class BudgetUse(models.Model):
    """What a budget is used for, one row for each budget: the row two officers' decisions wait for.

    `ceiling` is the budget's amount as it stood at the last decision. Returned money is shown, not spent again.
    """

    budget = models.OneToOneField(Budget, models.PROTECT, related_name="use")
    ceiling = _money(_("预算（元）"))
    committed = _money(_("已安排（元）"), default=ZERO)
    paid = _money(_("已拨付（元）"), default=ZERO)
    recovered = _money(_("已追回（元）"), default=ZERO)

    class Meta:
        verbose_name = _("预算执行")
        verbose_name_plural = _("预算执行")
        constraints = [
            models.CheckConstraint(
                condition=Q(committed__gte=0) & Q(ceiling__gte=F("committed")), name="committed_within_budget"
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0) & Q(committed__gte=F("paid")), name="paid_within_committed"
            ),
            models.CheckConstraint(
                condition=Q(recovered__gte=0) & Q(paid__gte=F("recovered")), name="recovered_within_paid"
            ),
        ]

    def __str__(self) -> str:
        return str(self.budget)
