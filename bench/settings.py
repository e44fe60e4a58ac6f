"""The shop as ``bin/up`` runs it. ``BENCH_CACHE=off`` keeps no bodies: every page is composed anew."""

import os

from shop.settings.local import *  # noqa: F403

if os.environ.get("BENCH_CACHE") == "off":
    PAGE_CACHE_SECONDS = 0
