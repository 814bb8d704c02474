"""What time does to filings: forms open when a period has ended, and who has not filed is reminded."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.jobs.clock import on_tick
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.indicators.filings import notices
from jinchuanggu.indicators.filings.access import OPEN
from jinchuanggu.indicators.filings.opening import open_filings, refresh_shown
from jinchuanggu.indicators.forms.library import form_of, forms
from jinchuanggu.indicators.models import Filing


@on_tick("filings.open")
def open_due(now: datetime) -> int:
    """Open every form for the period that ended last; returns how many filings are new."""
    today, opened = timezone.localdate(now), 0
    for form in forms().values():
        period = Period.of(form.period, today).shift(-1)
        if period >= form.first:
            opened += open_filings(SYSTEM_ACTOR, form.id, period)
    return opened


@on_tick("filings.refresh")
def refresh(now: datetime) -> int:
    """What open filings show from the records follows the records, which may be computed after a form has opened."""
    with_shown = [form.id for form in forms().values() if any(cell.readonly for cell in form.cells.values())]
    with transaction.atomic():
        rows = Filing.objects.select_for_update(of=("self",)).filter(form__in=with_shown, state__in=OPEN)
        return refresh_shown(list(rows.select_related("unit").order_by("pk")))


@on_tick("filings.remind")
def remind(now: datetime) -> int:
    """Remind firms before, on and after the due day; returns to how many people something was addressed."""
    today, told = timezone.localdate(now), 0
    waiting = notices.waiting_firms(today)
    stages = {
        key: f"filing:{key[0]}:{Period.numbered(key[2])}:"
        f"{notices.stage_of(form_of(key[0], key[1]), key[3], today)}:{key[3]}"
        for key in waiting
    }
    done = set(Notice.objects.filter(key__in=list(stages.values())).values_list("key", flat=True))
    for key, residents in waiting.items():
        if stages[key] in done:
            continue
        form, version, period, due = key
        told += notices.remind_firms(form_of(form, version), Period.numbered(period), due, today, residents)
    return told
