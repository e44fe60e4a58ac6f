"""The shop as ``bin/up`` runs it. ``BENCH_CACHE=off`` takes the cache away: every page is composed anew."""

import os

from shop.settings.local import *  # noqa: F403

if os.environ.get("BENCH_CACHE") == "off":
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
