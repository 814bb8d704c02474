"""Charts in letters: kept as numbers, drawn the same each time, described for those who cannot see them."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from jinchuanggu.foundation.letters import Chart, LetterError, Paragraph, render_docx, render_pdf

from .samples import letter

pytest.importorskip("matplotlib")
from jinchuanggu.foundation.letters.charts import draw

CHART = Chart(
    title="月末从业人员", unit="人", categories=("1月", "2月", "3月"),
    series=(("2026年", ("12", "13", None)), ("2025年", ("10", None, "11"))),
)  # fmt: skip


def test_a_chart_needs_values_for_each_category() -> None:
    with pytest.raises(LetterError):
        Chart(title="空", categories=(), series=())
    with pytest.raises(LetterError):
        Chart(title="缺", categories=("1月", "2月"), series=(("2026年", ("1",)),))


@pytest.mark.parametrize("extension", ["svg", "png"])
def test_the_same_numbers_give_the_same_bytes(extension: str) -> None:
    first = draw(CHART, extension)
    assert first == draw(CHART, extension)
    other = Chart(CHART.title, CHART.categories, (("2026年", ("12", "13", "14")),), CHART.unit)
    assert first != draw(other, extension)


def test_what_cannot_be_seen_is_said() -> None:
    assert CHART.described == "月末从业人员：2026年最新为 13人，2025年最新为 11人"


def test_word_holds_a_picture_with_its_description() -> None:
    docx = pytest.importorskip("docx")
    source = letter(body=(Paragraph("见图。"), CHART))
    made = render_docx(source)
    document = docx.Document(BytesIO(made))
    assert len(document.inline_shapes) == 1
    with zipfile.ZipFile(BytesIO(made)) as parts:
        assert CHART.described in parts.read("word/document.xml").decode()


def test_the_pdf_tags_the_figure_with_its_description() -> None:
    pytest.importorskip("weasyprint")
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(BytesIO(render_pdf(letter(body=(Paragraph("见图。"), CHART)))))
    alternatives = [
        str(found["/Alt"]) for number in range(1, int(reader.trailer["/Size"]))
        if isinstance(found := reader.get_object(number), dict) and "/Alt" in found
    ]  # fmt: skip
    assert CHART.described in alternatives


def test_drawing_costs_nothing_until_it_is_asked_for() -> None:
    code = "import sys, jinchuanggu.foundation.letters; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
