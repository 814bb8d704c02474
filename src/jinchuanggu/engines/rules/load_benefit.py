"""The benefit of a rule set as a rule file writes it; amounts are named values, never numbers in the text."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import date
from fractions import Fraction

from jinchuanggu.engines.rules.benefit import Basis, Benefit, BenefitKind, Delivery, Frequency, StepDown
from jinchuanggu.engines.rules.input_use import InputUse
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Mapping, Node
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.texts import same

REQUIRED = ("kind", "beneficiary", "delivery", "basis", "frequency")
KEYS = (*REQUIRED, "amount", "group", "excludes", "pool", "step_down", "payer")


def read_benefit(reader: Reader, node: Node, path: str, inputs: AnyMapping[str, Input]) -> Benefit | None:
    """What the rule set gives. ``amount: null`` says that the document's figure is not known."""
    found = reader.mapping(node, path, KEYS, REQUIRED)
    use = InputUse(reader, inputs, None)
    kind = _choice(reader, found, "kind", path, [*BenefitKind])
    delivery = _choice(reader, found, "delivery", path, [*Delivery])
    basis = _choice(reader, found, "basis", path, [*Basis])
    frequency = _choice(reader, found, "frequency", path, [*Frequency])
    beneficiary = (
        reader.both(found["beneficiary"], join(path, "beneficiary")) if "beneficiary" in found else None
    )
    payer = reader.both(found["payer"], join(path, "payer")) if "payer" in found else None
    low, high = _amount(use, found["amount"], join(path, "amount")) if "amount" in found else (None, None)
    group = reader.text(found["group"], join(path, "group")) if "group" in found else None
    excludes = _excludes(reader, found["excludes"], join(path, "excludes")) if "excludes" in found else ()
    pool, cap = _pool(use, found["pool"], join(path, "pool")) if "pool" in found else (None, None)
    steps = _steps(use, found["step_down"], join(path, "step_down")) if "step_down" in found else ()
    if not (kind and delivery and basis and frequency and beneficiary):
        return None
    return Benefit(
        BenefitKind(kind),
        beneficiary,
        low,
        high,
        Delivery(delivery),
        Basis(basis),
        Frequency(frequency),
        group,
        excludes,
        pool,
        cap,
        steps,
        payer,
    )


def _choice(reader: Reader, found: dict[str, Node], key: str, path: str, options: list[str]) -> str | None:
    return reader.choice(found[key], join(path, key), options) if key in found else None


def _amount(use: InputUse, node: Node, path: str) -> tuple[str | None, str | None]:
    if isinstance(node, Mapping):
        ends = use.reader.mapping(node, path, ("from", "to"), ("from", "to"))
        low, high = (
            _money(use, ends[key], join(path, key)) if key in ends else None for key in ("from", "to")
        )
        return low, high
    name = _money(use, node, path)
    return name, name


def _money(use: InputUse, node: Node, path: str) -> str | None:
    declared = use.named(node, path, InputType.NUMBER)
    if declared is None:
        return None
    if declared.unit != "cny":
        use.reader.problem(
            "unit_mismatch", node, path, expected=same("cny"), got=f"{declared.id}: {declared.unit}"
        )
    return declared.id


def _excludes(reader: Reader, node: Node, path: str) -> tuple[str, ...]:
    items = reader.sequence(node, path) or ()
    texts = (reader.text(item, f"{path}[{index}]") for index, item in enumerate(items))
    return tuple(text for text in texts if text is not None)


def _pool(use: InputUse, node: Node, path: str) -> tuple[str | None, Fraction | None]:
    found = use.reader.mapping(node, path, ("id", "cap"), ("id", "cap"))
    name = use.reader.text(found["id"], join(path, "id")) if "id" in found else None
    cap = use.reader.number(found["cap"], join(path, "cap")) if "cap" in found else None
    return name, None if cap is None else Fraction(cap)


def _steps(use: InputUse, node: Node, path: str) -> tuple[StepDown, ...]:
    """The days from which less is paid, in order."""
    steps: list[StepDown] = []
    for index, item in enumerate(use.reader.sequence(node, path) or ()):
        at = f"{path}[{index}]"
        found = use.reader.mapping(item, at, ("from", "percent"), ("from", "percent"))
        day = use.reader.date(found["from"], join(at, "from"), exact=True) if "from" in found else None
        percent = use.reader.number(found["percent"], join(at, "percent")) if "percent" in found else None
        if percent is not None and percent > 100:
            use.reader.problem(
                "number", found["percent"], join(at, "percent"), expected=same("0 … 100"), got=str(percent)
            )
        if day is None or percent is None:
            continue
        start = date(day.year, day.month or 1, day.day or 1)
        if steps and start <= steps[-1].start:
            use.reader.problem("dates_order", found["from"], join(at, "from"), got=str(start))
        steps.append(StepDown(start, Fraction(percent)))
    return tuple(steps)
