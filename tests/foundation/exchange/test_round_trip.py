"""What an export says, an import reads back: nothing changes. And junk ends in words, never in a server error."""

from __future__ import annotations

import io
import random
import string
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.registry import resources
from jinchuanggu.residents.models import Resident, Space, YearlyRevenue
from tests.foundation import world
from tests.foundation.exchange import books

pytestmark = pytest.mark.django_db
WRITERS = {
    name: next(
        r
        for r in (Role.OPERATOR, Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE, Role.ADMIN)
        if r in res.access.imports
    )
    for name, res in resources.items()
}
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp", "Zs")),
    min_size=1,
    max_size=30,
)
MONEY = st.decimals(0, Decimal("9999999999999.99"), places=2, allow_nan=False)
AREA = st.decimals(Decimal("0.01"), Decimal("9999999999.99"), places=2, allow_nan=False)
DAYS = st.dates(date(1950, 1, 1), date(2090, 1, 1))


def _comes_back_unchanged(made: world.World, name: str, role: str) -> None:
    client = made.client(role)
    columns = "&".join(f"col={c.path}" for c in resources[name].columns)
    run = books.send(client, name, books.fetched(client, f"/r/{name}/export.xlsx?{columns}"))
    assert books.messages(run) == ""
    assert run.counts["unchanged"] == run.counts["total"] == resources[name].scope(made.actor(role)).count()
    assert run.counts["total"] > 0


@pytest.mark.parametrize("name", resources)
def test_every_resource_comes_back_unchanged(name: str) -> None:
    made = world.build()
    world.more_residents(made, 3)
    Organisation.objects.create(name="同名企业", kind="enterprise", region=made.cities[0])
    Organisation.objects.create(name="同名企业", kind="team", region=made.cities[0])
    _comes_back_unchanged(made, name, WRITERS[name])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(NAMES, MONEY, AREA, DAYS, st.booleans()), min_size=1, max_size=4, unique_by=lambda r: r[0]
    )
)
def test_any_text_number_and_day_comes_back_unchanged(
    rows: list[tuple[str, Decimal, Decimal, date, bool]],
) -> None:
    from django.db import transaction

    with transaction.atomic():
        made = world.build()
        valley = made.valleys[0].pk
        for name, money, area, day, yes in rows:
            firm = Organisation.objects.create(name=name, kind="enterprise", region=made.cities[0])
            resident = Resident.objects.create(
                valley_id=valley, organisation=firm, kind="team", field=name, entered_on=day, start_up=yes,
                full_time_staff=int(area) % 2**31,
            )  # fmt: skip
            YearlyRevenue.objects.create(resident=resident, year=2024, revenue_cny=money, filed_on=day)
            Space.objects.create(
                valley_id=valley, name=name, kind="plant", area_m2=area, startup_zone=yes, completed_on=day
            )
        for name in ("residents", "spaces", "revenues"):
            _comes_back_unchanged(made, name, Role.OPERATOR)
        transaction.set_rollback(True)


def _junk(seed: int) -> list[bytes]:
    rng = random.Random(seed)
    good = books.book(["名称", "晋创谷", "类别", "面积（m²）"], ["楼", "晋创谷·甲市", "办公用房", 1])
    cut = good[: rng.randrange(len(good))]
    flipped = bytearray(good)
    for _ in range(20):
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
    return [b"", b"PK\x03\x04" + rng.randbytes(200), rng.randbytes(500), cut, bytes(flipped), b"a,b\n1,2\n"]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ["spaces", "organisations"])
def test_broken_files_are_refused_in_words(name: str, seed: int) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = world.build().client(Role.OPERATOR)
    for data in _junk(seed):
        response = client.post(f"/r/{name}/import/", {"file": SimpleUploadedFile("表.xlsx", data)})
        assert response.status_code in {302, 422}
    assert client.post(f"/r/{name}/import/", {}).status_code == 422


VALUES = ["", " ", 0, -1, 1e308, -1e-9, 2**60, True, False, "=1+1", "#N/A", "甲市企业与团队", "9" * 40, "１２", "\x00",
          "2026-13-40", 44000, 44000.75, "是", "…" * 400, "#1", "x #1", " #99999999999999999999", "；；", "晋创谷·甲市",
          "<b>x</b>", "1e5", "NaN", "inf", "١٢", "a\nb", date(1900, 3, 1)]  # fmt: skip


@pytest.mark.parametrize("name", resources)
def test_junk_in_cells_never_ends_in_a_server_error(name: str) -> None:
    made = world.build()
    client, rng = made.client(WRITERS[name]), random.Random(name)
    heads = ["编号", *(str(resources[name].label_of(f)) for f in resources[name].form)]
    rows = [[rng.choice(VALUES) for _ in heads] for _row in range(120)]
    run = books.send(client, name, books.book(heads, *rows))
    assert run.counts["total"] >= 100
    assert run.state == "checked"
    for mode in ("all", "good"):
        books.commit(client, name, run, mode)
    assert client.get(f"/r/{name}/import/{run.pk}/errors.xlsx").status_code == 200


def test_a_bomb_is_not_unpacked_and_a_far_cell_not_reached() -> None:
    client = world.build().client(Role.OPERATOR)
    good = books.book(["名称", "晋创谷"], ["楼", "晋创谷·甲市"])

    def rewritten(change) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                new.writestr(part.filename, change(part.filename, old.read(part)))
        return out.getvalue()

    bomb = rewritten(lambda n, b: b + b" " * 80_000_000 if n.endswith("sheet1.xml") else b)
    assert "过大" in books.refused(client, "spaces", bomb)[0]
    far = rewritten(
        lambda n, b: b.replace(b'<row r="2"', b'<row r="1048576"').replace(b'r="A2"', b'r="A1048576"')
    )
    assert "行的上限" in books.refused(client, "spaces", far)[0]
    wide = rewritten(lambda n, b: b.replace(b'r="B2"', b'r="XFD2"'))
    assert "列的上限" in books.refused(client, "spaces", wide)[0]


def test_formulas_are_never_written() -> None:
    made = world.build()
    text = "=cmd|' /C calc'!A0" + "".join(random.Random(1).choices(string.ascii_letters, k=5))
    Space.objects.create(valley_id=made.valleys[0].pk, name=text, kind="plant", area_m2=1)
    client = made.client(Role.OPERATOR)
    data = books.fetched(client, "/r/spaces/export.xlsx")
    import openpyxl

    cells = [c for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows() for c in row]
    assert any(cell.value == text for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
