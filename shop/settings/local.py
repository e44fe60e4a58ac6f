"""`bin/up`: the whole shop on one machine, production code, local addresses."""

import os
from decimal import Decimal

from shop.lib.seller import DEMO_SELLER
from shop.local.home import Home
from shop.settings.base import *  # noqa: F403
from shop.settings.base import INSTALLED_APPS, STORAGES, cache_at, database_from_url, private_files_at

SECRET_KEY = "local-only-0123456789-0123456789-0123456789-0123456789"
FIELD_KEYS = ["local-field-key"]
HASH_KEY = "local-hash-key"
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", "postgresql:///shop"))}
CACHES = cache_at(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
CELERY_BROKER_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
INSTALLED_APPS = [*INSTALLED_APPS, "shop.local"]

HOME = Home()
STATIC_ROOT = HOME.static

# Everybody outside the shop is played by shop/local/fakes.py on loopback.
_SMTP_PORT = os.environ.get("SMTP_PORT") or HOME.known_port("smtp") or 1025
_PROVIDERS_PORT = os.environ.get("PROVIDERS_PORT") or HOME.known_port("providers") or 1080
_MAILBOX = {
    "BACKEND": "shop.messaging.gateways.smtp.EmailBackend",
    "OPTIONS": {"host": "127.0.0.1", "port": int(_SMTP_PORT), "timeout": 10},
}
MAILERS = {"default": _MAILBOX, "campaigns": _MAILBOX}
TURBOSMS_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/turbosms"
TURBOSMS_TOKEN = "local-token"
TURBOSMS_HOOK_SECRET = "local-hook-secret"
ALPHASMS_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/alphasms"
ALPHASMS_KEY, ALPHASMS_SENDER = "local-key", "Shop"
SMSCLUB_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/smsclub"
SMSCLUB_TOKEN, SMSCLUB_SENDER = "local-token", "Shop"
TWILIO_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/twilio"
TWILIO_SID, TWILIO_TOKEN, TWILIO_SENDER = "AC00000000000000000000000000000001", "local-token", "Shop"
SMS_PRICES = {"turbosms": Decimal("0.95"), "alphasms": Decimal("0.89"), "smsclub": Decimal("0.92")}
NBU_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/nbu"
NOVA_POSHTA_URL = NOVA_POSHTA_LABEL_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/novaposhta"
NOVA_POSHTA_KEY = "local-key"
UKRPOSHTA_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/ukrposhta"
UKRPOSHTA_BEARER = UKRPOSHTA_TOKEN = UKRPOSHTA_TRACKING = UKRPOSHTA_SENDER = "local-token"
MEEST_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/meest"
MEEST_LOGIN, MEEST_PASSWORD, MEEST_AGENT = "local", "local", "00000000"
LIQPAY_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/liqpay"
LIQPAY_PUBLIC_KEY, LIQPAY_PRIVATE_KEY = "sandbox_i00000000000", "sandbox_privatekey0000"
MONOBANK_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/monobank"
MONOBANK_TOKEN = "local-token"
MONOBANK_PAGE_HOSTS = [f"http://127.0.0.1:{_PROVIDERS_PORT}"]
WAYFORPAY_URL = WAYFORPAY_PAGE_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/wayforpay"
WAYFORPAY_MERCHANT, WAYFORPAY_SECRET = "test_merch_n1", "flk3409refn54t54t*FNJRET"
CHECKBOX_URL = f"http://127.0.0.1:{_PROVIDERS_PORT}/checkbox"
CHECKBOX_LICENSE_KEY, CHECKBOX_PIN = "local-register", "0000"
FISCAL_RECEIPTS = {"liqpay": "due", "monobank": "due", "wayforpay": "due"}

LOCAL_PAGES = True
SELLER = DEMO_SELLER
PRICE_LIST_FOLDER = HOME.make("price-lists")
PRICE_LIST_LOOPBACK = True
PRIVATE_FILES = HOME.folder / "private"
STORAGES = STORAGES | {"private": private_files_at(PRIVATE_FILES)}
