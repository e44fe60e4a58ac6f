"""What is true everywhere. The other modules only add addresses, secrets and switches."""

import os
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from celery.schedules import crontab
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]
# Files that no address leads to.
PRIVATE_FILES = Path(os.environ.get("PRIVATE_FILES", BASE_DIR / "var" / "private"))

# Where price lists arrive by themselves: a folder that suppliers' files are put into, and a mailbox
# (imaps://user:password@host/INBOX). Without them these two kinds of source are off.
PRICE_LIST_FOLDER = Path(os.environ["PRICE_LIST_FOLDER"]) if os.environ.get("PRICE_LIST_FOLDER") else None
PRICE_MAIL_URL = os.environ.get("PRICE_MAIL_URL", "")
# Whether a source may be on this very machine, without TLS: the fakes are.
PRICE_LIST_LOOPBACK = False

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # its default config would put its own site in place of ours
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
    "phonenumber_field",
    "treebeard",
    "health_check",
    "anymail",
    "allauth",
    "allauth.account",
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
    "shop.lib.middleware.RequestLog",
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
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
AUTH_USER_MODEL = "accounts.Customer"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "storefront:account"
# By proved phone or e-mail, with a password or a code; what is ours about it stands in accounts/adapter.py.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone*", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "request_login_code": "accounts.forms.CodeRequestForm",
    "confirm_login_code": "accounts.forms.SignInCodeForm",
    "confirm_email_verification_code": "accounts.forms.MailboxCodeForm",
    "verify_phone": "accounts.forms.PhoneCodeForm",
    "change_phone": "accounts.forms.OtherPhoneForm",
    "reset_password": "accounts.forms.PasswordResetForm",
    "confirm_password_reset_code": "accounts.forms.PasswordCodeForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = 2
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# As long as a code waits in the outbox at most; a registration proves two contacts one after the other.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 600
ACCOUNT_LOGIN_TIMEOUT = 1800
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# How many codes may be sent: counted in the database (accounts/codes.py), because an SMS costs money.
CODE_LIMITS = {
    "sms": {"receiver_hour": 4, "receiver_day": 8, "client_hour": 12, "all_hour": 300},
    "email": {"receiver_hour": 6, "receiver_day": 20, "client_hour": 30, "all_hour": 3000},
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "shop.lib.folding.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "orders.context_processors.basket",
                "accounts.context_processors.signed_in",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "shop.templatetags.shop"],
        },
    }
]


def database_from_url(url: str) -> dict[str, object]:
    """Django's setting for ``postgresql://user:password@host:port/name?host=/socket/folder&sslmode=verify-full``.

    Everything in the query but ``host`` goes to libpq: ``sslmode``, ``sslrootcert``, ``target_session_attrs`` …
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        # One pool a process: web threads and the task at hand; more would only queue inside PostgreSQL.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": int(os.environ.get("DATABASE_POOL", "8")), "timeout": 10}}
        | query,
    }


def mailer_from_url(url: str) -> dict[str, object]:
    """One entry of MAILERS for an address such as ``smtps://user:password@mail.example:465``.

    ``smtp`` starts TLS after the greeting, ``smtps`` speaks it from the first byte. Any other scheme names one of
    Anymail's providers and its options: ``postmark:?server_token=…``, ``mailgun:?api_key=…&sender_domain=…``.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps"):
        return {"BACKEND": f"anymail.backends.{parts.scheme}.EmailBackend", "OPTIONS": dict(parse_qsl(parts.query))}
    is_tls_from_start = parts.scheme == "smtps"
    return {
        "BACKEND": "shop.messaging.gateways.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname or "",
            "port": parts.port or (465 if is_tls_from_start else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": is_tls_from_start,
            "use_tls": not is_tls_from_start,
            "timeout": 10,
        },
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


def private_files_at(folder: Path) -> dict[str, object]:
    """Price lists and the like: outside every folder that is served, readable by the shop alone."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    }


# How long the bodies of catalogue pages are kept; 0 builds each page anew (benchmarks compare both).
PAGE_CACHE_SECONDS = int(os.environ.get("PAGE_CACHE_SECONDS", "300"))

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": private_files_at(PRIVATE_FILES),
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
CAR_COOKIE_NAME = "car"
CSRF_COOKIE_HTTPONLY = True
# How often guests may do what costs a person's time, an hour; a mobile operator lends one address to many people.
HOURLY_LIMITS = {
    "guest-order": {"phone": 10, "address": 30},
    "guest-enquiry": {"address": 20},
    "basket-link": {"address": 6},
    "stock-watch": {"address": 20},
    "refused-notice": {"address": 60},
}
# Networks whose X-Forwarded-For is believed.
PROXIES: list[str] = []
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

# The admin: words from the trade, colours from static/css/tokens.css (graphite and the one signal blue).
UNFOLD = {
    "SITE_TITLE": _("Робоче місце"),
    "SITE_HEADER": os.environ.get("SHOP_NAME", "Автодеталі"),
    "SITE_SUBHEADER": _("робоче місце"),
    "SITE_SYMBOL": "build",
    "SITE_URL": "/",
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "6px",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "shop.backoffice.look.favicon"}],
    "STYLES": ["shop.backoffice.look.desk_styles"],
    "SIDEBAR": {"navigation": "shop.backoffice.navigation.sidebar"},
    "COLORS": {
        "base": {
            "50": "#f7f8f9",
            "100": "#f3f4f6",
            "200": "#dcdfe4",
            "300": "#c3c9d1",
            "400": "#98a1ae",
            "500": "#697380",
            "600": "#545d69",
            "700": "#3b434f",
            "800": "#262c35",
            "900": "#171b21",
            "950": "#0c0e11",
        },
        "primary": {
            "50": "#f4f7fe",
            "100": "#e9effd",
            "200": "#c3d4ff",
            "300": "#9db9ff",
            "400": "#7b9df5",
            "500": "#5b85f0",
            "600": "#1648d0",
            "700": "#0f369f",
            "800": "#0f2c7d",
            "900": "#1d2a4a",
            "950": "#0b1736",
        },
    },
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
    "shop.messaging.tasks.climb_ladder": {"queue": "orders"},
    "shop.messaging.tasks.handle_sms_news": {"queue": "orders"},
    "shop.messaging.tasks.send_bulk_messages": {"queue": "bulk"},
    # Money does not wait for a price list.
    "orders.tasks.ask_due_payments": {"queue": "orders"},
    "orders.tasks.handle_waiting_notices": {"queue": "orders"},
    "orders.tasks.send_refund": {"queue": "orders"},
    "orders.tasks.send_due_refunds": {"queue": "orders"},
    "orders.tasks.issue_due_receipts": {"queue": "orders"},
    "shop.offers.tasks.load_price_list": {"queue": "imports"},
    "shop.offers.tasks.check_source": {"queue": "imports"},
    "shop.offers.tasks.check_source_now": {"queue": "imports"},
    "shop.catalog.tasks.load_catalog_file": {"queue": "imports"},
    "shop.delivery.tasks.refresh_points": {"queue": "imports"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 2,
    "socket_connect_timeout": 0.5,
    # For publishers: without it kombu tries for 4 seconds more. Workers come back by the settings above.
    "max_retries": 0,
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
    "send-codes-by-sms": {
        "task": "shop.messaging.tasks.send_codes",
        "args": ["sms"],
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "send-codes-by-email": {
        "task": "shop.messaging.tasks.send_codes",
        "args": ["email"],
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "send-order-sms": {
        "task": "shop.messaging.tasks.send_order_messages",
        "args": ["sms"],
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "send-order-mail": {
        "task": "shop.messaging.tasks.send_order_messages",
        "args": ["email"],
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "handle-sms-news": {"task": "shop.messaging.tasks.handle_sms_news", "schedule": 5.0, "options": {"expires": 5}},
    "ask-sms-fates": {"task": "shop.messaging.tasks.ask_fates", "schedule": 60.0, "options": {"expires": 60}},
    "ask-sms-balances": {"task": "shop.messaging.tasks.ask_balances", "schedule": crontab(minute="25")},
    "climb-ladder": {"task": "shop.messaging.tasks.climb_ladder", "schedule": 30.0, "options": {"expires": 30}},
    "handle-mail-news": {
        "task": "shop.messaging.tasks.handle_mail_news",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "send-bulk-mail": {
        "task": "shop.messaging.tasks.send_bulk_messages",
        "args": ["email"],
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "release-ended-holds": {"task": "orders.tasks.release_ended_holds", "schedule": 60.0, "options": {"expires": 60}},
    "ask-due-payments": {"task": "orders.tasks.ask_due_payments", "schedule": 30.0, "options": {"expires": 30}},
    "handle-waiting-notices": {
        "task": "orders.tasks.handle_waiting_notices",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "send-due-refunds": {"task": "orders.tasks.send_due_refunds", "schedule": 60.0, "options": {"expires": 60}},
    "issue-due-receipts": {"task": "orders.tasks.issue_due_receipts", "schedule": 60.0, "options": {"expires": 60}},
    "make-due-waybills": {"task": "orders.tasks.make_due_waybills", "schedule": 60.0, "options": {"expires": 60}},
    "tell-returned-stock": {
        "task": "orders.tasks.tell_returned_stock",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "track-parcels": {"task": "orders.tasks.track_parcels", "schedule": 120.0, "options": {"expires": 120}},
    "remind-of-waiting-parcels": {
        "task": "orders.tasks.remind_of_waiting_parcels",
        "schedule": crontab(hour="10,16", minute="0"),
    },
    # The tax office wants a shift closed each day.
    "close-fiscal-shift": {"task": "orders.tasks.close_fiscal_shift", "schedule": crontab(hour="23", minute="45")},
    "load-waiting-price-lists": {
        "task": "shop.offers.tasks.load_waiting_price_lists",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "load-waiting-catalog-files": {
        "task": "shop.catalog.tasks.load_waiting_catalog_files",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "take-stale-lists-off-the-shelf": {
        "task": "shop.offers.tasks.take_stale_lists_off_the_shelf",
        "schedule": crontab(minute="5"),
    },
    # Again in the morning, should the bank have been away at night.
    "fetch-exchange-rates": {
        "task": "shop.offers.tasks.fetch_exchange_rates",
        "schedule": crontab(hour="0,7", minute="20"),
    },
    "check-price-list-sources": {
        "task": "shop.offers.tasks.check_sources",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "bring-offers-up-to-date": {
        "task": "shop.offers.tasks.bring_offers_up_to_date",
        "schedule": crontab(hour="3", minute="10"),
    },
    "refresh-carriers": {"task": "shop.delivery.tasks.refresh_carriers", "schedule": crontab(hour="2", minute="30")},
    # Before the nightly refresh, which makes pages show it.
    "count-sales-by-car": {
        "task": "orders.tasks.count_sales_by_car",
        "schedule": crontab(hour="3", minute="0"),
    },
    "forget-old-codes": {"task": "accounts.tasks.forget_old_codes", "schedule": crontab(hour="4", minute="0")},
    "check-reserved": {"task": "orders.tasks.check_reserved", "schedule": crontab(hour="3", minute="40")},
}

DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Автодеталі <orders@shop.example>")
# Letters to many come from another address, at best of another subdomain: complaints about them spare order mail.
CAMPAIGN_FROM_EMAIL = os.environ.get("CAMPAIGN_FROM_EMAIL") or DEFAULT_FROM_EMAIL
# Mail providers tell what became of a letter at /anymail/…; "user:password", several by commas while one replaces
# another. Without it nobody is listened to.
# Providers that sign their notices besides: WEBHOOK_KEYS=mailgun=key,sendgrid=key
_WEBHOOK_KEYS = {
    "mailersend": "MAILERSEND_SIGNING_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mailtrap": "MAILTRAP_TRACKING_SECRET",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
    "postal": "POSTAL_WEBHOOK_KEY",
    "resend": "RESEND_SIGNING_SECRET",
    "sendgrid": "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
    "unisender_go": "UNISENDER_GO_API_KEY",
}
ANYMAIL: dict[str, object] = {
    "WEBHOOK_SECRET": [pair for pair in os.environ.get("WEBHOOK_SECRET", "").split(",") if pair]
} | {
    _WEBHOOK_KEYS[name.strip()]: key
    for name, _equals, key in (each.partition("=") for each in os.environ.get("WEBHOOK_KEYS", "").split(",") if each)
}
# An SMS that has not arrived after this long makes the letter of the same event go; what neither way brought within
# this long after it was handed over goes before a person.
LADDER = {
    "mail_after_minutes": int(os.environ.get("LADDER_MAIL_AFTER_MINUTES", "10")),
    "person_after_minutes": int(os.environ.get("LADDER_PERSON_AFTER_MINUTES", "60")),
}
# Who hands SMS over, in the order of asking: the next one tries when the one before surely has not taken a message.
_SMS_GATEWAYS = {
    "turbosms": "shop.messaging.gateways.turbosms.TurboSmsGateway",
    "alphasms": "shop.messaging.gateways.alphasms.AlphaSmsGateway",
    "smsclub": "shop.messaging.gateways.smsclub.SmsClubGateway",
    "twilio": "shop.messaging.gateways.twilio.TwilioGateway",
}
SMS_GATEWAYS = [
    _SMS_GATEWAYS[name.strip()] for name in (os.environ.get("SMS_GATEWAYS") or "turbosms").split(",") if name.strip()
]
# A registered Viber sender: messages go by Viber first. The secret is the one of delivery reports, set in the cabinet;
# without it TurboSMS is asked what became of messages and not listened to.
TURBOSMS_URL = os.environ.get("TURBOSMS_URL", "https://api.turbosms.ua")
TURBOSMS_TOKEN = os.environ.get("TURBOSMS_TOKEN", "")
TURBOSMS_SENDER = os.environ.get("TURBOSMS_SENDER", "Msg")
TURBOSMS_VIBER_SENDER = os.environ.get("TURBOSMS_VIBER_SENDER", "")
TURBOSMS_HOOK_SECRET = os.environ.get("TURBOSMS_HOOK_SECRET", "")
ALPHASMS_URL = os.environ.get("ALPHASMS_URL", "https://alphasms.ua")
ALPHASMS_KEY = os.environ.get("ALPHASMS_KEY", "")
ALPHASMS_SENDER = os.environ.get("ALPHASMS_SENDER", "")
SMSCLUB_URL = os.environ.get("SMSCLUB_URL", "https://im.smsclub.mobi")
SMSCLUB_TOKEN = os.environ.get("SMSCLUB_TOKEN", "")
SMSCLUB_SENDER = os.environ.get("SMSCLUB_SENDER", "")
# The sender is a number, a name, or the id of a messaging service (MG…).
TWILIO_URL = os.environ.get("TWILIO_URL", "https://api.twilio.com")
TWILIO_SID = os.environ.get("TWILIO_SID", "")
TWILIO_TOKEN = os.environ.get("TWILIO_TOKEN", "")
TWILIO_SENDER = os.environ.get("TWILIO_SENDER", "")
# What one part of an SMS costs, in hryvnias with taxes, by gateway: SMS_PRICES=turbosms=0.95,alphasms=0.89
SMS_PRICES = {
    name.strip(): Decimal(price)
    for name, _equals, price in (each.partition("=") for each in os.environ.get("SMS_PRICES", "").split(",") if each)
}
# Below this many hryvnias left with a gateway the desk shows it and the log says error.
SMS_LOW_BALANCE = Decimal(os.environ.get("SMS_LOW_BALANCE") or 200)
# Within any 24 hours: messages to one number, parts to all numbers together. What is over waits for a person; codes
# are not sent.
SMS_LIMITS = {
    "number": int(os.environ.get("SMS_LIMIT_PER_NUMBER") or 20),
    "parts": int(os.environ.get("SMS_LIMIT_PARTS_PER_DAY") or 5000),
}
# From this hour to that one, Kyiv time, what can wait does.
SMS_QUIET_HOURS = (21, 9)
# The town that parcels leave from, as its address calls it.
SENDER_SETTLEMENT = os.environ.get("SENDER_SETTLEMENT", "kyiv")
# Nova Poshta: without its key nothing is asked. The refs of us as a sender are those of its cabinet.
NOVA_POSHTA_URL = os.environ.get("NOVA_POSHTA_URL", "https://api.novaposhta.ua")
NOVA_POSHTA_LABEL_URL = os.environ.get("NOVA_POSHTA_LABEL_URL", "https://my.novaposhta.ua")
NOVA_POSHTA_KEY = os.environ.get("NOVA_POSHTA_KEY", "")
NOVA_POSHTA_CITY = os.environ.get("NOVA_POSHTA_CITY", "")
NOVA_POSHTA_SENDER = os.environ.get("NOVA_POSHTA_SENDER", "")
NOVA_POSHTA_BRANCH = os.environ.get("NOVA_POSHTA_BRANCH", "")
NOVA_POSHTA_CONTACT = os.environ.get("NOVA_POSHTA_CONTACT", "")
NOVA_POSHTA_PHONE = os.environ.get("NOVA_POSHTA_PHONE", "")
# Ukrposhta: three credentials of the contract, the uuid of us as its client, the post code of the office we send from.
UKRPOSHTA_URL = os.environ.get("UKRPOSHTA_URL", "https://www.ukrposhta.ua")
UKRPOSHTA_BEARER = os.environ.get("UKRPOSHTA_BEARER", "")
UKRPOSHTA_TOKEN = os.environ.get("UKRPOSHTA_TOKEN", "")
UKRPOSHTA_TRACKING = os.environ.get("UKRPOSHTA_TRACKING", "")
UKRPOSHTA_SENDER = os.environ.get("UKRPOSHTA_SENDER", "")
UKRPOSHTA_POSTCODE = os.environ.get("UKRPOSHTA_POSTCODE", "")
# Meest: the login of its cabinet, the contract, the branch we send from; AGENT is who takes the money for goods.
MEEST_URL = os.environ.get("MEEST_URL", "https://api.meest.com")
MEEST_LOGIN = os.environ.get("MEEST_LOGIN", "")
MEEST_PASSWORD = os.environ.get("MEEST_PASSWORD", "")
MEEST_CONTRACT = os.environ.get("MEEST_CONTRACT", "")
MEEST_BRANCH = os.environ.get("MEEST_BRANCH", "")
MEEST_CITY = os.environ.get("MEEST_CITY", "")
MEEST_NAME = os.environ.get("MEEST_NAME", "")
MEEST_PHONE = os.environ.get("MEEST_PHONE", "")
MEEST_AGENT = os.environ.get("MEEST_AGENT", "")
NBU_URL = os.environ.get("NBU_URL", "https://bank.gov.ua")

# Payment providers: a way without its keys is switched off. Addresses stand here so that fakes can take their place.
LIQPAY_URL = os.environ.get("LIQPAY_URL", "https://www.liqpay.ua")
LIQPAY_PUBLIC_KEY = os.environ.get("LIQPAY_PUBLIC_KEY", "")
LIQPAY_PRIVATE_KEY = os.environ.get("LIQPAY_PRIVATE_KEY", "")
LIQPAY_API_VERSION = int(os.environ.get("LIQPAY_API_VERSION") or 7)
MONOBANK_URL = os.environ.get("MONOBANK_URL", "https://api.monobank.ua")
MONOBANK_TOKEN = os.environ.get("MONOBANK_TOKEN", "")
MONOBANK_PAGE_HOSTS = ["https://pay.mbnk.biz", "https://pay.monobank.ua"]
WAYFORPAY_URL = os.environ.get("WAYFORPAY_URL", "https://api.wayforpay.com")
WAYFORPAY_PAGE_URL = os.environ.get("WAYFORPAY_PAGE_URL", "https://secure.wayforpay.com")
WAYFORPAY_MERCHANT = os.environ.get("WAYFORPAY_MERCHANT", "")
WAYFORPAY_SECRET = os.environ.get("WAYFORPAY_SECRET", "")
# The link inside the National Bank's payment QR begins with this.
NBU_QR_PREFIX = os.environ.get("NBU_QR_PREFIX", "https://bank.gov.ua/qr/")
# The software cash register; without its key no receipt is printed by us.
CHECKBOX_URL = os.environ.get("CHECKBOX_URL", "https://api.checkbox.ua")
CHECKBOX_LICENSE_KEY = os.environ.get("CHECKBOX_LICENSE_KEY", "")
CHECKBOX_PIN = os.environ.get("CHECKBOX_PIN", "")
# Whose work the tax receipt is, by way of paying: ``due`` is our register's, the others ``by-provider``, ``not-due``.
# The seller's accountant decides: FISCAL_RECEIPTS=liqpay=due,monobank=by-provider,invoice=not-due
FISCAL_RECEIPTS = dict.fromkeys(
    ["liqpay", "monobank", "wayforpay"], "due" if CHECKBOX_LICENSE_KEY else "not-due"
) | dict(each.strip().split("=") for each in os.environ.get("FISCAL_RECEIPTS", "").split(",") if each.strip())

# Where the shop stands, for links in messages: scheme and host without a slash at the end.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://localhost:8000")
SHOP_NAME = os.environ.get("SHOP_NAME", "Автодеталі")
LOCAL_PAGES = False

# JSON lines to the standard streams; what runs the shop collects them.
LOGGING_CONFIG = "shop.lib.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"route": {"()": "shop.lib.logs.RouteInsteadOfPath"}},
    "formatters": {"json": {"()": "shop.lib.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["route"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        # httpx tells of every call, Celery of every tick; gateways and tasks tell of those that went wrong.
        "httpx": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
