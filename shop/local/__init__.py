"""What makes one machine a whole shop: engines, supervision, the mailbox, fake third parties. Never in production."""

import os

if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".prod"):
    raise ImportError("shop.local must not be imported under production settings")
