"""`bin/test`: real PostgreSQL and Valkey, third parties only as fakes over HTTP."""

import os
import tempfile
from decimal import Decimal
from pathlib import Path

from shop.lib.seller import DEMO_SELLER
from shop.settings.base import *  # noqa: F403
from shop.settings.base import INSTALLED_APPS, STORAGES, cache_at, database_from_url, private_files_at

SECRET_KEY = "test-only-0123456789-0123456789-0123456789-0123456789"
FIELD_KEYS = ["test-field-key"]
HASH_KEY = "test-hash-key"
ALLOWED_HOSTS = ["*"]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", "postgresql:///shop"))}
# Each worker of pytest-xdist has a Valkey database of its own, as it has a PostgreSQL one.
_VALKEY, _, _DATABASE = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0").rpartition("/")
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CACHES = cache_at(f"{_VALKEY}/{int(_DATABASE) + _WORKER}")
# What a test wakes after its commit goes nowhere; tests of tasks call them.
CELERY_BROKER_URL = "memory://"

# Argon2 is slow on purpose; tests of signing in do not need that.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PRIVATE_FILES = Path(tempfile.gettempdir()) / f"shop-tests-{os.getuid()}" / str(_WORKER)
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": private_files_at(PRIVATE_FILES),
}
PRICE_LIST_LOOPBACK = True
_LOCMEM = {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
MAILERS = {"default": _LOCMEM, "campaigns": _LOCMEM}
ANYMAIL = {"WEBHOOK_SECRET": ["mail:test-secret"]}
TURBOSMS_TOKEN = "test-token"
TURBOSMS_HOOK_SECRET = "s3cret"
TURBOSMS_URL = ALPHASMS_URL = SMSCLUB_URL = TWILIO_URL = "http://127.0.0.1:1/nobody"
ALPHASMS_KEY, ALPHASMS_SENDER = "test-key", "Shop"
SMSCLUB_TOKEN, SMSCLUB_SENDER = "test-token", "Shop"
TWILIO_SID, TWILIO_TOKEN, TWILIO_SENDER = "AC00000000000000000000000000000001", "twilio_auth_token_0", "Shop"
SMS_PRICES = {"turbosms": Decimal("0.95"), "alphasms": Decimal("0.89")}
NOVA_POSHTA_URL = NOVA_POSHTA_LABEL_URL = "http://127.0.0.1:1/nobody"
UKRPOSHTA_URL = MEEST_URL = "http://127.0.0.1:1/nobody"
NBU_URL = "http://127.0.0.1:1/nobody"
LIQPAY_URL = MONOBANK_URL = WAYFORPAY_URL = WAYFORPAY_PAGE_URL = CHECKBOX_URL = "http://127.0.0.1:1/nobody"
LIQPAY_PUBLIC_KEY, LIQPAY_PRIVATE_KEY = "sandbox_i00000000000", "sandbox_privatekey0000"
MONOBANK_TOKEN = "test-token"
WAYFORPAY_MERCHANT, WAYFORPAY_SECRET = "test_merch_n1", "flk3409refn54t54t*FNJRET"
INSTALLED_APPS = [*INSTALLED_APPS, "shop.local"]
PUBLIC_URL = "http://testserver"
LOCAL_PAGES = True
SELLER = DEMO_SELLER
