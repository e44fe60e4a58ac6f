"""The stamp: a second start installs nothing, a changed file installs again."""

import subprocess
import sys

import pytest

from shop.local import install


@pytest.fixture
def requirements(tmp_path):
    path = tmp_path / "requirements-local.txt"
    path.write_text("attrs==26.1.0\n")
    return path


@pytest.fixture
def venv(tmp_path):
    """An environment as far as the stamp looks: a Python that runs and has pip."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path / ".venv"


@pytest.fixture
def pip_calls(monkeypatch):
    """pip itself is left out; everything else runs."""
    calls = []
    run = subprocess.run

    def run_all_but_pip(command, **options):
        if "pip" in command:
            calls.append(command)
            return subprocess.CompletedProcess(command, 0)
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", run_all_but_pip)
    monkeypatch.setattr(install, "_runs", lambda venv: (venv / "bin" / "python").exists())
    return calls


def test_nothing_is_installed_at_first(requirements, venv):
    assert not install.is_installed(requirements, venv)


def test_a_second_start_installs_nothing(requirements, venv, pip_calls):
    install.install(requirements, venv)
    assert install.is_installed(requirements, venv)
    install.install(requirements, venv)
    assert len(pip_calls) == 1
    assert pip_calls[0][-3:] == ["--require-hashes", "-r", str(requirements)]


def test_a_changed_file_is_installed_again(requirements, venv, pip_calls):
    install.install(requirements, venv)
    requirements.write_text("attrs==26.2.0\n")
    assert not install.is_installed(requirements, venv)


def test_an_install_that_failed_leaves_no_stamp(requirements, venv, monkeypatch):
    monkeypatch.setattr(install, "_runs", lambda venv: True)

    def fail(command, **options):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(subprocess.CalledProcessError):
        install.install(requirements, venv)
    assert not install.is_installed(requirements, venv)


def test_an_environment_whose_python_is_gone_is_not_installed(requirements, venv, pip_calls):
    install.install(requirements, venv)
    (venv / "bin" / "python").unlink()
    assert not install.is_installed(requirements, venv)
