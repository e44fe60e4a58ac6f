"""A server. Secrets and addresses come from the environment; without them nothing starts."""

import os

from shop.settings.base import *  # noqa: F403
from shop.settings.base import cache_at, database_from_url

SECRET_KEY = os.environ["SECRET_KEY"]
FIELD_KEYS = os.environ["FIELD_KEYS"].split(",")
HASH_KEY = os.environ["HASH_KEY"]
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
DATABASES = {"default": database_from_url(os.environ["DATABASE_URL"])}
CACHES = cache_at(os.environ["REDIS_URL"])
CELERY_BROKER_URL = os.environ["REDIS_URL"]
