"""The policy library: a policy, its versions and articles, the rules that implement them, and its budgets.

A rule text is one YAML file of rules. Those that come with the product are mirrored here (`SHIPPED`), those that
officers write live here only (`AUTHORED`). A text that came into force is never changed: a newer one closes it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jinchuanggu.engines.rules.sureness import sure_of
from jinchuanggu.foundation.organisations.models import Organisation, Person, Region


class Level(models.TextChoices):
    """Who made a policy."""

    NATIONAL = "national", _("国家")
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    VALLEY = "valley", _("谷")


def _say(confidence: str) -> str:
    english = (get_language() or "").startswith("en")
    return sure_of(confidence).words.get("en" if english else "zh")


_sure = lazy(_say, str)


class Confidence(models.TextChoices):
    """How sure we are that what stands here is what the document says; the engine's words for what nobody reviewed."""

    SEARCHED = "searched", _sure("searched")
    SINGLE = "searched-single", _sure("searched-single")
    RECALLED = "recalled", _sure("recalled")
    UNKNOWN = "unknown", _sure("unknown")


class RecordOrigin(models.TextChoices):
    SHIPPED = "shipped", _("随系统提供")
    AUTHORED = "authored", _("本系统编写")


class Policy(models.Model):
    """One instrument: a plan, a set of measures, a management method."""

    code = models.SlugField(_("编码"), max_length=80, unique=True)
    title_zh = models.CharField(_("名称"), max_length=200)
    title_en = models.CharField(_("英文名称"), max_length=300, blank=True)
    number = models.CharField(_("文号"), max_length=80, blank=True, db_index=True)
    issuer_zh = models.CharField(_("发文机关"), max_length=200, blank=True)
    issuer_en = models.CharField(_("发文机关（英文）"), max_length=300, blank=True)
    issued_on = models.DateField(_("发文日期"), null=True, blank=True)
    level = models.CharField(_("层级"), max_length=10, choices=Level, db_index=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name=_("适用区划"))
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("责任单位"), related_name="+"
    )
    unit_text = models.CharField(_("责任单位（文字）"), max_length=200, blank=True)
    gives_zh = models.TextField(_("给谁什么"), blank=True)
    gives_en = models.TextField(_("给谁什么（英文）"), blank=True)
    valid_from = models.DateField(_("生效日"), null=True, blank=True, db_index=True)
    valid_to = models.DateField(_("失效日"), null=True, blank=True)
    repealed_on = models.DateField(_("废止日"), null=True, blank=True)
    published = models.BooleanField(_("公开"), default=True, db_index=True)
    source_title = models.CharField(_("来源"), max_length=300, blank=True)
    source_url = models.URLField(_("来源地址"), max_length=500, blank=True)
    confidence = models.CharField(
        _("核实程度"), max_length=20, choices=Confidence, default=Confidence.UNKNOWN
    )
    origin = models.CharField(max_length=10, choices=RecordOrigin, default=RecordOrigin.AUTHORED)
    search_text = models.TextField(blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("政策")
        verbose_name_plural = _("政策")
        ordering = ["level", "-valid_from", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="policy_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> str:
        """In the language of the reader."""
        english = (get_language() or "").startswith("en")
        return self.title_en if english and self.title_en else self.title_zh


class SearchToken(models.Model):
    """One or two adjoining characters that occur in a policy's text: the index of the full-text search."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "policy"], name="search_token_once")]

    def __str__(self) -> str:
        return self.token


class PolicyVersion(models.Model):
    """The wording of a policy between two days."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    effective_from = models.DateField(_("生效日"))
    effective_to = models.DateField(_("失效日"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("政策版本")
        verbose_name_plural = _("政策版本")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"


class Article(models.Model):
    """One provision of a version; `paraphrase`: in our words, not the document's."""

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="articles")
    number = models.CharField(_("条款"), max_length=120)
    heading = models.CharField(_("标题"), max_length=200, blank=True)
    text = models.TextField(_("内容"))
    paraphrase = models.BooleanField(_("转述"), default=True)
    confidence = models.CharField(
        _("核实程度"), max_length=20, choices=Confidence, default=Confidence.SEARCHED
    )
    order = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("条款")
        verbose_name_plural = _("条款")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number", "heading"], name="article_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}".strip()


class RuleStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    REVIEW = "review", _("待审核")
    IN_FORCE = "in_force", _("已发布")
    REPLACED = "replaced", _("已被替代")
    WITHDRAWN = "withdrawn", _("已撤回")


class RuleText(models.Model):
    """One YAML file of rules. Drafts change with their `revision`; a text in force never does.

    `policy`: the instrument it implements; `region`: whose measure it is (None: the province's or the nation's).
    """

    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="rule_texts")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name=_("适用区划"))
    level = models.CharField(_("层级"), max_length=10, choices=Level, default=Level.PROVINCE)
    family = models.CharField(_("规则族"), max_length=80, db_index=True)
    path = models.CharField(_("文件"), max_length=200, blank=True)
    title = models.CharField(_("名称"), max_length=200)
    yaml = models.TextField(_("规则文本"))
    digest = models.CharField(max_length=64)
    origin = models.CharField(_("来历"), max_length=10, choices=RecordOrigin, default=RecordOrigin.AUTHORED)
    status = models.CharField(
        _("状态"), max_length=10, choices=RuleStatus, default=RuleStatus.DRAFT, db_index=True
    )
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    author = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("编写人")
    )
    reviewer = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    saved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    writers = models.JSONField(
        default=list, help_text="ids of all people who wrote in it; none of them reviews it"
    )
    review_note = models.TextField(_("审核意见"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("规则文本")
        verbose_name_plural = _("规则文本")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["path"], condition=Q(origin="shipped"), name="shipped_path_once"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")), name="reviewer_is_not_author"
            ),
            models.CheckConstraint(
                condition=~Q(origin="authored", status__in=["in_force", "replaced"])
                | Q(reviewer__isnull=False),
                name="in_force_was_reviewed",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RuleEntry(models.Model):
    """One rule set of a text, with what lists and filters need; made from the text, never edited.

    Only texts that are or were in force have entries. `effective_to` is the last day in law, which a newer version
    may have brought forward; `superseded`: the newer one replaced this one from its first day.
    """

    text = models.ForeignKey(RuleText, models.CASCADE, related_name="entries")
    rule_set = models.CharField(_("规则"), max_length=120, db_index=True)
    version = models.CharField(_("版本"), max_length=60)
    title_zh = models.CharField(_("名称"), max_length=200)
    title_en = models.CharField(_("英文名称"), max_length=300, blank=True)
    subject = models.CharField(_("对象"), max_length=40)
    effective_from = models.DateField(_("生效日"), db_index=True)
    effective_to = models.DateField(_("失效日"), null=True, blank=True)
    superseded = models.BooleanField(default=False)
    confidence = models.CharField(_("核实程度"), max_length=20, choices=Confidence)
    benefit_kind = models.CharField(_("给什么"), max_length=10, blank=True, db_index=True)
    amount_known = models.BooleanField(_("金额已知"), default=False)
    pending = models.BooleanField(_("有待核内容"), default=False)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("规则")
        verbose_name_plural = _("规则")
        ordering = ["rule_set", "effective_from"]
        constraints = [models.UniqueConstraint(fields=["text", "rule_set"], name="rule_entry_once")]

    def __str__(self) -> str:
        return f"{self.title_zh} {self.version}"


class ArticleRule(models.Model):
    """This article is carried out by this rule set, or by one criterion of it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="rules")
    rule_set = models.CharField(_("规则"), max_length=120, db_index=True)
    criterion = models.CharField(_("条件"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("条款与规则")
        verbose_name_plural = _("条款与规则")
        constraints = [
            models.UniqueConstraint(fields=["article", "rule_set", "criterion"], name="article_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.rule_set}"


class Budget(models.Model):
    """What may be spent on a policy in a year."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="budgets")
    year = models.PositiveSmallIntegerField(_("年度"))
    amount_cny = models.DecimalField(_("预算（元）"), max_digits=16, decimal_places=2)
    source = models.CharField(_("依据"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("预算")
        verbose_name_plural = _("预算")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "year"], name="budget_once_a_year"),
            models.CheckConstraint(condition=Q(amount_cny__gte=0), name="budget_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.year}"


class RuleRevision(models.Model):
    """One row; its token changes with every change of what is in force, so that each process knows when to read
    the rules again.
    """

    token = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("规则库修订号")
        verbose_name_plural = _("规则库修订号")

    def __str__(self) -> str:
        return self.token
