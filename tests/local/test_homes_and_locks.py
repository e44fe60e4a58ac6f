"""Where things lie, which ports are free, who holds what."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from shop.local.home import Home, free_port, is_free, write_atomically
from shop.local.locks import FileLock, is_taken


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_a_port_is_remembered(home):
    port = home.choose_port("smtp")
    assert home.choose_port("smtp") == port
    assert Home(home.folder).known_port("smtp") == port


def test_a_remembered_port_that_somebody_took_is_replaced(home):
    port = home.choose_port("smtp")
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", port))
        stranger.listen()
        assert not is_free(port)
        assert home.choose_port("smtp", patience_seconds=0) != port


def test_a_secret_is_made_once_and_only_its_owner_reads_it(home):
    secret = home.secret("staff-password")
    assert len(secret) == 16
    assert home.secret("staff-password") == secret
    assert (home.folder / "staff-password").stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "ports.json"
    write_atomically(path, "old")
    with pytest.raises(TypeError):
        write_atomically(path, 5)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_lock_is_shared_by_many_and_taken_by_one(home):
    path = home.lock("engine-users")
    first, second, keeper = FileLock(path), FileLock(path), FileLock(path)
    first.share()
    second.share()
    assert not keeper.take()
    first.close()
    assert not keeper.take()
    second.close()
    assert keeper.take()
    assert is_taken(path)


def test_a_lock_ends_with_a_killed_process(home):
    path = home.lock("up")
    code = "import sys, time; from pathlib import Path; from shop.local.locks import FileLock; "
    code += "lock = FileLock(Path(sys.argv[1])); lock.take(); print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    assert is_taken(path)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert not is_taken(path)


def test_a_free_port_is_free():
    assert is_free(free_port())
