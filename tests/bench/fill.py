"""Fill a state folder with N simulated valleys and N residents in bulk; prints the id of the last valley."""

from __future__ import annotations

import sys
from datetime import date
from itertools import islice

from jinchuanggu.commands.serve import migrate
from jinchuanggu.commands.setup import start_django


def main(rows: int) -> None:
    start_django()
    migrate()
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from jinchuanggu.foundation.accounts.models import User
    from jinchuanggu.foundation.organisations.models import Membership, Organisation, Person, Region
    from jinchuanggu.foundation.organisations.roles import Role
    from jinchuanggu.foundation.workflow.models import Case
    from jinchuanggu.programme.models import Plan, Valley
    from jinchuanggu.residents.models import Resident

    regions = [
        Region.objects.create(code=f"s{n:04}", name=f"模拟市{n}", level="city", origin="simulated")
        for n in range(11)
    ]
    office = Organisation.objects.create(name="模拟省级办公室", kind="provincial_office", region=regions[0])
    user = User.objects.create_user("bench", is_demo=True)
    person = Person.objects.create(name="测量员", employer=office, user=user)
    Membership.objects.create(
        person=person, organisation=office, role=Role.PROVINCIAL_OFFICE, starts_on=date(2024, 1, 1)
    )
    states = [("drafting", "plan"), ("building", "build"), ("plaqued", "plaque")]

    def batches(make, size: int = 5000):
        items = (make(n) for n in range(rows))
        while batch := list(islice(items, size)):
            yield batch

    for batch in batches(
        lambda n: Valley(
            name=f"晋创谷·测{n:07}",
            kind="regional",
            region=regions[n % 11],
            state=states[n % 3][0],
            stage=states[n % 3][1],
            key_fields=["新材料"],
        )
    ):
        Valley.objects.bulk_create(batch)
    for batch in batches(
        lambda n: Organisation(name=f"模拟企业{n:07}", kind="enterprise", region=regions[n % 11])
    ):
        Organisation.objects.bulk_create(batch)
    first_valley = Valley.objects.order_by("pk").values_list("pk", flat=True).first() or 0
    first_organisation = (
        Organisation.objects.filter(kind="enterprise").order_by("pk").values_list("pk", flat=True).first()
        or 0
    )
    for batch in batches(
        lambda n: Resident(
            valley_id=first_valley + n,
            organisation_id=first_organisation + n,
            kind="enterprise",
            entered_on=date(2025, 1, 1),
            full_time_staff=12,
        )
    ):
        Resident.objects.bulk_create(batch)
    last = first_valley + rows - 1
    Plan.objects.create(valley_id=last)
    Case.objects.create(
        process="valley",
        version=1,
        variant="regional",
        state="drafting",
        since=timezone.now(),
        subject_type=ContentType.objects.get_for_model(Valley),
        subject_id=last,
    )
    Valley.objects.filter(pk=last).update(state="drafting", stage="plan")
    print(last)


if __name__ == "__main__":
    main(int(sys.argv[1]))
