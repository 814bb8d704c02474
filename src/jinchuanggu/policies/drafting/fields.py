"""The fields that the editor's form shows of a rule text, found in its tree; each knows where its value stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import Problem
from jinchuanggu.engines.rules.benefit import Basis, BenefitKind, Delivery, Frequency
from jinchuanggu.engines.rules.nodes import Mapping, Node, Scalar
from jinchuanggu.engines.rules.nodes import Sequence as Items
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.policies.drafting import amount as amounts
from jinchuanggu.policies.drafting.document import Document, child
from jinchuanggu.policies.drafting.names import Name, names_of
from jinchuanggu.policies.models import Confidence
from jinchuanggu.policies.rule_view import lang

PREFIX = "f:"


@dataclass(slots=True)
class Field:
    """One value: `kind` is text, area, number, date or choice."""

    path: str
    label: str
    kind: str = "text"
    value: str = ""
    unit: str = ""
    choices: Sequence[tuple[str, str]] = ()
    required: bool = False
    help: str = ""
    problems: list[str] = field(default_factory=list)
    line: int = 0
    column: int = 0

    @property
    def name(self) -> str:
        return PREFIX + self.path

    @property
    def unlisted(self) -> bool:
        """A choice whose value in the text is none of those offered; it is shown as it is."""
        return self.kind == "choice" and self.value not in [value for value, _label in self.choices]

    @property
    def id(self) -> str:
        return "f-" + self.path.replace("/", "-").replace("@", "")


@dataclass(slots=True)
class Block:
    """Fields that belong together, such as one condition. `drop`: the path of what its remove button takes away."""

    title: str
    fields: list[Field]
    note: str = ""
    drop: str = ""
    pending: bool = False


@dataclass(slots=True)
class Section:
    """One part of the form; `amount` stands for the fields of amount.py, by the index of the rule set."""

    title: str
    blocks: list[Block]
    index: int | None = None
    kind: str = ""
    amount: amounts.Amount | None = None
    names: list[Name] = field(default_factory=list)


def sections(document: Document) -> list[Section]:
    """The whole form: the head of the text, then each rule set with its conditions, amount and figures."""
    found = [Section(_("文件与效力"), [Block("", _head(document))])]
    sets = child(document.root, "rule_sets")
    names = names_of(document.root)
    many = isinstance(sets, Items) and len(sets.items) > 1
    for index in range(len(sets.items) if isinstance(sets, Items) else 0):
        at = f"rule_sets/{index}"
        title = f"{document.raw(f'{at}/title/{lang()}')}　" if many else ""
        basics = [*_both(document, f"{at}/title", _("名称")), *_benefit(document, at)]
        found.append(Section(title + _("规则"), [Block("", basics)], index))
        conditions = list(_criteria(document, f"{at}/criteria", names))
        found.append(Section(title + _("条件"), conditions, index, "criteria"))
        if isinstance(document.node(f"{at}/benefit"), Mapping):
            found.append(
                Section(
                    title + _("金额"), [], index, "amount", amounts.read(document.root, index),
                    [name for name in names.values() if name.unit == "cny"],
                )
            )  # fmt: skip
    if figures := list(_figures(document)):
        found.append(Section(_("计算中的数"), [Block("", figures)]))
    return found


def mark(found: list[Section], problems: Sequence[Problem]) -> None:
    """Put every problem at the field whose value it is about."""
    places = {
        (one.line, one.column): one for section in found for block in section.blocks for one in block.fields
    }
    paths = {one.path: one for one in places.values()}
    for problem in problems:
        one = places.get((problem.line, problem.column)) or paths.get(problem.path.replace(".", "/"))
        if one is not None:
            one.problems.append(problem.message(lang()))


def all_fields(found: list[Section]) -> dict[str, Field]:
    return {one.path: one for section in found for block in section.blocks for one in block.fields}


def _field(document: Document, path: str, label: str, kind: str = "text", **more: object) -> Field:
    node = document.node(path)
    place = (node.line, node.column) if node is not None else (0, 0)
    return Field(path, label, kind, document.raw(path), line=place[0], column=place[1], **more)  # type: ignore[arg-type]


def _both(document: Document, path: str, label: str) -> list[Field]:
    return [
        _field(document, f"{path}/zh", label, required=True),
        _field(document, f"{path}/en", _("%(label)s（英文）") % {"label": label}, required=True),
    ]


def _head(document: Document) -> list[Field]:
    return [
        _field(document, "version", _("版本"), required=True, help=_("一般写生效日")),
        _field(document, "effective_from", _("生效日"), "date", required=True),
        _field(document, "effective_to", _("失效日"), "date", help=_("长期有效则留空")),
        _field(document, "confidence", _("核实程度"), "choice", choices=Confidence.choices, required=True),
        _field(
            document, "source", _("依据来源"), "area", required=True, help=_("写明看到的是哪一份文本、哪一条")
        ),
        *_both(document, "document/title", _("文件名称")),
        _field(document, "document/number", _("文号"), required=True),
        _field(document, "document/chapter", _("章节"), required=True),
        *_both(document, "document/issuer", _("发文机关")),
        _field(document, "document/issued", _("发文日期"), "date", required=True),
        _field(document, "document/url", _("文件地址")),
        *_both(document, "authority", _("认定或兑现机关")),
    ]


def _benefit(document: Document, at: str) -> list[Field]:
    if not isinstance(document.node(f"{at}/benefit"), Mapping):
        return []
    kinds = {
        "grant": _("奖补"),
        "relief": _("减免"),
        "finance": _("融资"),
        "service": _("服务与权益"),
        "title": _("资质"),
    }
    ways = {"automatic": _("免申即享"), "application": _("申请")}
    bases = {"application": _("申请日"), "event": _("事项发生日")}
    often = {"once": _("一次"), "yearly": _("每年"), "each": _("每笔")}

    def choice(key: str, label: str, values: type, words: dict[str, str]) -> Field:
        listed = [(str(value), words.get(str(value), str(value))) for value in values]  # type: ignore[attr-defined]
        return _field(document, f"{at}/benefit/{key}", label, "choice", choices=listed, required=True)

    return [
        choice("kind", _("给什么"), BenefitKind, kinds),
        *_both(document, f"{at}/benefit/beneficiary", _("受益对象")),
        choice("delivery", _("兑现方式"), Delivery, ways),
        choice("basis", _("以哪天是否有效为准"), Basis, bases),
        choice("frequency", _("享受次数"), Frequency, often),
        _field(document, f"{at}/benefit/payer/zh", _("资金来源")),
        _field(document, f"{at}/benefit/payer/en", _("资金来源（英文）")),
        _field(
            document, f"{at}/benefit/group", _("同类政策组"), help=_("同组只取一项（从优、就高、不重复）")
        ),
    ]


def _criteria(document: Document, at: str, names: dict[str, Name]) -> Iterator[Block]:
    """The conditions, parents before children; a nested one shows its parent in its title."""
    nodes = document.node(at)
    for index in range(len(nodes.items) if isinstance(nodes, Items) else 0):
        yield from _criterion(document, f"{at}/{index}", names, "")


def _criterion(document: Document, at: str, names: dict[str, Name], around: str) -> Iterator[Block]:
    node = document.node(at)
    if not isinstance(node, Mapping):
        return
    title = document.raw(f"{at}/title/{lang()}") or document.raw(f"{at}/id")
    fields = _both(document, f"{at}/title", _("条件"))
    fields += _test(document, at, node, names)
    fields.append(_field(document, f"{at}/clause", _("条款")))
    fields.append(_field(document, f"{at}/article", _("条文或转述"), "area"))
    fields.append(
        _field(
            document,
            f"{at}/confidence",
            _("核实程度"),
            "choice",
            choices=[("", _("同文件")), *Confidence.choices],
        )
    )
    nested = around + " › " if around else ""
    yield Block(
        nested + title,
        fields,
        document.raw(f"{at}/id"),
        "" if around else at,
        child(node, "pending") is not None,
    )
    for way in ("all", "any", "at_least"):
        inner = f"{at}/{way}/of" if way == "at_least" else f"{at}/{way}"
        listed = document.node(inner)
        for index in range(len(listed.items) if isinstance(listed, Items) else 0):
            yield from _criterion(document, f"{inner}/{index}", names, title)


KINDS = {
    "threshold": lambda: _("数值与限额"),
    "is_true": lambda: _("是或否"),
    "pending": lambda: _("待核，暂不判断"),
}


def _test(document: Document, at: str, node: Mapping, names: dict[str, Name]) -> list[Field]:
    """The fields of a condition's test; of a kind the form can change, the kind first."""
    keys = [key.raw for key, _value in node.entries]
    kind = next((key for key in KINDS if key in keys), "")
    found: list[Field] = []
    if kind:
        choices = [(key, label()) for key, label in KINDS.items()]
        found.append(Field(f"{at}/@test", _("怎么判断"), "choice", kind, choices=choices, required=True))
    operators = [(str(one), str(one)) for one in Operator]
    for way in ("threshold", "ratio", "growth", "count", "score"):
        if way not in keys:
            continue
        test = f"{at}/{way}"
        if way == "threshold":
            numbers = [(name.id, name.label) for name in names.values() if name.number]
            found.append(
                _field(document, f"{test}/input", _("看哪个数"), "choice", choices=numbers, required=True)
            )
        found.append(
            _field(document, f"{test}/operator", _("比较"), "choice", choices=operators, required=True)
        )
        unit = document.raw(f"{test}/unit")
        if document.node(f"{test}/versus") is None:
            label = UNITS[unit].label.get(lang()) if unit in UNITS else unit
            found.append(_field(document, f"{test}/value", _("限额"), "number", unit=label, required=True))
        found.append(
            _field(
                document, f"{test}/wording", _("条文中的字眼"), required=True, help=_("如 不低于、以上、超过")
            )
        )
    if "is_true" in keys:
        flags = [(name.id, name.label) for name in names.values() if name.flag]
        found.append(
            _field(document, f"{at}/is_true/input", _("看哪一项"), "choice", choices=flags, required=True)
        )
    return found


def _figures(document: Document) -> Iterator[Field]:
    """The numbers inside values and scores: constants, shares, tiers, bands. Those of the amount stand there."""
    values, sets = child(document.root, "values"), child(document.root, "rule_sets")
    counted = len(sets.items) if isinstance(sets, Items) else 0
    shown = {name for index in range(counted) for name in amounts.read(document.root, index).names}
    for key, value in values.entries if isinstance(values, Mapping) else ():
        if key.raw not in shown:
            title = document.raw(f"values/{key.raw}/title/{lang()}") or key.raw
            yield from _numbers(document, value, f"values/{key.raw}", title)
    for index in range(counted):
        yield from _numbers(
            document, document.node(f"rule_sets/{index}/scores"), f"rule_sets/{index}/scores", ""
        )
        steps = f"rule_sets/{index}/benefit/step_down"
        yield from _numbers(document, document.node(steps), steps, _("退坡"))


WORDS = {
    "constant": lambda: _("数值"), "value": lambda: _("限额"), "percent": lambda: _("比例"), "points": lambda: _("得分"),
    "most": lambda: _("最多"), "cap": lambda: _("封顶"), "otherwise": lambda: _("其他情形"), "up_to": lambda: _("至"),
    "then": lambda: _("则为"), "first": lambda: _("起点"), "gives": lambda: _("给予"), "each": lambda: _("每"),
    "adds": lambda: _("增加"), "undefined": lambda: _("无法计算时"), "from": lambda: _("自"),
}  # fmt: skip


def _numbers(document: Document, node: Node | None, at: str, title: str) -> Iterator[Field]:
    """Every number under a node, called by the titles on the way down."""
    if isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield from _numbers(document, item, f"{at}/{index}", f"{title} · {index + 1}" if title else "")
    elif isinstance(node, Mapping):
        own = child(node, "title")
        inner = document.raw(f"{at}/title/{lang()}") if own is not None else ""
        title = inner or title
        for key, value in node.entries:
            if key.raw in WORDS and isinstance(value, Scalar):
                kind = "date" if key.raw == "from" else "number"
                yield _field(document, f"{at}/{key.raw}", f"{title} · {WORDS[key.raw]()}", kind)
            elif key.raw in ("options",) and isinstance(value, Mapping):
                for code, inside in value.entries:
                    if isinstance(inside, Scalar):
                        yield _field(document, f"{at}/options/{code.raw}", f"{title} · {code.raw}", "number")
            elif not isinstance(value, Scalar) and key.raw != "title":
                yield from _numbers(document, value, f"{at}/{key.raw}", title)
