"""Every screen of the demo: who looks, under which address; for the pictures and for the accessibility test.

`{valley:STATE}` is a simulated valley in that state, `{real:NAME}` a real one; `{MODEL}` the newest row of a
table.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

TABLES = {
    "policy": "select id from policies_policy where number='晋政办发〔2023〕95号'",
    "rule_draft": "select id from policies_ruletext where status='draft' and origin='authored' order by id limit 1",
    "notice": "select id from programme_publicnotice order by id desc limit 1",
    "draw": "select id from programme_assessment where drawn_at is not null order by id desc limit 1",
    "event": "select number from audit_auditevent order by number desc limit 1",
    "resident": "select id from residents_resident order by id limit 1",
    "contract": "select c.id from market_technologycontract c join programme_valley v on v.id=c.valley_id"
    " join organisations_membership m on m.organisation_id=v.operator_id join organisations_person p on p.id=m.person_id"
    " join accounts_user u on u.id=p.user_id where u.username='operator' and c.basis='computed' order by c.id desc limit 1",
    "organisation": "select id from organisations_organisation where origin='simulated' order by id limit 1",
    "firm": "select o.id from organisations_organisation o join organisations_membership m on m.organisation_id=o.id"
    " join organisations_person p on p.id=m.person_id join accounts_user u on u.id=p.user_id where u.username='enterprise'",
    "grant_review": "select id from policies_grantapplication where state='reviewing' and level='province' order by id desc",
    "grant_paying": "select id from policies_grantapplication where state='paying' and level='city' order by id",
    "grant_offered": "select a.id from policies_grantapplication a join organisations_membership m"
    " on m.organisation_id=a.organisation_id join organisations_person p on p.id=m.person_id"
    " join accounts_user u on u.id=p.user_id where a.automatic and u.username='enterprise'",
    "grant_budget": "select b.id from policies_budget b join policies_budgetuse u on u.budget_id=b.id"
    " join policies_policy p on p.id=b.policy_id where p.level='province' order by u.committed desc",
    "province_unit": "select id from indicators_unit where level=4 and origin='simulated'",
    "opinion": (
        "select o.id from programme_opinion o join organisations_organisation g on g.id=o.organisation_id"
        " join programme_consultation c on c.id=o.consultation_id"
        " where c.closed_at is null and o.given_at is null and g.name like '省人才%'"
    ),
    "seat": (
        "select a.id from programme_assessor a join programme_expert e on e.id=a.expert_id"
        " join organisations_person p on p.id=e.person_id join accounts_user u on u.id=p.user_id"
        " join programme_assessment s on s.id=a.assessment_id"
        " where u.username='expert' and a.excused_at is null and s.concluded_at is null order by a.id desc"
        " limit 1"
    ),
    "filing_firm": "select f.id from indicators_filing f join indicators_unit u on u.id=f.unit_id and u.level=1"
    " join residents_resident r on r.id=u.ref_id join organisations_membership m on m.organisation_id=r.organisation_id"
    " join organisations_person p on p.id=m.person_id join accounts_user a on a.id=p.user_id"
    " where a.username='enterprise' and f.form='firm_month' order by f.period desc limit 1",
    "filing_restated": "select f.id from indicators_filing f join programme_valley v on v.id=f.valley_id"
    " where f.version>1 and v.name like '%·澜岫%' order by f.id limit 1",
    "filing_explained": "select f.id from indicators_filing f join programme_valley v on v.id=f.valley_id"
    " where f.explanations<>'{}' and f.state='checking' and v.name like '%·澜岫%' order by f.id limit 1",
    "report_writing": "select r.id from programme_annualreport r join programme_valley v on v.id=r.valley_id"
    " join programme_monitoringcycle c on c.id=r.cycle_id where v.region_id=(select o.region_id from accounts_user u"
    " join organisations_person p on p.user_id=u.id join organisations_membership m on m.person_id=p.id"
    " join organisations_organisation o on o.id=m.organisation_id where u.username='city') and r.state='drafting'"
    " order by c.year desc, r.id desc limit 1",
    "report_latest": "select r.id from programme_annualreport r join programme_monitoringcycle c on c.id=r.cycle_id"
    " order by r.score is null, c.year desc, r.id limit 1",
    "monitoring_year": "select max(year) from programme_monitoringcycle",
    "lanxiu": "select id from programme_valley where name like '%·澜岫%' and origin='simulated'",
    "last_month": "select substr(max(period),2,4)||'-'||substr(max(period),6,2) from indicators_filing where form='firm_month'",
}


@dataclass(frozen=True)
class Screen:
    """`main` screens are pictured in dark and in English as well."""

    name: str
    role: str
    path: str
    main: bool = False

    def address(self, home: Path) -> str:
        """The path with its placeholders filled from the demo's database."""
        with sqlite3.connect(f"file:{home / 'jinchuanggu.sqlite3'}?mode=ro", uri=True) as connection:

            def fill(match: re.Match[str]) -> str:
                kind, _, value = match[1].partition(":")
                if kind == "valley":
                    simulated = "select id from programme_valley where state=? and origin='simulated'"
                    found = connection.execute(simulated + " order by id limit 1", (value,)).fetchone()
                elif kind == "real":
                    found = connection.execute(
                        "select id from programme_valley where name=?", (value,)
                    ).fetchone()
                else:
                    found = connection.execute(TABLES[kind]).fetchone()
                if found is None:
                    raise LookupError(f"{self.name}: nothing for {match[0]}")
                return str(found[0])

            return re.sub(r"\{([^}]+)\}", fill, self.path)


PUBLIC = ""
SCREENS = (
    Screen("home", PUBLIC, "/", main=True),
    Screen("demo-accounts", PUBLIC, "/demo/"),
    Screen("login", PUBLIC, "/accounts/login/"),
    Screen("public-valleys", PUBLIC, "/public/valleys/"),
    Screen("public-valley-shuozhou", PUBLIC, "/public/valleys/{real:晋创谷·朔州}/", main=True),
    Screen("public-notices", PUBLIC, "/public/notices/"),
    Screen("public-notice", PUBLIC, "/public/notices/{notice}/"),
    Screen("public-draw", PUBLIC, "/public/draws/{draw}/"),
    Screen("workbench-office", "office", "/workbench/", main=True),
    Screen("workbench-city", "city", "/workbench/"),
    Screen("workbench-member", "member", "/workbench/"),
    Screen("workbench-expert", "expert", "/workbench/"),
    Screen("workbench-operator", "operator", "/workbench/"),
    Screen("workbench-enterprise", "enterprise", "/workbench/"),
    Screen("map", "office", "/valleys/map/", main=True),
    Screen("valleys", "office", "/valleys/", main=True),
    Screen("dossier-real-datong", "office", "/valleys/{real:晋创谷·大同}/"),
    Screen("dossier-real-yangquan-conditions", "office", "/valleys/{real:晋创谷·阳泉}/conditions/"),
    Screen("dossier-building", "office", "/valleys/{valley:building}/", main=True),
    Screen("dossier-conditions", "office", "/valleys/{valley:rectifying}/conditions/", main=True),
    Screen("outlook", "office", "/valleys/{valley:rectifying}/outlook/"),
    Screen("dossier-figures", "office", "/valleys/{valley:plaqued}/figures/"),
    Screen("dossier-documents", "office", "/valleys/{valley:plaqued}/documents/"),
    Screen("dossier-plan", "office", "/valleys/{valley:deciding}/plan/"),
    Screen("dossier-process", "office", "/valleys/{valley:objecting}/process/"),
    Screen("monitoring", "office", "/monitoring/"),
    Screen("monitoring-cycle", "office", "/monitoring/{monitoring_year}/", main=True),
    Screen("monitoring-scheme", "office", "/monitoring/{monitoring_year}/scheme/"),
    Screen("annual-report", "office", "/monitoring/reports/{report_latest}/", main=True),
    Screen("annual-report-edit", "city", "/monitoring/reports/{report_writing}/edit/", main=True),
    Screen("dossier-monitoring", "office", "/valleys/{valley:plaqued}/monitoring/"),
    Screen("dossier-people", "office", "/valleys/{valley:plaqued}/people/"),
    Screen("dossier-history", "office", "/valleys/{valley:plaqued}/history/"),
    Screen("valley-new", "city", "/valleys/new/"),
    Screen("process", "office", "/process/"),
    Screen("clauses", "office", "/clauses/"),
    Screen("experts", "office", "/r/experts/"),
    Screen("member-opinion", "member", "/opinions/{opinion}/", main=True),
    Screen("score-sheet", "expert", "/score-sheets/{seat}/", main=True),
    Screen("assessment", "office", "/valleys/{valley:assessing}/assessment/", main=True),
    Screen("approval", "government", "/valleys/{valley:approving}/approval/"),
    Screen("grants-office", "office", "/policies/grants/", main=True),
    Screen("grants-firm", "enterprise", "/policies/grants/"),
    Screen("grant-apply", "enterprise", "/policies/grants/apply/{firm}/measure.sim.rd_support/"),
    Screen("grant-offered", "enterprise", "/policies/grants/{grant_offered}/"),
    Screen("grant-review", "office", "/policies/grants/{grant_review}/", main=True),
    Screen("grant-refuse", "office", "/policies/grants/{grant_review}/move/refuse/"),
    Screen("grant-paying", "city", "/policies/grants/{grant_paying}/"),
    Screen("public-grants", PUBLIC, "/public/grants/"),
    Screen("grant-budgets", "office", "/policies/budgets/"),
    Screen("grant-budget", "office", "/policies/budgets/{grant_budget}/", main=True),
    Screen("payments", "office", "/r/payments/"),
    Screen("residents", "operator", "/r/residents/", main=True),
    Screen("occupancy", "office", "/residents/occupancy/"),
    Screen("occupancy-valley", "operator", "/residents/occupancy/"),
    Screen("leases", "operator", "/r/leases/"),
    Screen("rights", "enterprise", "/r/rights/"),
    Screen("turnover", "office", "/market/turnover/", main=True),
    Screen("turnover-valley", "operator", "/market/turnover/?period=2026Q3"),
    Screen("contracts", "office", "/r/contracts/?total=1"),
    Screen("contract", "operator", "/r/contracts/{contract}/"),
    Screen("contract-new", "city", "/r/contracts/new"),
    Screen("financing", "operator", "/r/financing/"),
    Screen("firm-profiles", "office", "/firms/"),
    Screen("firm-profile", "enterprise", "/firms/{firm}/profile/", main=True),
    Screen("firm-profiles-import", "operator", "/firms/import/"),
    Screen("eligibility-firms", "office", "/policies/eligibility/", main=True),
    Screen("eligibility", "enterprise", "/policies/eligibility/{firm}/", main=True),
    Screen("eligibility-ladder", "enterprise", "/policies/eligibility/{firm}/ladder/"),
    Screen("eligibility-finance", "enterprise", "/policies/eligibility/{firm}/finance/"),
    Screen("eligibility-listing", "enterprise", "/policies/eligibility/{firm}/listing/"),
    Screen("eligibility-print", "enterprise", "/policies/eligibility/{firm}/print/"),
    Screen("eligibility-measure", "enterprise", "/policies/eligibility/{firm}/measures/hnte/", main=True),
    Screen("appeals", "office", "/policies/appeals/"),
    Screen("organisations", "office", "/r/organisations/"),
    Screen("import", "operator", "/r/residents/import/"),
    Screen("jobs", "office", "/jobs/"),
    Screen("notices", "office", "/notices/"),
    Screen("search", "office", "/search?q=材料"),
    Screen("policy-library", PUBLIC, "/policies/", main=True),
    Screen("policy-library-search", "office", "/policies/?q=晋创谷&on=2026-06-01"),
    Screen("rule-sets", "office", "/policies/rules/?sure=open"),
    Screen("policy", "office", "/policies/{policy}/", main=True),
    Screen("rule-set", PUBLIC, "/policies/rules/hnte/"),
    Screen("rule-diff", "office", "/policies/rules/innovative_sme/diff/2022-08-01/2026-04-01/"),
    Screen("rule-drafts", "office", "/policies/drafts/"),
    Screen("rule-draft-new", "city", "/policies/drafts/new/"),
    Screen("rule-editor", "office", "/policies/drafts/{rule_draft}/", main=True),
    Screen("policy-new", "office", "/policies/new/"),
    Screen("indicators", "office", "/indicators/", main=True),
    Screen("indicator", "office", "/indicators/resident_units/", main=True),
    Screen("indicator-derived", "city", "/indicators/occupancy_percent/"),
    Screen(
        "indicator-records",
        "office",
        "/indicators/resident_units/records/?unit={province_unit}&period=2026-10",
        main=True,
    ),
    Screen("indicator-new", "office", "/indicators/new/"),
    Screen("audit", "auditor", "/audit/"),
    Screen("audit-event", "auditor", "/audit/{event}/"),
    Screen("simulation", "office", "/policies/simulation/"),
    Screen(
        "simulation-sme",
        "office",
        "/policies/simulation/tech_sme/?criterion:size_staff.limit=60&show=losers",
        main=True,
    ),
    Screen("simulation-city", "city", "/policies/simulation/startup_money.jincheng/?pay:2027=70&pay:2028=40"),
    Screen("cockpit", "office", "/cockpit/?origin=simulated", main=True),
    Screen("cockpit-real", "office", "/cockpit/?origin=real"),
    Screen("cockpit-wall", "office", "/cockpit/?origin=simulated&wall=1"),
    Screen("cockpit-valley", "operator", "/cockpit/"),
    Screen("explore", "office", "/indicators/explore/", main=True),
    Screen("explore-fields", "city", "/indicators/explore/?key=resident_units&by=field&level=2"),
    Screen("figures", "office", "/figures/"),
    Screen("figures-import", "office", "/figures/import/"),
    Screen("accounts-admin", "admin", "/accounts-admin/"),
    Screen("filings-firm", "enterprise", "/filings/"),
    Screen("filing", "enterprise", "/filings/{filing_firm}/", main=True),
    Screen("filing-upload", "enterprise", "/filings/{filing_firm}/upload/"),
    Screen("filings", "operator", "/filings/", main=True),
    Screen("filing-batch", "operator", "/filings/forms/firm_month/{last_month}/?valley={lanxiu}", main=True),
    Screen("filing-check", "operator", "/filings/{filing_explained}/"),
    Screen("completeness-firms", "operator", "/filings/completeness/"),
    Screen("filings-city", "city", "/filings/"),
    Screen("filing-versions", "office", "/filings/{filing_restated}/versions/"),
    Screen("filings-office", "office", "/filings/"),
    Screen("completeness", "office", "/filings/completeness/", main=True),
)
