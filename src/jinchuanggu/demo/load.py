"""Load the demo province once: real and simulated parts in one transaction, or nothing at all."""

from __future__ import annotations

from django.db import transaction
from rich.console import Console
from rich.table import Table

from jinchuanggu.demo.accounts import ACCOUNTS
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.models import Membership, Region

LOADED = "demo.load"


def is_loaded() -> bool:
    return AuditEvent.objects.filter(verb=LOADED).exists()


def load_once() -> bool:
    """Load unless it was loaded before; True when it was done now. Refuses a database that holds other data."""
    if is_loaded():
        return False
    if Region.objects.exists():
        raise SystemExit(
            "数据库已有数据，演示数据只装入空库 · the database isn't empty; the demo loads into an empty one only"
        )
    from jinchuanggu.demo import policies, real, simulated
    from jinchuanggu.indicators.definitions.catalogue import sync_definitions

    console = Console()
    with console.status("装入演示省份 · loading the demo province"), transaction.atomic():
        sync_definitions(SYSTEM_ACTOR)
        real.load()
        policies.load_library()
        policies.begin_draft(simulated.load())
        record(SYSTEM_ACTOR, LOADED)
    simulated.settle_notices()
    return True


def welcome(address: str) -> None:
    """Print the address and the accounts."""
    console = Console()
    held = {
        hat.person.user.username: hat
        for hat in Membership.objects.filter(person__user__is_demo=True).select_related(
            "person__user", "organisation"
        )
    }
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("账号 account", style="cyan")
    table.add_column("角色 role")
    table.add_column("单位 organisation")
    for account in ACCOUNTS:
        if hat := held.get(account.username):
            table.add_row(account.username, str(hat.get_role_display()), hat.organisation.name)
    console.print(f"\n[bold]晋创谷[/]  {address}")
    console.print(f"演示账号（一键进入，无需密码） · demo accounts, one click to enter: {address}demo/\n")
    console.print(table)
    console.print("\nCtrl-C 停止 · stops everything\n", style="dim")
