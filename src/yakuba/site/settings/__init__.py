"""Settings. Everything a town changes comes from the environment or from ``town.toml``."""

from __future__ import annotations

import os

import django.conf.locale

from yakuba.kernel.access.api import Face
from yakuba.kernel.parameters.town_profile import read_town_profile
from yakuba.site.settings import places
from yakuba.site.settings.database import postgresql, sqlite, sqlite_for_cache
from yakuba.site.settings.logs import logging_for
from yakuba.site.settings.mail import mail_settings
from yakuba.site.settings.proxies import trusted_proxies
from yakuba.site.settings.sign_in import *  # noqa: F403

YAKUBA_HOME = places.home()
YAKUBA_DATA = places.data()
YAKUBA_HOME.mkdir(parents=True, exist_ok=True)
TOWN = read_town_profile(places.town_file())

#: production | development; `make run` is development, a town sets YAKUBA_MODE=production.
YAKUBA_MODE = os.environ.get("YAKUBA_MODE", "development")
YAKUBA_IS_PRODUCTION = YAKUBA_MODE == "production"
YAKUBA_TESTING = os.environ.get("YAKUBA_TESTING") == "1"
DEBUG = False

SECRET_KEY = places.secret("django").decode()
#: Keys that seal sensitive fields, one a line in ``secrets/personal.key``; write a new one above the old to rotate.
YAKUBA_PERSONAL_KEYS = places.secret("personal").split()
YAKUBA_AUDIT_KEY = bytes.fromhex(places.secret("audit").decode())
YAKUBA_AUDIT_HEADS = os.environ.get("YAKUBA_AUDIT_HEADS", str(YAKUBA_HOME / "audit-heads"))
#: Where backups go, when the nightly one starts (Tokyo), how many stay: daily, weekly, monthly.
YAKUBA_BACKUPS = os.environ.get("YAKUBA_BACKUPS", str(YAKUBA_HOME / "backups"))
YAKUBA_BACKUP_AT = os.environ.get("YAKUBA_BACKUP_AT", "01:30")
YAKUBA_BACKUPS_KEPT = os.environ.get("YAKUBA_BACKUPS_KEPT", "14,8,12")
YAKUBA_GUARD_WRITES = not YAKUBA_IS_PRODUCTION
YAKUBA_TRANSACTION_BUDGET_MS = 250
YAKUBA_KEEP_PAGES = not YAKUBA_TESTING

YAKUBA_FACES = frozenset(
    Face(name) for name in os.environ.get("YAKUBA_FACES", "public,resident,office,device,machine").split(",") if name
)
YAKUBA_FACE_HOSTS = {Face(name): host for name, host in TOWN.face_hosts.items() if host}
#: How residents reach this town hall, for links in mails, where the profile names no host for them.
YAKUBA_URL = os.environ.get("YAKUBA_URL", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
ALLOWED_HOSTS = [
    *YAKUBA_FACE_HOSTS.values(),
    *[host for host in os.environ.get("YAKUBA_HOSTS", "").split(",") if host],
    *([] if YAKUBA_IS_PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]),
]
#: Addresses of proxies whose forwarded headers count; empty unless a town says otherwise.
YAKUBA_TRUSTED_PROXIES = trusted_proxies(os.environ.get("YAKUBA_TRUSTED_PROXIES", ""))
#: ClamAV: "unix:/run/clamav/clamd.ctl" or "tcp:127.0.0.1:3310"; empty means no virus scanner.
YAKUBA_CLAMAV = os.environ.get("YAKUBA_CLAMAV", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_cotton.apps.SimpleAppConfig",
    "csp",
    "django_q",
    "yakuba.kernel.things",
    "yakuba.kernel.access",
    "yakuba.kernel.audit",
    "yakuba.kernel.jobs",
    "yakuba.kernel.events",
    "yakuba.kernel.organisation",
    "yakuba.kernel.identity",
    "yakuba.kernel.parameters",
    "yakuba.kernel.people",
    "yakuba.kernel.files",
    "yakuba.kernel.paper",
    "yakuba.kernel.expressions",
    "yakuba.kernel.search",
    "yakuba.kernel.notify",
    "yakuba.kernel.approval",
    "yakuba.kernel.forms",
    "yakuba.kernel.catalogue",
    "yakuba.kernel.cases",
    "yakuba.kernel.firstweek",
    "yakuba.kernel.yearturn",
    "yakuba.kernel.kpi",
    "yakuba.kernel.ui",
    "yakuba.kernel.operations",
    "yakuba.kernel.home",
    "yakuba.plan",
    "yakuba.residents.procedures",
    "yakuba.residents.card_support",
    "yakuba.office.appbuilder",
    "yakuba.site",
    *SIGN_IN_APPS,  # noqa: F405
]

MIDDLEWARE = [
    "yakuba.site.middleware.proxies.ProxyMiddleware",
    "yakuba.kernel.audit.middleware.SurroundingsMiddleware",
    "yakuba.kernel.operations.middleware.OperationsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # adds random bytes, so that lengths betray no secret (BREACH)
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "yakuba.kernel.identity.middleware.FaceSessionMiddleware",
    "yakuba.site.middleware.language.LanguageMiddleware",
    "yakuba.site.middleware.encodings.EncodingMiddleware",
    "yakuba.site.middleware.kept_pages.KeptPagesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yakuba.kernel.identity.middleware.PersonMiddleware",
    "yakuba.site.middleware.refusals.RefusalMiddleware",
    "yakuba.kernel.access.middleware.AccessMiddleware",
]

ROOT_URLCONF = "yakuba.site.urls"
WSGI_APPLICATION = "yakuba.site.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [places.PACKAGE / "site" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "yakuba.site.context.town_hall",
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
        },
    }
]
COTTON_DIR = "cotton"

DATABASE_URL = os.environ.get("DATABASE_URL", "")
if DATABASE_URL:
    DATABASES = {"default": postgresql(DATABASE_URL)}
    _cache_database = "default"
else:
    DATABASES = {
        "default": sqlite(YAKUBA_HOME / "yakuba.sqlite3"),
        "cache": sqlite_for_cache(YAKUBA_HOME / "cache.sqlite3"),
    }
    DATABASE_ROUTERS = ["yakuba.site.settings.database.CacheRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "yakuba_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # a flood of keys must not push out the counters of failed sign-ins
    },
    "worker": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": YAKUBA_HOME / "worker"},
}
Q_CLUSTER = {
    "name": "yakuba",
    "orm": "default",
    "workers": 2,
    "timeout": 75,
    "retry": 100,
    "max_attempts": 5,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 200,
    "poll": 1,
    "cache": "worker",
    "scheduler": False,
}

AUTH_USER_MODEL = "identity.Account"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("sign_in_name", "display_name", "email")},
    },
]
LOGIN_URL = "office-sign-in"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = YAKUBA_IS_PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "yakuba_csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if YAKUBA_IS_PRODUCTION else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")]
django.conf.locale.LANG_INFO["ja-easy"] = {
    "bidi": False,
    "code": "ja-easy",
    "name": "Easy Japanese",
    "name_local": "やさしい日本語",
}
LANGUAGE_COOKIE_NAME = "yakuba_language"
LOCALE_PATHS = [places.PACKAGE / "site" / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = YAKUBA_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if YAKUBA_TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = YAKUBA_TESTING
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
globals().update(
    mail_settings(os.environ, is_production=YAKUBA_IS_PRODUCTION, kept_in=YAKUBA_HOME / "mail", town=TOWN.name)
)
LOGGING = logging_for(YAKUBA_HOME)
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
SILENCED_SYSTEM_CHECKS: list[str] = []
