"""`bin/up` refuses before it starts anything; its children restart, and give up when that is useless."""

import os
import socket
import subprocess
import sys
import time

import pytest

from shop.local import process
from shop.local.home import PROJECT, Home
from shop.local.locks import FileLock
from shop.local.process import Child, GivingUp
from shop.local.urgent import urgent_lines


def bin_up(home, port):
    environment = os.environ | {"SHOP_HOME": str(home), "PORT": str(port)}
    command = [sys.executable, "-m", "shop.local.up"]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60)


def test_a_taken_port_is_told_before_anything_starts(tmp_path):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        ended = bin_up(tmp_path, port)
    assert ended.returncode == 1
    assert ended.stderr == (
        f"Порт {port} зайнятий іншою програмою. Спробуйте: PORT={port + 1} bin/up\n"
        f"Port {port} is taken by another program. Try: PORT={port + 1} bin/up\n"
    )
    assert not (tmp_path / "postgres").exists()
    assert not (tmp_path / "log").exists()


def test_a_second_shop_in_the_same_folder_is_refused(tmp_path):
    lock = FileLock(Home(tmp_path).lock("up"))
    assert lock.take()
    ended = bin_up(tmp_path, 0)
    assert ended.returncode == 1
    assert f"The shop in {tmp_path} is already running." in ended.stderr


def test_a_port_that_is_no_number_is_told(tmp_path):
    ended = bin_up(tmp_path, "eight")
    assert ended.returncode == 1
    assert ended.stderr == "PORT: 'eight' is not a port number\n"


def test_a_child_ends_with_everything_it_started(tmp_path):
    shell = "sleep 60 & echo $!; wait"
    child = Child("shell", ["sh", "-c", shell], log=tmp_path / "shell.log", stop_seconds=5)
    child.start()
    while not (grandchild := child.new_output().strip()):
        time.sleep(0.02)
    child.stop()
    assert process.command_of(int(grandchild)) == ""


def test_a_child_that_keeps_dying_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    child = Child("false", ["false"], log=tmp_path / "false.log")
    child.start()
    for _ in range(3):
        child._process.wait()
        assert child.has_died()
        child.restart()
    child._process.wait()
    with pytest.raises(GivingUp, match="false"):
        child.restart()


def test_errors_of_children_reach_the_terminal_and_nothing_else_does():
    log = """\
[2026-11-22 21:52:36 +0200] [20178] [INFO] Booting worker with pid: 17894
{"event": "request", "level": "info"}
{"event": "task failed", "level": "error"}
Traceback (most recent call last):
  File "x.py", line 1, in <module>
redis.exceptions.ConnectionError: Connection refused
2026-11-22 19:52:17.773 UTC [20054] FATAL:  the database system is shutting down
"""
    assert list(urgent_lines(log)) == [
        '{"event": "task failed", "level": "error"}',
        "redis.exceptions.ConnectionError: Connection refused",
        "2026-11-22 19:52:17.773 UTC [20054] FATAL:  the database system is shutting down",
    ]
