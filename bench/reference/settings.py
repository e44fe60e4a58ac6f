"""No middleware, no apps, no session: the same database settings, and that is all."""

import os

from shop.settings.base import database_from_url

SECRET_KEY = "reference-only-0123456789-0123456789-0123456789"
ALLOWED_HOSTS = ["*"]
DEBUG = False
DEBUG_PROPAGATE_EXCEPTIONS = True  # into the log of gunicorn
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
ROOT_URLCONF = "bench.reference.pages"
DATABASES = {"default": database_from_url(os.environ["DATABASE_URL"])}
USE_TZ = True
