"""The decision that recognises a valley and gives it its plaque."""

from __future__ import annotations

from ..model import Heading, KeyValue, Letter, Paragraph
from .envelope import WORK_PLAN, Envelope, valley_name


def plaque_decision(
    envelope: Envelope,
    *,
    valley: str,
    kind: str,
    city: str,
    plaque_number: str,
    operator: str = "",
    addressee: str = "各设区市人民政府，山西转型综改示范区管委会，省级工作专班各成员单位",
) -> Letter:
    """关于认定挂牌“晋创谷·××”的决定; ``plaque_number`` is printed as it will stand on the plaque."""
    name = valley_name(valley)
    items = [("平台名称", name), ("平台类别", kind), ("建设主体", city), ("标牌编号", plaque_number)]
    if operator:
        items.insert(3, ("运营机构", operator))
    body = (
        Paragraph(
            f"根据{WORK_PLAN}，经省级工作专班办公室组织评估合格，并报省人民政府同意，"
            f"决定认定{name}为晋创谷创新驱动平台，挂牌“{name}”。"
        ),
        Heading(1, "认定事项"),
        KeyValue(tuple(items)),
        Heading(1, "工作要求"),
        Paragraph(
            "建设主体要持续完善条件、提升能力，规范使用标牌和名称，每年12月底前书面报告年度建设情况，"
            "接受监测考核。省级工作专班各成员单位要加强指导服务，推动政策、资源和要素协同集聚。"
            "对监测考核结果不符合要求的，按程序作出整改、撤销等处理。"
        ),
    )
    return Letter(
        **envelope.fields(),
        form="document",
        title=f"关于认定挂牌“{name}”的决定",
        addressee=addressee,
        body=body,
    )
