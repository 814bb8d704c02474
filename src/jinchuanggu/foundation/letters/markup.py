"""Text into HTML and CSS, always escaped: the only doors through which a caller's words pass."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from .model import Block, Chart, Heading, KeyValue, Paragraph, Table


def text(value: str) -> str:
    return escape(value, quote=True)


def css_string(value: str) -> str:
    """A CSS string in which nothing but letters is taken literally; also safe inside a <style> element."""
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in value) + '"'


def lines(values: list[str]) -> str:
    return "".join(f"<span>{text(value)}</span>" for value in values)


def block(item: Block, label: str) -> str:
    match item:
        case Paragraph():
            return f"<p>{text(item.text)}</p>"
        case Heading():
            return _heading(item, label)
        case KeyValue():
            return "".join(f"<p>{text(name)}：{text(value)}</p>" for name, value in item.items)
        case Table():
            return _table(item)
        case Chart():
            return _chart(item)


def _heading(item: Heading, label: str) -> str:
    level = item.level + 1
    words = text(label + item.text)
    if not item.run_in:
        return f"<h{level}>{words}</h{level}>"
    face = {1: "urgent", 2: "kai"}.get(item.level, "")
    return f'<p class="run-in"><span class="{face}">{words}</span>{text(item.run_in)}</p>'


def _table(item: Table) -> str:
    total = sum(item.widths) if item.widths else 0
    columns = "".join(f'<col style="width:{100 * w / total:.3f}%">' for w in item.widths)
    head = "".join(f'<th scope="col">{text(cell)}</th>' for cell in item.header)
    rows = "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in item.rows)
    caption = f"<caption>{text(item.caption)}</caption>" if item.caption else ""
    return (
        f"<table>{caption}<colgroup>{columns}</colgroup>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _chart(item: Chart) -> str:
    from .charts import draw

    picture = b64encode(draw(item, "svg")).decode()
    return (
        f'<figure><img alt="{text(item.described)}" src="data:image/svg+xml;base64,{picture}">'
        f"<figcaption>{text(item.title)}</figcaption></figure>"
    )


def _cell(value: str) -> str:
    short = ' class="number-cell"' if len(value) <= 8 else ""
    return f"<td{short}>{text(value)}</td>"
