"""A letter as one HTML page, element by element in the order of the standard."""

from __future__ import annotations

import re

from . import geometry as g
from .markup import block, lines, text
from .model import Letter, annex_label, annex_names, numbered
from .numbers import chinese_date
from .stylesheet import stylesheet
from .titles import title_lines

_LAST_ELEMENT = re.compile(
    r"(</p>|</figcaption></figure>|</h\d>|</div></div>|</td></tr></tbody></table>|</tbody></table>)\Z"
)


def page(letter: Letter, *, pitch: float, own_page: bool, keep: bool) -> str:
    """HTML of the whole letter.

    ``own_page`` sends 版记 to the next even page; ``keep`` ties the signature to the last lines of the body.
    """
    title = letter.title.replace("\n", "")
    keywords = "，".join(filter(None, (str(letter.number or ""), letter.mark)))
    blocks = "".join(block(item, label) for item, label in numbered(letter.blocks))
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{text(title)}</title>'
        f'<meta name="author" content="{text(letter.issuer)}">'
        f'<meta name="keywords" content="{text(keywords)}">'
        f'<meta name="dcterms.created" content="{letter.dated.isoformat()}">'
        f"<style>{stylesheet(letter, pitch)}</style></head>"
        f'<body class="{letter.form}">{_head(letter)}<h1>{lines(title_lines(letter.title))}</h1>'
        f"{_addressee(letter)}{_text_end(blocks + _annex_list(letter))}"
        f"{_closing(letter, keep)}{_note(letter)}{_annexes(letter)}"
        f'<span id="content-end"></span>{_colophon(letter, own_page)}</body></html>'
    )


def _text_end(blocks: str) -> str:
    """Puts an anchor inside the last element with text: an anchor of its own could slip to the next page."""
    return _LAST_ELEMENT.sub(r'<span id="body-end"></span>\1', blocks)


def _corner(letter: Letter) -> str:
    faces = {"copy": "", "secrecy": "urgent", "urgency": "urgent"}
    return "".join(f'<p class="{faces[kind]}">{text(words)}</p>' for kind, words in letter.corner_lines)


def _head(letter: Letter) -> str:
    number = text(str(letter.number)) if letter.number else ""
    if letter.form == "plain":
        return f'<p class="flush">{number}</p>' if number else ""
    if letter.form == "letter":
        return _letter_head(letter, number)
    name = letter.issuer if letter.issuer.endswith("文件") else f"{letter.issuer}文件"
    if letter.form == "upward":
        signer = f'<span>签发人：<span class="kai">{text(letter.signer)}</span></span>'
        line = f'<div class="number between"><span>{number}</span>{signer}</div>'
    else:
        line = f'<div class="number">{number}</div>'
    corner = f'<div class="corner">{_corner(letter)}</div>'
    return f'{corner}{_issuer(name, g.TYPE_WIDTH_PT)}{line}<div class="red-rule"></div>'


def _issuer(name: str, room: float) -> str:
    size, scale = g.head_size(name)
    width = g.width_in_chars(name) * size + 1
    # Only where needed: what is transformed is drawn last, so its text comes out of order when extracted.
    narrow = f";transform:scaleX({scale:.4f})" if scale < 1 else ""
    return (
        f'<div class="issuer" style="font-size:{size:.2f}pt;width:{width:.2f}pt;'
        f'margin-left:{(room - width) / 2:.2f}pt{narrow}">{text(name)}</div>'
    )


def _letter_head(letter: Letter, number: str) -> str:
    size, _ = g.head_size(letter.issuer)
    height = g.LETTER_HEAD_MM - g.TOP_MM + g.HEAD_RULE_GAP_MM + g.mm(size + 3.9)
    corner = f'<div class="letter-corner">{_corner(letter)}</div>' if letter.corner_lines else ""
    return (
        f'<div class="letter-head">{_issuer(letter.issuer, g.pt(g.LETTER_RULE_MM))}'
        f'<div class="thick-thin"></div></div><div class="letter-foot thin-thick"></div>'
        f'<div style="height:{height:.2f}mm"></div><div class="letter-gap"></div>'
        f'{corner}<p class="letter-number">{number or "&#160;"}</p>'
    )


def _addressee(letter: Letter) -> str:
    if not letter.addressee:
        return '<div class="no-addressee"></div>'
    return f'<p class="addressee">{text(letter.addressee.rstrip("：:"))}：</p>'


def _annex_list(letter: Letter) -> str:
    if not letter.attachments:
        return ""
    rows = []
    for index, (ordinal, name) in enumerate(annex_names(letter)):
        lead = "附件：" if index == 0 else ""
        cell = f'<span class="ordinal">{ordinal}</span>' if ordinal else ""
        rows.append(f'<div><span class="lead">{lead}</span>{cell}{text(name)}</div>')
    kind = "annexes one" if len(rows) == 1 else "annexes"
    return f'<div class="{kind}">{"".join(rows)}</div>'


def _closing(letter: Letter, keep: bool) -> str:
    dated = chinese_date(letter.dated)
    names = title_lines(letter.signed_by, 14)
    width, right = closing_box(letter)
    rows = "".join(f"<div>{text(row)}</div>" for row in (*names, dated))
    style = f"width:{width:.2f}pt;margin-left:auto;margin-right:{right:.2f}pt"
    return f'<div id="closing" class="closing{" kept" if keep else ""}" style="{style}">{rows}</div>'


def closing_box(letter: Letter) -> tuple[float, float]:
    """Width and right indent (pt): the date four characters from the right, the name centred on it."""
    date_width = g.width_in_chars(chinese_date(letter.dated))
    name_width = max(g.width_in_chars(line) for line in title_lines(letter.signed_by, 14))
    width = max(date_width, name_width)
    right = max(0.0, 4 - (width - date_width) / 2)
    return (width + 0.1) * g.SIZE_3_PT, right * g.CHAR_PITCH_PT


def _note(letter: Letter) -> str:
    return f"<p>（{text(letter.note.strip('（）()'))}）</p>" if letter.note else ""


def _annexes(letter: Letter) -> str:
    parts = []
    for index, annex in enumerate(letter.attachments, start=1):
        if not annex.body:
            continue
        blocks = "".join(block(item, label) for item, label in numbered(annex.body))
        parts.append(
            f'<section class="annex"><p class="annex-label">{annex_label(letter, index)}</p>'
            f'<h2 class="annex-title">{lines(title_lines(annex.title))}</h2>{blocks}</section>'
        )
    return "".join(parts)


def _colophon(letter: Letter, own_page: bool) -> str:
    if not letter.has_colophon:
        return ""
    ruled = letter.form != "letter"
    parts = []
    if letter.copies_to:
        copies = "，".join(letter.copies_to).rstrip("。") + "。"
        parts.append(f'<div class="copies"><span class="lead">抄送：</span>{text(copies)}</div>')
    if ruled and (letter.printed_by or letter.printed_on):
        first = "" if letter.copies_to else " first"
        printed = f"{chinese_date(letter.printed_on)}印发" if letter.printed_on else ""
        parts.append(
            f'<div class="printed{first}"><span>{text(letter.printed_by or letter.issuer)}</span>'
            f"<span>{printed}</span></div>"
        )
    room = 22.0 * colophon_lines(letter) + 8
    return (
        f'<div id="colophon" class="colophon-room{" own-page" if own_page else ""}" style="height:{room}pt">'
        f'<div class="colophon{" ruled" if ruled else ""}">{"".join(parts)}</div></div>'
    )


def colophon_lines(letter: Letter) -> int:
    """Lines that 版记 takes: 抄送 wrapped to its width, and one for the printing."""
    count = 0
    if letter.copies_to:
        chars = int((g.TYPE_WIDTH_PT - 5 * g.SIZE_4_PT) // g.SIZE_4_PT) - 1
        count += -(-int(g.width_in_chars("，".join(letter.copies_to)) + 1) // chars)
    return count + (1 if letter.form != "letter" and (letter.printed_by or letter.printed_on) else 0)
