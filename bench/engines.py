"""Where the benchmarks run: engines of their own in ``var/bench``, or the servers of DATABASE_URL and REDIS_URL.

Own engines run with the options of ``shop/local/postgres.py`` (256 MB shared buffers, fsync on), as under ``bin/up``.
On a server of yours the databases ``bench_20000`` and the like are made beside the one you name.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import PROJECT
from shop.local.engines import Engines
from shop.local.home import Home

# Sets of different size may have the same addresses, so each has a cache of its own.
_CACHE_OF = {
    "/bench_20000": 2,
    "/bench_1000000": 3,
    "/bench_orders": 4,
    "/bench_pricelist": 5,
    "/bench_order_kill": 6,
    "/bench_messages": 7,
}


@dataclass(frozen=True)
class BenchEngines:
    """Addresses of two live servers and the folder of what is kept."""

    database_url: str
    redis_url: str
    home: Home

    def url_of(self, database: str) -> str:
        return urlunsplit(urlsplit(self.database_url)._replace(path=f"/{database}"))

    def has(self, parts: int) -> bool:
        """Whether the set of so many parts was built to its end."""
        return self._stamp(parts).exists() and self._exists(f"bench_{parts}")

    def built(self, parts: int) -> str:
        """The address of the database with so many demo parts, built on first use and kept."""
        database = f"bench_{parts}"
        if not self.has(parts):
            print(f"building {database}: {parts:,} demo parts …", flush=True)
            self.drop(database)
            self.execute(f"CREATE DATABASE {database}")
            self.run("-m", "shop.local.prepare", str(parts), database=database)
            with psycopg.connect(self.url_of(database), autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")
            self._stamp(parts).touch()
        else:
            self.run("-m", "shop.local.prepare", str(parts), database=database)  # newer migrations, static files
        return self.url_of(database)

    def copy(self, template: str, database: str) -> str:
        """A fresh copy of a database, for benchmarks that write."""
        self.drop(database)
        self.execute(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url_of(database)

    def drop(self, database: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def run(self, *arguments: str, database: str, **more: str) -> str:
        """Python in a process of its own under the benchmark's settings; gives back what it printed last."""
        process = subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=self.environment(self.url_of(database)) | more,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return process.stdout

    def environment(self, database_url: str) -> dict[str, str]:
        return dict(os.environ) | {
            "DATABASE_URL": database_url,
            "REDIS_URL": urlunsplit(
                urlsplit(self.redis_url)._replace(path=f"/{_CACHE_OF.get(urlsplit(database_url).path, 1)}")
            ),
            "DATABASE_POOL": "4",  # one for each of gunicorn's threads; several servers share PostgreSQL here
            "SHOP_HOME": str(self.home.folder),
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "PUBLIC_URL": "http://127.0.0.1:8000",
        }

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(statement)

    def _exists(self, database: str) -> bool:
        with psycopg.connect(self.database_url) as connection:
            return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone())

    def _stamp(self, parts: int) -> Path:
        return self.home.make("built") / str(parts)


@contextmanager
def open_engines() -> Iterator[BenchEngines]:
    """Engines for the length of the run."""
    home = Home(PROJECT / "var" / "bench")
    engines = Engines(home)
    addresses = engines.acquire()
    try:
        yield BenchEngines(addresses["DATABASE_URL"], addresses["REDIS_URL"], home)
    finally:
        engines.release()
