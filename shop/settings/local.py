"""`bin/up`: the whole shop on one machine, production code, local addresses."""

import os

from shop.settings.base import *  # noqa: F403
from shop.settings.base import INSTALLED_APPS, cache_at, database_from_url

SECRET_KEY = "local-only-0123456789-0123456789-0123456789-0123456789"
FIELD_KEYS = ["local-field-key"]
HASH_KEY = "local-hash-key"
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", "postgresql:///shop"))}
CACHES = cache_at(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
CELERY_BROKER_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
INSTALLED_APPS = [*INSTALLED_APPS, "shop.local"]
LOCAL_PAGES = True
