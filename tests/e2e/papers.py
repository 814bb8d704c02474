"""Small real files for uploading, and the words of files that came down."""

from __future__ import annotations

import io

from docx import Document as Word
from pypdf import PdfReader


def word_file(title: str) -> bytes:
    """A small Word file with a heading."""
    document, stream = Word(), io.BytesIO()
    document.add_heading(title, 1)
    document.add_paragraph("模拟材料，供演示使用。")
    document.save(stream)
    return stream.getvalue()


def pdf_file() -> bytes:
    """The smallest PDF with one empty page."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return (
        out
        + b"xref\n0 4\n0000000000 65535 f \n"
        + table
        + (b"trailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    )


def text_of(content: bytes) -> str:
    """The words of a Word or PDF file without white space (PDF breaks lines where it likes)."""
    if content.startswith(b"%PDF-"):
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        document = Word(io.BytesIO(content))
        cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
        text = "".join(paragraph.text for paragraph in document.paragraphs) + "".join(cells)
    return "".join(text.split())
