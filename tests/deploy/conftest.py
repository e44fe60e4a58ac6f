import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What a server's environment holds, with values that open nothing.
SERVER = dict(
    line.replace('"', "").split("=", 1)
    for line in (ROOT / "deploy/build.env").read_text().splitlines()
    if line and not line.startswith("#")
) | {"DJANGO_SETTINGS_MODULE": "shop.settings.prod"}
if "DATABASE_URL" in os.environ:
    SERVER["DATABASE_URL"] = os.environ["DATABASE_URL"]


@pytest.fixture
def server():
    """Run Python in a process of its own with a server's environment; ``without`` leaves a name out."""

    def run(*arguments, without=(), cwd=ROOT, **more):
        environment = SERVER | more
        environment |= {"PATH": os.environ["PATH"], "PYTHONPATH": str(cwd), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env={name: value for name, value in environment.items() if name not in without},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run
