"""Settings shared by every way of running; each value that differs by installation comes from the environment.

See docs/operator.md for the list of variables. State (database, documents, secret key) lives in `JCG_HOME`.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("JCG_HOME", "var")).resolve()


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(int(default))).strip().lower() in {"1", "true", "yes", "on"}


def _secret_key() -> str:
    """The key from the environment, else one made once and kept in the state folder, readable by its owner only."""
    if key := os.environ.get("JCG_SECRET_KEY"):
        return key
    path = HOME / "secret.key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = False
DEMO = _flag("JCG_DEMO")
TESTING = False
PUBLIC_ADDRESS = os.environ.get("JCG_PUBLIC_ADDRESS", "")
ALLOWED_HOSTS = [h for h in os.environ.get("JCG_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS] if PUBLIC_ADDRESS else []

INSTALLED_APPS = [
    # first, so that our templates come before those of the libraries
    "jinchuanggu.foundation.ui",
    "jinchuanggu.foundation.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_vite",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "jinchuanggu.foundation.organisations",
    "jinchuanggu.foundation.audit",
    "jinchuanggu.foundation.documents",
    "jinchuanggu.foundation.workflow",
    "jinchuanggu.foundation.notices",
    "jinchuanggu.foundation.jobs",
    "jinchuanggu.foundation.workbench",
    "jinchuanggu.foundation.resources",
    "jinchuanggu.foundation.exchange",
    "jinchuanggu.residents",
    "jinchuanggu.market",
    "jinchuanggu.capital",
    "jinchuanggu.indicators",
    "jinchuanggu.programme",
    "jinchuanggu.policies",
    "jinchuanggu.cockpit",
    "jinchuanggu.portal",
    "jinchuanggu.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jinchuanggu.foundation.access.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jinchuanggu.foundation.accounts.middleware.SeenNowAndThen",
    "django_htmx.middleware.HtmxMiddleware",
    "jinchuanggu.foundation.access.middleware.ActorAndGuard",
]

ROOT_URLCONF = "jinchuanggu.urls"
WSGI_APPLICATION = "jinchuanggu.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jinchuanggu.foundation.ui.context.frame",
            ],
        },
    }
]

SQLITE_OPTIONS = {
    # a write transaction takes its lock at once, so two writers wait for each other instead of failing midway
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728;",
}
DATABASE_URL = os.environ.get("JCG_DATABASE_URL", "")
if DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "jinchuanggu.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": 60,
        }
    }
# shared by all web processes, so that sign-in rate limits count every attempt
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workbench"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_ADAPTER = "jinchuanggu.foundation.accounts.adapter.ClosedSignupAdapter"
ACCOUNT_FORMS = {"login": "jinchuanggu.foundation.accounts.login_form.SignInForm"}
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_ADDRESS.startswith("https://")
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_ADAPTER = "jinchuanggu.foundation.accounts.adapter.KnownPeopleOnlyAdapter"
if oidc_server := os.environ.get("JCG_OIDC_SERVER"):
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "gov-sso",
                    "name": os.environ.get("JCG_OIDC_NAME", "统一身份认证"),
                    "client_id": os.environ["JCG_OIDC_CLIENT_ID"],
                    "secret": os.environ["JCG_OIDC_SECRET"],
                    "settings": {"server_url": oidc_server},
                }
            ]
        }
    }
# Provincial and city roles must hold a second factor when this is on (docs/operator.md)
REQUIRE_SECOND_FACTOR = _flag("JCG_REQUIRE_MFA")

SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
_https = PUBLIC_ADDRESS.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("JCG_BEHIND_PROXY") else None
TRUST_FORWARDED_FOR = _flag("JCG_BEHIND_PROXY")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True
DATE_FORMAT, DATETIME_FORMAT = "Y-m-d", "Y-m-d H:i"
FORMAT_MODULE_PATH = ["jinchuanggu.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = None
# files come straight from the package: no separate collecting step on one machine
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/jcg/assets/.+-[A-Za-z0-9_-]{8}\..+$"
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "static_url_prefix": "jcg",
        "manifest_path": PACKAGE / "foundation/ui/static/jcg/manifest.json",
    }
}

DOCUMENT_ROOT = HOME / "documents"
DOCUMENT_MAX_BYTES = 50 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_BACKEND = os.environ.get("JCG_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = os.environ.get("JCG_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("JCG_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("JCG_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("JCG_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("JCG_SMTP_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("JCG_MAIL_FROM", "jinchuanggu@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("JCG_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
