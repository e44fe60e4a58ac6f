"""Make ``.venv`` and install a locked requirements file into it. Standard library only: nothing is installed yet.

``python -I shop/local/install.py requirements-local.txt``. A stamp remembers the file's hash and the Python, so the
next start takes milliseconds. pip keeps the settings of the machine: indexes, certificates, proxies.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def stamp_of(requirements: Path) -> str:
    """What the stamp says when ``requirements`` is installed for this kind of machine."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    return f"{digest} {platform.machine()}"


def is_installed(requirements: Path, venv: Path) -> bool:
    """Whether this very file was installed to the end, into a virtual environment that still runs."""
    stamp = _stamp_file(requirements, venv)
    return stamp.exists() and stamp.read_text() == stamp_of(requirements) and _runs(venv)


def install(requirements: Path, venv: Path) -> None:
    """Make the environment when it is missing or broken, then install with visible progress."""
    venv.parent.mkdir(parents=True, exist_ok=True)
    with (venv.parent / f"{venv.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # bin/up and bin/test may both be at their first start
        if is_installed(requirements, venv):
            return
        if not _runs(venv):
            print(f"Python {platform.python_version()} → {venv}", flush=True)
            shutil.rmtree(venv, ignore_errors=True)
            _make(venv)
        print(f"pip install -r {requirements.name}", flush=True)
        pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(requirements)], check=True)
        _stamp_file(requirements, venv).write_text(stamp_of(requirements))


def _make(venv: Path) -> None:
    """By the standard library; by uv where Python came without ensurepip (Debian's python3 alone)."""
    made = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return
    uv = shutil.which("uv")
    if uv is None:
        sys.exit(
            f"{made.stdout}{made.stderr}\nThis Python cannot make a virtual environment: install python3-venv or uv."
        )
    shutil.rmtree(venv, ignore_errors=True)
    subprocess.run([uv, "venv", "--seed", "--python", sys.executable, str(venv)], check=True)


def _runs(venv: Path) -> bool:
    """Whether its Python is there, new enough and has pip; an upgrade of the machine's Python may have broken it."""
    python = venv / "bin" / "python"
    probe = "import sys, importlib.util as u; sys.exit(sys.version_info < (3, 12) or u.find_spec('pip') is None)"
    try:
        return subprocess.run([str(python), "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _stamp_file(requirements: Path, venv: Path) -> Path:
    return venv / f"installed-{requirements.name}"


if __name__ == "__main__":
    wanted, environment = PROJECT / sys.argv[1], PROJECT / ".venv"
    try:
        if not is_installed(wanted, environment):
            install(wanted, environment)
    except subprocess.CalledProcessError as problem:
        sys.exit(f"\n{' '.join(problem.cmd[:6])} … failed ({problem.returncode}). What it says above is the reason.")
    except KeyboardInterrupt:
        sys.exit(os.EX_TEMPFAIL)
