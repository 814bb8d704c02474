"""Addresses of the foundation: workbench, search, switches, notices, jobs, documents, audit, accounts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from jinchuanggu.foundation.accounts import screens as accounts
from jinchuanggu.foundation.accounts.sessions import sessions
from jinchuanggu.foundation.audit import screens as audit
from jinchuanggu.foundation.documents import screens as documents
from jinchuanggu.foundation.jobs import screens as jobs
from jinchuanggu.foundation.notices import screens as notices
from jinchuanggu.foundation.workbench import screens as workbench

urlpatterns: list[URLPattern | URLResolver] = [
    path("workbench/", workbench.workbench, name="workbench"),
    path("search", workbench.search, name="search"),
    path("switch/hat/", workbench.switch_hat, name="switch_hat"),
    path("switch/origin/", workbench.origin_switch, name="origin_switch"),
    path("switch/theme/", workbench.theme, name="theme"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read, name="notices_read"),
    path("notices/<int:pk>/", notices.notice_open, name="notice_open"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/v<int:number>/", documents.document_version, name="document_version"),
    path("audit/", audit.audit, name="audit"),
    path("audit/head.json", audit.audit_head, name="audit_head"),
    path("audit/export/", audit.audit_export, name="audit_export"),
    path("audit/verify/", audit.audit_verify, name="audit_verify"),
    path("audit/<int:number>/", audit.audit_event, name="audit_event"),
    path("accounts/sessions/", sessions, name="usersessions_list"),
    path("accounts-admin/", accounts.people, name="people_admin"),
    path("accounts-admin/new/", accounts.account_new, name="account_new"),
    path("accounts-admin/<int:pk>/", accounts.person, name="person_admin"),
    path("accounts-admin/<int:pk>/invite/", accounts.invite, name="person_invite"),
    path("accounts-admin/<int:pk>/active/", accounts.account_active, name="person_active"),
    path("accounts-admin/<int:pk>/hats/", accounts.hat_grant, name="hat_grant"),
    path("accounts-admin/hats/<int:pk>/revoke/", accounts.hat_revoke, name="hat_revoke"),
]
