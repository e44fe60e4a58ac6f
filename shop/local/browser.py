"""Find a Chromium for the browser tests, or get one.

``python -m shop.local.browser`` prints its path; nothing when none can be had.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find() -> str | None:
    """The path of a browser that is already here; ``CHROMIUM`` in the environment names one."""
    here = (os.environ.get("CHROMIUM"), *map(shutil.which, _NAMES), str(_MAC))
    found = next((path for path in here if path and Path(path).exists()), None)
    return found or _downloaded()


def get() -> str | None:
    """Like ``find``; when there is none, install Debian's as root, else let Playwright download its own."""
    found = find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        packages = ["chromium", "fonts-dejavu-core"]  # letters in screenshots, Cyrillic too
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(command, env=quiet, stdout=sys.stderr, check=False)
        found = find()
    if found is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)
        found = find()
    return found


def _downloaded() -> str | None:
    """The Chromium that ``playwright install`` got for this version of Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    print(get() or "")
