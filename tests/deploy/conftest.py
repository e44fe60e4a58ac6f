import os
import shutil
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


def left_out_of_image():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def run_on_server(*arguments, without=(), cwd=ROOT, **more):
    """Python in a process of its own with a server's environment; ``without`` leaves a name out."""
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


@pytest.fixture(scope="session")
def image(tmp_path_factory):
    """The project as the image holds it: without what .dockerignore names, static files collected."""
    left_out = left_out_of_image()

    def ignored(folder, names):
        here = Path(folder).relative_to(ROOT)
        return [name for name in names if str(here / name) in left_out or name == "__pycache__" or name[0] == "."]

    folder = tmp_path_factory.mktemp("image") / "app"
    shutil.copytree(ROOT, folder, ignore=ignored)
    collected = run_on_server("manage.py", "collectstatic", "--noinput", cwd=folder)
    assert collected.returncode == 0, collected.stderr
    return folder
