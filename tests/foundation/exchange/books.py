"""Workbooks for tests, and the steps of an import through the screens."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jinchuanggu.foundation.exchange.models import ImportRun


def book(heads: list[str], *rows: list[Any], sheet: str = "数据") -> bytes:
    """A plain workbook: one sheet, heads in its first row."""
    file = io.BytesIO()
    out = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False})
    page = out.add_worksheet(sheet)
    for at, line in enumerate([heads, *rows]):
        for column, value in enumerate(line):
            page.write(at, column, value)
    out.close()
    return file.getvalue()


def send(client: Client, name: str, data: bytes, filename: str = "表.xlsx") -> ImportRun:
    """Upload and check; the run as its page shows it."""
    response = client.post(f"/r/{name}/import/", {"file": SimpleUploadedFile(filename, data)}, follow=True)
    assert response.status_code == 200, response.context["problems"]
    return response.context["run"]


def refused(client: Client, name: str, data: bytes) -> list[str]:
    """Upload what cannot be read; the messages."""
    response = client.post(f"/r/{name}/import/", {"file": SimpleUploadedFile("表.xlsx", data)})
    assert response.status_code == 422
    return response.context["problems"]


def commit(client: Client, name: str, run: ImportRun, mode: str = "all") -> ImportRun:
    response = client.post(f"/r/{name}/import/{run.pk}/commit", {"mode": mode}, follow=True)
    assert response.status_code == 200
    return response.context["run"]


def fetched(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def table(data: bytes, sheet: int = 0) -> list[list[Any]]:
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def messages(run: ImportRun) -> str:
    return "\n".join(f"{p['row']}|{p['column']}|{p['value']}|{p['message']}" for p in run.problems)
