"""One pair of engines for all who need them, gone when nobody does."""

import json
import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest
import redis

from shop.local.engines import Engines
from shop.local.home import PROJECT, Home
from shop.local.locks import is_taken
from shop.local.process import command_of


@pytest.fixture
def home(tmp_path_factory, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    home = Home(tmp_path_factory.mktemp("engines"))
    for folder in (home.folder, home.folder.parent):
        folder.chmod(0o755)  # as root PostgreSQL is another user
    yield home
    deadline = time.monotonic() + 30
    while is_taken(home.lock("engine-keeper")) and time.monotonic() < deadline:
        time.sleep(0.1)


def answer(addresses):
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert redis.Redis.from_url(addresses["REDIS_URL"]).ping()


def test_given_servers_are_used_and_none_started(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/shop")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example/0")
    engines = Engines(Home(tmp_path))
    assert engines.acquire() == {
        "DATABASE_URL": "postgresql://db.example/shop",
        "REDIS_URL": "redis://cache.example/0",
    }
    assert engines.are_given
    assert list(tmp_path.iterdir()) == []


def test_the_second_user_joins_and_the_last_one_stops_them(home):
    first, second = Engines(home, is_throwaway=True), Engines(home)
    addresses = first.acquire()
    assert second.acquire() == addresses
    first.release()
    answer(addresses)
    second.release()
    assert not is_taken(home.lock("engine-keeper"))
    assert not home.engines.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(addresses["DATABASE_URL"])


def test_after_kill_9_of_the_user_and_the_keeper_the_next_user_starts_them_again(home):
    code = "import time; from shop.local.engines import use; use(); print('up', flush=True); time.sleep(60)"
    environment = os.environ | {"SHOP_HOME": str(home.folder)}
    user = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, env=environment, stdout=subprocess.PIPE)
    assert user.stdout.readline() == b"up\n"
    addresses = json.loads(home.engines.read_text())
    server = int((home.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout.split()
    keeper = int(listed[listed.index(str(server)) + 1])
    for pid in (user.pid, keeper, server):
        os.kill(pid, signal.SIGKILL)
    user.wait()
    while is_taken(home.lock("engine-keeper")):  # the kernel may take its time to end it
        time.sleep(0.01)
    assert home.engines.exists()  # nobody tidied up

    engines = Engines(home)
    again = engines.acquire()
    assert again["DATABASE_URL"] == addresses["DATABASE_URL"]
    answer(again)
    engines.release()
    assert command_of(server) == ""
