#!/usr/bin/env python
"""Run one management command with the settings of this machine (``shop.settings.local`` unless told otherwise)."""

import os
import sys


def main() -> None:
    if os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.local") == "shop.settings.local":
        from shop.local import engines

        # Those of a running bin/up, of DATABASE_URL and REDIS_URL, or our own until the command ends.
        engines.use()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
