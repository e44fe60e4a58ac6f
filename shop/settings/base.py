"""What is true everywhere. The other modules only add addresses, secrets and switches."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "shop.backoffice.apps.ShopAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "phonenumber_field",
    "treebeard",
    "health_check",
    "anymail",
    "shop.privacy",
    "vehicles",
    "shop.catalog",
    "shop.delivery",
    "shop.messaging",
    "shop.offers",
    "accounts",
    "orders",
    "newsletter",
    "shop.storefront",
    "shop.backoffice.apps.BackofficeConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.lib.middleware.ContentSecurityPolicyByPath",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "vehicles.chosen.ChosenCarMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
AUTH_USER_MODEL = "accounts.Customer"
# The e-mail is unique without regard to case, by a constraint on lower(email) that this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.E003"]
LOGIN_URL = "admin:login"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "shop.templatetags.shop"],
        },
    }
]


def database_from_url(url: str) -> dict[str, object]:
    """Django's setting for ``postgresql://user:password@host:port/name?host=/socket/folder``."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        # One pool a process: web threads and the task at hand; more would only queue inside PostgreSQL.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": int(os.environ.get("DATABASE_POOL", "8")), "timeout": 10}},
    }


def cache_at(redis_url: str) -> dict[str, dict[str, object]]:
    """The one cache: everything in it may be lost at any moment, and a dead server must not stop a page."""
    return {
        "default": {
            "BACKEND": "shop.lib.cache.FailOpenRedisCache",
            "LOCATION": redis_url,
            "TIMEOUT": 300,
            "KEY_PREFIX": "shop",
            "OPTIONS": {"socket_connect_timeout": 0.25, "socket_timeout": 0.5},
        }
    }


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "uk"
LANGUAGES = [("uk", _("Українська")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Europe/Kyiv"
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = "UA"
PHONENUMBER_DB_FORMAT = "E164"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "shop.storefront.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
# Unfold's Alpine build compiles expressions and sets styles; only its own pages may.
ADMIN_CSP: dict[str, list[str]] = SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "shop.messaging.tasks.send_codes": {"queue": "codes"},
    "shop.messaging.tasks.send_order_messages": {"queue": "orders"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 0.5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "global_keyprefix": "shop:",
}
# A page that placed an order never waits for a dead broker; the tick below picks up what was not published.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE

# The whole timetable. ``expires`` keeps a backlog from piling up while workers are away.
CELERY_BEAT_SCHEDULE = {
    "send-codes": {"task": "shop.messaging.tasks.send_codes", "schedule": 5.0, "options": {"expires": 5}},
    "send-order-messages": {
        "task": "shop.messaging.tasks.send_order_messages",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
}

DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Автодеталі <orders@shop.example>")
SMS_GATEWAY = "shop.messaging.gateways.turbosms.TurboSmsGateway"
TURBOSMS_URL = os.environ.get("TURBOSMS_URL", "https://api.turbosms.ua")
TURBOSMS_TOKEN = os.environ.get("TURBOSMS_TOKEN", "")
TURBOSMS_SENDER = os.environ.get("TURBOSMS_SENDER", "Msg")

# Where the shop stands, for links in messages: scheme and host without a slash at the end.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://localhost:8000")
SHOP_NAME = os.environ.get("SHOP_NAME", "Автодеталі")
LOCAL_PAGES = False
