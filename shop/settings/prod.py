"""A server. Secrets and addresses come from the environment; without them nothing starts.

``deploy/env.example`` explains each name, ``docs/deploy.md`` the whole.
"""

import os

from shop.lib.seller import Seller
from shop.settings.base import *  # noqa: F403
from shop.settings.base import BASE_DIR, cache_at, database_from_url, mailer_from_url

SECRET_KEY = os.environ["SECRET_KEY"]
FIELD_KEYS = os.environ["FIELD_KEYS"].split(",")
HASH_KEY = os.environ["HASH_KEY"]
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
PUBLIC_URL = os.environ["PUBLIC_URL"].rstrip("/")

DATABASES = {"default": database_from_url(os.environ["DATABASE_URL"])}
CACHES = cache_at(os.environ["REDIS_URL"])
CELERY_BROKER_URL = os.environ["REDIS_URL"]

MAILERS = {
    "default": mailer_from_url(os.environ["MAIL_URL"]),
    "campaigns": mailer_from_url(os.environ.get("CAMPAIGN_MAIL_URL") or os.environ["MAIL_URL"]),
}
DEFAULT_FROM_EMAIL = os.environ["DEFAULT_FROM_EMAIL"]
# Django's own letters about errors go from the same proved sender, to people of the shop only.
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ADMINS = os.environ["ADMINS"].split(",")
# What the chosen SMS gateways cannot do without.
_SMS_NEEDS = {
    "turbosms": ["TURBOSMS_TOKEN", "TURBOSMS_SENDER"],
    "alphasms": ["ALPHASMS_KEY", "ALPHASMS_SENDER"],
    "smsclub": ["SMSCLUB_TOKEN", "SMSCLUB_SENDER"],
    "twilio": ["TWILIO_SID", "TWILIO_TOKEN", "TWILIO_SENDER"],
}
for _gateway in (os.environ.get("SMS_GATEWAYS") or "turbosms").split(","):
    for _name in _SMS_NEEDS[_gateway.strip()]:
        if not os.environ.get(_name):
            raise KeyError(_name)
# The card shown on every page and paper: SELLER_NAME, SELLER_TAX_NUMBER, SELLER_ADDRESS, SELLER_EMAIL, SELLER_PHONES
# (by commas), SELLER_IBAN, SELLER_BANK, SELLER_HOURS; SELLER_HOURS_EN may be missing.
SELLER = Seller.from_environment(os.environ)

STATIC_ROOT = BASE_DIR / "staticfiles"

# gunicorn says "https" only when X-Forwarded-Proto comes from FORWARDED_ALLOW_IPS, the proxy in front. That is why
# there is no SECURE_PROXY_SSL_HEADER here: Django would believe the header from anybody who can reach the port.
SECURE_SSL_REDIRECT = True
# The same proxies may say whom they speak for; gunicorn knows these two by itself.
PROXIES = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1").split(",")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

# ``__Host-``: the browser takes these over HTTPS only, from this very host, for the whole of it.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CAR_COOKIE_NAME = "__Host-car"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True

LOGGING_CONFIG = "shop.lib.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"route": {"()": "shop.lib.logs.RouteInsteadOfPath"}},
    "formatters": {"json": {"()": "shop.lib.logs.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["route"]},
        "people": {
            "class": "django.utils.log.AdminEmailHandler",
            "level": "ERROR",
            "filters": ["route"],
            "reporter_class": "shop.lib.logs.BareReporter",
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["people"], "level": "INFO"},
        # httpx tells the address of every call, and Nova Poshta's labels have our key in theirs.
        "httpx": {"level": "WARNING"},
    },
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
