"""Settings of the workers that test_survival.py starts and kills: as in tests, with a broker and a mail server."""

import os

from shop.settings.test import *  # noqa: F403

CELERY_BROKER_URL = os.environ["BROKER_URL"]
TURBOSMS_URL = os.environ["TURBOSMS_URL"]
MAILERS = {
    "default": {
        "BACKEND": "shop.messaging.gateways.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": int(os.environ["MAIL_PORT"]), "timeout": 2},
    }
}
