"""From a simulation to the rule editor: the turned numbers become a draft, which another person has to review."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jinchuanggu.engines.rules import Refused
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.ui import formats
from jinchuanggu.policies import simulation as simulating
from jinchuanggu.policies.actions.editor import EditConflict, save_draft, start_version
from jinchuanggu.policies.rules import entry_of
from jinchuanggu.policies.screens.simulation import OFFICERS
from jinchuanggu.policies.simulation_address import read
from jinchuanggu.policies.simulation_draft import Unplaced, with_numbers


@require_POST
@guard(*OFFICERS)
def rule_draft_from_simulation(request: HttpRequest, rule_set: str) -> HttpResponse:
    """A draft of the next version with the numbers of the address in `query`; an open draft of one's own is used."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = read(rule_set, QueryDict(request.POST.get("query", "")[:20_000]), timezone.localdate())
    found = simulating.rule_set_of(asked)
    entry = entry_of(found) if found is not None else None
    if found is None or entry is None:
        raise Http404
    turn = simulating.turn(found, asked, "en" if formats.english() else "zh")
    back = redirect(asked.only(turn.turns, turn.pay).url())
    if turn.problems or not (turn.turns or turn.pay):
        messages.error(request, _("先改动至少一个数字，再转为草稿"))
        return back
    schedule = {**(turn.schedule or {}), **turn.pay} if turn.pay else {}
    try:
        with transaction.atomic():
            draft = start_version(actor, entry_id=entry.pk)
            text = with_numbers(draft.yaml, f"{draft.family}.yaml", turn.turns, schedule)
            draft = save_draft(actor, text_id=draft.pk, revision=draft.revision, yaml=text)
    except Unplaced as problem:
        knob = next((one.title for one in turn.knobs if one.key == problem.key), None)
        words = (knob.en if formats.english() else knob.zh) if knob else problem.key
        messages.error(
            request, _("“%(number)s”不能自动写入规则文本，请在规则编辑器里修改") % {"number": words}
        )
        return back
    except (Refused, EditConflict, ValidationError):
        messages.error(request, _("已有的草稿现在读不懂或被他人改过，请先在规则编辑器里处理"))
        return back
    messages.success(request, _("已写成草稿：规则自带的示例可能随之要改，改好后提交他人审核"))
    return redirect("rule_draft", draft.pk)
