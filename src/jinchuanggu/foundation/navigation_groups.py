"""The groups of the navigation, by task, in their order."""

from django.utils.translation import gettext_lazy as _

GROUPS = {
    "desk": _("工作台"),
    "cockpit": _("驾驶舱"),
    "valley": _("晋创谷"),
    "report": _("数据报送"),
    "resident": _("企业与团队"),
    "market": _("科技市场"),
    "capital": _("资本"),
    "policy": _("政策"),
    "people": _("组织与人员"),
    "record": _("记录与规则"),
    "system": _("系统"),
}
