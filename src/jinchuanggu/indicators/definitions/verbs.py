"""What the acts on definitions and computed figures are called in the history."""

from jinchuanggu.foundation.audit.verbs import register

register(
    {
        "indicators.sync": {"zh": "更新随系统提供的指标", "en": "Shipped indicators brought up to date"},
        "indicators.compute": {"zh": "由记录计算指标", "en": "Figures computed from records"},
        "indicator.add": {"zh": "新增指标", "en": "Indicator added"},
        "indicator.edit": {"zh": "修改指标", "en": "Indicator changed"},
    }
)
