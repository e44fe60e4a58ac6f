"""The shop as ``bin/up`` runs it. ``BENCH_CACHE=off`` keeps no bodies: every page is composed anew."""

import os

from shop.settings.local import *  # noqa: F403

# All buyers come from one address here.
HOURLY_LIMITS = {"guest-order": {}, "guest-enquiry": {}}

if os.environ.get("BENCH_CACHE") == "off":
    PAGE_CACHE_SECONDS = 0
