"""Breaking in: the wrong person at every kind of door, by address and by form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.site import Site
from tests.e2e.visitor import Visitor, ask

pytestmark = pytest.mark.e2e

SEAT_OF_ANOTHER = (
    "select a.id from programme_assessor a join programme_expert e on e.id=a.expert_id"
    " join organisations_person p on p.id=e.person_id join accounts_user u on u.id=p.user_id"
    " join programme_assessment s on s.id=a.assessment_id where u.username<>'expert' and s.concluded_at"
    " is null limit 1"
)
OPINION_OF_ANOTHER = (
    "select o.id from programme_opinion o join organisations_organisation g on g.id=o.organisation_id"
    " join programme_consultation c on c.id=o.consultation_id where c.closed_at is null and g.name not"
    " like '省人才%'"
)
# the valley of the demo's `city` hat is another one than those in these states
HIDDEN = "select id from programme_valley where state='consulting' and origin='simulated' limit 1"
SHOWN = "select id from programme_valley where state='plaqued' and origin='simulated' limit 1"
FOREIGN_RESIDENT = (
    "select r.id from residents_resident r join programme_valley v on v.id=r.valley_id"
    " join organisations_membership m on m.organisation_id=v.operator_id join organisations_person p on"
    " p.id=m.person_id"
    " join accounts_user u on u.id=p.user_id where u.username<>'o-jipu' limit 1"
)
OPERATED_RESIDENT = (
    "select r.id from residents_resident r join programme_valley v on v.id=r.valley_id"
    " join organisations_membership m on m.organisation_id=v.operator_id join organisations_person p on"
    " p.id=m.person_id join accounts_user u on u.id=p.user_id where u.username='operator' limit 1"
)
PAPER = "select id from documents_document where not public and valley_id=(" + SHOWN + ") limit 1"
EVENTS = "select max(number) from audit_auditevent"
# what the clock and the jobs write meanwhile is none of the visitor's doing
WRITTEN = "select count(*) from audit_auditevent where actor_label <> '系统'"
DOORS: list[tuple[str, str, str, str]] = [
    # who, how, where ({} is the id), the query of the id
    ("expert", "GET", "/score-sheets/{}/", SEAT_OF_ANOTHER),
    ("expert", "POST", "/score-sheets/{}/save/", SEAT_OF_ANOTHER),
    ("expert", "POST", "/score-sheets/{}/write/", SEAT_OF_ANOTHER),
    ("expert", "POST", "/score-sheets/{}/declaration/", SEAT_OF_ANOTHER),
    ("expert", "GET", "/valleys/{}/assessment/", HIDDEN),
    ("expert", "POST", "/seats/{}/excuse/", SEAT_OF_ANOTHER),
    ("city", "GET", "/valleys/{}/", HIDDEN),
    ("city", "GET", "/valleys/{}/plan/", HIDDEN),
    ("city", "GET", "/valleys/{}/consultation/", HIDDEN),
    ("city", "GET", "/valleys/{}/history/", SHOWN),
    ("city", "GET", "/valleys/{}/plan/", SHOWN),
    ("city", "GET", "/valleys/{}/plan/preview/", SHOWN),
    ("city", "GET", "/valleys/{}/plan/v1/", SHOWN),
    ("city", "GET", "/valleys/{}/edit/", SHOWN),
    ("city", "POST", "/valleys/{}/edit/", SHOWN),
    ("city", "POST", "/valleys/{}/plan/edit/", HIDDEN),
    ("city", "POST", "/valleys/{}/plan/autosave/", HIDDEN),
    ("city", "POST", "/valleys/{}/move/withdraw/", HIDDEN),
    ("city", "POST", "/valleys/{}/move/send_opinions/", HIDDEN),
    ("city", "POST", "/valleys/{}/move/apply/", SHOWN),
    ("city", "POST", "/valleys/{}/members/", SHOWN),
    ("city", "POST", "/valleys/{}/services/", SHOWN),
    ("city", "POST", "/valleys/{}/papers/", SHOWN),
    ("city", "POST", "/valleys/{}/figures/add/", SHOWN),
    ("city", "POST", "/valleys/{}/figures/recompute/", SHOWN),
    ("city", "POST", "/valleys/{}/milestones/new/", SHOWN),
    ("city", "POST", "/valleys/{}/argument/plan/", SHOWN),
    ("city", "POST", "/valleys/{}/award/", SHOWN),
    ("city", "GET", "/documents/{}/", PAPER),
    ("citygov", "POST", "/valleys/{}/move/file/", HIDDEN),
    ("o-jipu", "GET", "/r/residents/{}/", FOREIGN_RESIDENT),
    ("o-jipu", "GET", "/r/residents/{}/history", FOREIGN_RESIDENT),
    ("o-jipu", "GET", "/r/residents/{}/edit", FOREIGN_RESIDENT),
    ("o-jipu", "POST", "/r/residents/{}/edit", FOREIGN_RESIDENT),
    ("o-jipu", "POST", "/valleys/{}/figures/add/", SHOWN),
    ("o-jipu", "POST", "/valleys/{}/move/apply/", SHOWN),
    ("member", "GET", "/opinions/{}/", OPINION_OF_ANOTHER),
    ("member", "POST", "/opinions/{}/", OPINION_OF_ANOTHER),
    ("member", "GET", "/valleys/{}/consultation/", HIDDEN),
    ("enterprise", "GET", "/audit/", ""),
    ("enterprise", "GET", "/audit/{}/", EVENTS),
    ("enterprise", "GET", "/audit/head.json", ""),
    ("enterprise", "POST", "/audit/verify/", ""),
    ("enterprise", "POST", "/audit/export/", ""),
    ("enterprise", "GET", "/accounts-admin/", ""),
    ("enterprise", "GET", "/documents/{}/", PAPER),
    ("enterprise", "GET", "/r/experts/", ""),
    ("university", "POST", "/valleys/{}/edit/", SHOWN),
    ("government", "POST", "/accounts-admin/new/", ""),
    ("auditor", "POST", "/valleys/{}/move/accept/", HIDDEN),
    ("auditor", "POST", "/accounts-admin/{}/hats/", "select id from organisations_person limit 1"),
    ("office", "POST", "/accounts-admin/{}/active/", "select id from organisations_person limit 1"),
    ("office", "POST", "/accounts-admin/hats/{}/revoke/", "select id from organisations_membership limit 1"),
    ("admin", "POST", "/valleys/{}/move/accept/", HIDDEN),
    ("admin", "GET", "/score-sheets/{}/", SEAT_OF_ANOTHER),
]
INNER = [
    "/workbench/",
    "/search?q=a",
    "/notices/",
    "/jobs/",
    "/audit/",
    "/audit/head.json",
    "/accounts-admin/",
    "/valleys/new/",
    "/score-sheets/",
    "/r/residents/",
    "/r/residents/export.xlsx",
    "/r/residents/new",
    "/r/organisations/",
]
INNER_POSTS = [
    "/switch/hat/",
    "/notices/read/",
    "/audit/verify/",
    "/audit/export/",
    "/accounts-admin/new/",
    "/valleys/new/",
    "/r/residents/new",
    "/r/residents/import/",
    "/r/residents/1/edit",
    "/valleys/13/move/apply/",
    "/valleys/13/papers/",
    "/milestones/1/",
    "/score-sheets/1/write/",
    "/opinions/1/",
    "/objections/1/answer/",
    "/assessments/1/draw/",
]


@pytest.fixture(scope="session")
def someone(site: Site) -> Callable[[str], Visitor]:
    """A visitor with the hat of a demo account; each account enters once."""
    known: dict[str, Visitor] = {}

    def become(username: str) -> Visitor:
        if username not in known:
            known[username] = Visitor(site, username)
        return known[username]

    return become


@pytest.mark.parametrize(("who", "how", "where", "query"), DOORS)
def test_the_door_of_another_is_shut(
    who: str, how: str, where: str, query: str, site: Site, someone: Callable[[str], Visitor]
) -> None:
    visitor, pk = someone(who), ask(site, query) if query else ""
    assert pk is not None, "the demo has nothing to try this on"
    before = ask(site, WRITTEN)
    path = where.format(pk)
    answer = (
        visitor.get(path)
        if how == "GET"
        else visitor.post(path, {"reason": "x", "name": "x", "version": "0"})
    )
    assert answer.status_code in {403, 404}, f"{who} {how} {path}: {answer.status_code}"
    assert "Traceback" not in answer.text
    assert ask(site, WRITTEN) == before, "something was written"


def test_a_stranger_is_sent_to_the_sign_in(site: Site) -> None:
    stranger, before = Visitor(site), ask(site, WRITTEN)
    for path in INNER:
        answer = stranger.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/accounts/login/?next=/"), path
    for path in INNER_POSTS:
        answer = stranger.post(path, {"reason": "x"})
        assert answer.status_code in {302, 404}, path
        assert answer.status_code == 404 or answer.headers["Location"].startswith("/accounts/login/"), path
    assert ask(site, WRITTEN) == before


def test_no_form_works_without_its_token(site: Site, someone: Callable[[str], Visitor]) -> None:
    before = ask(site, WRITTEN)
    notice = ask(site, "select id from programme_publicnotice order by id desc limit 1")
    stranger = Visitor(site)
    stranger.token()
    for path in (
        "/demo/enter/",
        "/demo/clock/",
        f"/public/notices/{notice}/",
        "/accounts/login/",
        "/language/",
    ):
        assert stranger.post(path, {"username": "office", "days": "9"}, token=False).status_code == 403, path
    office = someone("office")
    for path in (
        "/switch/hat/",
        "/switch/origin/",
        "/switch/theme/",
        "/notices/read/",
        "/accounts/logout/",
        "/valleys/30/move/accept/",
        "/valleys/30/consultation/",
        "/r/organisations/new",
    ):
        assert office.post(path, {"reason": "x"}, token=False).status_code == 403, path
        wrong = office.post(path, {"csrfmiddlewaretoken": "a" * 64}, token=False)
        assert wrong.status_code == 403, path
    assert office.get("/workbench/").status_code == 200, "still signed in"
    assert ask(site, WRITTEN) == before


def test_nobody_puts_on_the_hat_of_another(site: Site, someone: Callable[[str], Visitor]) -> None:
    member = someone("member")
    mine = ask(
        site,
        "select m.id from organisations_membership m join organisations_person p on p.id=m.person_id"
        " join accounts_user u on u.id=p.user_id where u.username='member'",
    )
    for hat in (mine + 1, mine - 1, 0, -1, 10**30, "", "x", f"{mine} or 1=1"):
        assert member.post("/switch/hat/", {"hat": hat}).status_code == 404, hat
    assert member.get("/audit/").status_code == 403
    assert member.post("/switch/hat/", {"hat": mine}).status_code == 302


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example/",
        "https://evil.example/",
        "///evil.example",
        "/\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https://127.0.0.1@evil.example/",
        "\t//evil.example",
    ],
)
def test_no_redirect_leaves_the_house(evil: str, site: Site, someone: Callable[[str], Visitor]) -> None:
    office = someone("office")
    hat = ask(
        site,
        "select m.id from organisations_membership m join organisations_person p on p.id=m.person_id"
        " join accounts_user u on u.id=p.user_id where u.username='office'",
    )
    for path, field in (
        ("/language/", ("language", "zh-hans")),
        ("/switch/origin/", ("origin", "both")),
        ("/switch/theme/", ("theme", "auto")),
        ("/switch/hat/", ("hat", str(hat))),
    ):
        answer = office.post(path, dict([field, ("next", evil)]), headers={"Referer": evil.strip()})
        place = answer.headers.get("Location", "/")
        assert place.startswith("/"), f"{path} → {place}"
        assert not place.startswith(("//", "/\\")), f"{path} → {place}"
    login = office.get("/accounts/login/", params={"next": evil})
    assert "evil.example" not in login.headers.get("Location", "")


def test_ids_of_others_in_a_payload_are_refused(site: Site, someone: Callable[[str], Visitor]) -> None:
    """The action is allowed, the row is mine, but the ids inside are not."""
    operator, mine = (
        someone("operator"),
        ask(site, OPERATED_RESIDENT),
    )
    theirs = ask(site, "select id from programme_valley where state='assessing' and origin='simulated'")
    before = ask(site, "select valley_id||' '||origin from residents_resident where id=?", mine)
    fields = operator.form(f"/r/residents/{mine}/edit", "data-guard-dirty")
    answer = operator.post(f"/r/residents/{mine}/edit", fields | {"valley_id": str(theirs)})
    assert answer.status_code in {404, 422}
    operator.post(f"/r/residents/{mine}/edit", fields | {"origin": "real", "id": "1", "pk": "1"})
    assert ask(site, "select valley_id||' '||origin from residents_resident where id=?", mine) == before
    new = operator.form("/r/residents/new", "data-guard-dirty")
    counted = ask(site, "select count(*) from residents_resident")
    organisation = ask(site, "select organisation_id from residents_resident where valley_id=?", theirs)
    answer = operator.post(
        "/r/residents/new",
        new
        | {
            "valley_id": str(theirs),
            "organisation": str(organisation),
            "entered_on": "2026-01-01",
            "kind": "enterprise",
        },
    )
    assert answer.status_code in {404, 422}
    assert ask(site, "select count(*) from residents_resident") == counted


def test_another_host_name_is_not_answered(site: Site) -> None:
    assert Visitor(site).get("/", headers={"Host": "evil.example"}).status_code == 400
    assert (
        Visitor(site)
        .get("/accounts/password/reset/", headers={"X-Forwarded-Host": "evil.example"})
        .status_code
        == 200
    )
