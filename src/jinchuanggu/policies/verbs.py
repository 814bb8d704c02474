"""What the acts of the library and of the editor are called in the history."""

from jinchuanggu.foundation.audit.verbs import register

register(
    {
        "rules.sync": {"zh": "更新随系统提供的规则", "en": "Shipped rules brought up to date"},
        "policy.create": {"zh": "登记政策", "en": "Policy registered"},
        "policy.update": {"zh": "修改政策", "en": "Policy changed"},
        "policy.budget": {"zh": "设定年度预算", "en": "Yearly budget set"},
        "policy.articles": {"zh": "登记条款", "en": "Articles registered"},
        "rule.draft": {"zh": "起草规则", "en": "Rule drafted"},
        "rule.save": {"zh": "保存规则草稿", "en": "Rule draft saved"},
        "rule.upload": {"zh": "上传规则文件", "en": "Rule file uploaded"},
        "rule.submit": {"zh": "提交规则审核", "en": "Rule submitted for review"},
        "rule.return": {"zh": "退回规则", "en": "Rule returned"},
        "rule.publish": {"zh": "发布规则", "en": "Rule put in force"},
        "rule.close": {"zh": "旧版规则终止", "en": "Older rule closed"},
        "rule.withdraw": {"zh": "撤回规则草稿", "en": "Rule draft withdrawn"},
    }
)
