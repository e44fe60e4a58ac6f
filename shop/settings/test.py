"""`bin/test`: real PostgreSQL and Valkey, third parties only as fakes over HTTP."""

import os

from shop.settings.base import *  # noqa: F403
from shop.settings.base import INSTALLED_APPS, STORAGES, cache_at, database_from_url

SECRET_KEY = "test-only-0123456789-0123456789-0123456789-0123456789"
FIELD_KEYS = ["test-field-key"]
HASH_KEY = "test-hash-key"
ALLOWED_HOSTS = ["*"]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", "postgresql:///shop"))}
CACHES = cache_at(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
CELERY_BROKER_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

# Argon2 is slow on purpose; tests of signing in do not need that.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
INSTALLED_APPS = [*INSTALLED_APPS, "shop.local"]
PUBLIC_URL = "http://testserver"
