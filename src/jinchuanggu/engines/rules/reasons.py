"""Why a criterion stands as it does: a code for machines, a sentence for people."""

from __future__ import annotations

from jinchuanggu.engines.rules.texts import Text

REASONS: dict[str, Text] = {
    "meets": Text("{value}，符合“{operator} {threshold}”", "{value} satisfies {operator} {threshold}"),
    "short": Text(
        "{value}，要求{operator} {threshold}，差 {distance}",
        "{value}; {operator} {threshold} is asked; short by {distance}",
    ),
    "over": Text(
        "{value}，要求{operator} {threshold}，超出 {distance}",
        "{value}; {operator} {threshold} is asked; over by {distance}",
    ),
    "empty": Text("已说明没有", "stated to be none"),
    "never_held": Text("已说明没有此项", "stated never to have been had"),
    "present": Text("已具备", "present"),
    "absent": Text("已列清单中没有此项", "not among those listed"),
    "accepted_code": Text("{value}，在范围内", "{value} is one of those accepted"),
    "other_code": Text("{value}，不在范围内", "{value} is not one of those accepted"),
    "holds": Text("已确认", "confirmed"),
    "does_not_hold": Text("已说明不具备", "stated not to hold"),
    "no_report": Text("没有可用的数据", "no figure is known"),
    "not_given": Text("没有提供", "not given"),
    "attribute_unknown": Text("所列各项缺少必要说明，无法判定", "the items listed lack what decides"),
    "zero_denominator": Text("分母为零，比值无意义", "the denominator is zero: the ratio is undefined"),
    "zero_base": Text("基期为零，增速无意义", "the base year is zero: the rate is undefined"),
    "negative_base": Text("基期为负，增速无意义", "the base year is negative: the rate is undefined"),
    "no_prior_year": Text(
        "企业成立时间晚于所需年度，没有可用的年度数据",
        "founded after the years asked about: there is no such year",
    ),
    "single_year": Text("只有一个年度，增速无意义", "there is one year only: no rate of growth exists"),
    "no_entry": Text("文件没有规定这种情形", "the document says nothing of this case"),
    "negative_total": Text(
        "扣减项大于合计，数据矛盾", "more is deducted than there is: the figures contradict"
    ),
    "grew": Text(
        "逐年增长，最近一年 {value}，上一年 {threshold}", "grew every year; {value} after {threshold}"
    ),
    "rate_reached": Text("增速 {value}，达到要求", "growth of {value} is enough"),
    "did_not_grow": Text(
        "最近一次未增长：{value}，上一期 {threshold}", "did not grow: {value} after {threshold}"
    ),
    "rate_short": Text(
        "增速 {value}，要求{operator} {threshold}", "growth of {value}; {operator} {threshold} is asked"
    ),
    "too_few_periods": Text("不足两个年度，无法比较", "fewer than two years: nothing to compare"),
    "missing_period": Text("缺少年度数据：{missing}", "years missing: {missing}"),
    "outdated": Text(
        "最近的年度数据过旧，不能说明当前情况",
        "the latest yearly figures are too old to say anything of the day",
    ),
    "awaiting_experts": Text("由专家评判，尚无结论", "judged by experts; no conclusion yet"),
    "no_pass_mark": Text(
        "专家评分 {value}；文件未定合格线，等待结论",
        "score {value}; the document sets no pass mark; the conclusion is awaited",
    ),
    "experts_passed": Text("专家认为符合", "the experts find it satisfied"),
    "experts_failed": Text("专家认为不符合", "the experts find it not satisfied"),
    "score_open": Text(
        "得分 {interval}，要求{operator} {threshold}，结果取决于未定项",
        "{interval}; {operator} {threshold} is asked: what is open decides",
    ),
    "rule_unknown": Text("文件的确切要求尚未查明", "what the document asks exactly is not known yet"),
    "all_met": Text("各项均满足", "all are met"),
    "some_not_met": Text("有条件不满足", "some are not met"),
    "some_not_evidenced": Text("有条件证据不足", "some are not evidenced"),
    "enough_met": Text("满足的项数已够", "enough are met"),
    "too_few_met": Text("满足的项数不够", "too few are met"),
}

OPERATOR_WORDS: dict[str, Text] = {
    ">=": Text("不小于", "at least"),
    ">": Text("大于", "more than"),
    "<=": Text("不大于", "at most"),
    "<": Text("小于", "less than"),
    "==": Text("等于", "exactly"),
}

ADVICE: dict[str, Text] = {
    "short": Text("再增加 {distance} 即可满足", "{distance} more would satisfy it"),
    "over": Text("需减少 {distance}", "{distance} less would satisfy it"),
    "empty": Text("须至少具备一项", "at least one is needed"),
    "never_held": Text("取得此项后再看", "obtain it first"),
    "absent": Text("补齐此项后提交", "supply this item"),
    "did_not_grow": Text(
        "查明未增长的原因；比上一期至少多 {distance} 才算增长",
        "find out why; at least {distance} more would be growth",
    ),
    "missing_period": Text("补报 {missing} 的数据并注明来源", "report {missing} with its source"),
    "no_report": Text("补报数据，注明日期和来源", "report the figure with its date and source"),
    "not_given": Text(
        "请说明具备情况；确实没有的请列为空", "state what exists; if there is none, give an empty list"
    ),
    "awaiting_experts": Text("提请专家评判", "ask the experts"),
}

FLAGS: dict[str, Text] = {
    "reports_differ": Text("多份报告数值不一致", "the reports differ"),
    "choice_decides": Text("采用另一份报告会改变结论", "another report would change the outcome"),
    "never": Text("没有这一日期", "there is no such day"),
    "unsourced": Text("没有注明来源", "no source is named"),
    "partial_date": Text("日期不完整", "the date is not exact"),
    "from_parts": Text("由分项合成", "made up of its parts"),
    "dated_series": Text("缺少最近一个年度", "the last completed year is missing"),
    "edge_ambiguous": Text(
        "恰在两档交界，两档均写明含此值，按高档计", "on an edge both bands claim; the better one is given"
    ),
    "needs_review": Text(
        "基期为负或只有一个年度，公式算不出有意义的增长，需人工核定",
        "a negative base or a single year gives no meaningful growth; a person has to decide",
    ),
    "judge_outside": Text("专家评分超出分档范围", "the experts' points lie outside the band"),
}
