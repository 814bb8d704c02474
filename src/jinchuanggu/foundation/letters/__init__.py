"""Official documents after GB/T 9704-2012, as Word and as PDF. Plain Python: no Django here.

>>> letter = Letter(issuer="山西省科学技术厅", title="关于……的函", dated=date(2026, 7, 5),
...                 body=(Paragraph("……"),))
>>> pdf, word = render_pdf(letter), render_docx(letter)
"""

from .errors import LetterError
from .model import Attachment, Block, Chart, Form, Heading, KeyValue, Letter, Paragraph, Table
from .numbers import IssuingNumber, chinese_date
from .pdf import Layout, lay_out, render_pdf
from .word import render_docx

__all__ = [
    "Attachment",
    "Block",
    "Chart",
    "Form",
    "Heading",
    "IssuingNumber",
    "KeyValue",
    "Layout",
    "Letter",
    "LetterError",
    "Paragraph",
    "Table",
    "chinese_date",
    "lay_out",
    "render_docx",
    "render_pdf",
]
