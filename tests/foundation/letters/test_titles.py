from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.foundation.letters.geometry import width_in_chars
from jinchuanggu.foundation.letters.titles import TITLE_CHARS, title_lines

SEED = "山西省人民政府办公厅关于印发晋创谷创新驱动平台建设工作方案的通知"


def test_words_stay_whole() -> None:
    lines = title_lines(SEED)
    assert len(lines) == 2
    for word in ("人民政府", "办公厅", "晋创谷", "创新驱动平台", "方案", "通知"):
        assert any(word in line for line in lines), word


def test_a_short_title_is_one_line_and_set_breaks_are_kept() -> None:
    assert title_lines("关于认定挂牌“晋创谷·阳泉”的决定") == ["关于认定挂牌“晋创谷·阳泉”的决定"]
    assert title_lines("山西省科学技术厅\n关于开展评估的通知") == ["山西省科学技术厅", "关于开展评估的通知"]


@given(st.text("关于报送晋创谷平台建设方案的函，《》“”2026年", min_size=1, max_size=120))
def test_no_line_is_too_wide_and_nothing_is_lost(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(width_in_chars(line) <= TITLE_CHARS for line in lines)
