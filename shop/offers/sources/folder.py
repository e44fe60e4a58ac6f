"""The watched folder: one for the whole shop (``PRICE_LIST_FOLDER``), filled by FTP, rsync or a shared disk.

A file is taken when it has stopped growing: same size and time at two looks, or at once when ``NAME.ready`` lies beside
it. It is then moved to ``taken/``; where the shop may not write, it stays and is remembered. Everything is opened step
by step from the folder itself, without following links, so no pattern and no link leads out of it.
"""

import fnmatch
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

from shop.offers.models import PriceListSource
from shop.offers.sources.limits import MOST_BYTES
from shop.offers.sources.place import Found, Look, SourceProblem, is_table_name, mark_of

TAKEN = "taken"
READY = ".ready"
_Problem = PriceListSource.Problem
# How programs that copy files name what is not yet whole.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", "~")
_AS_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_AS_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class Folder:
    """Files below the one watched folder."""

    @contextmanager
    def look(self, source: PriceListSource) -> Iterator[Look]:
        *folders, pattern = source.file_pattern.split("/")
        with _folder(folders) as at:
            yield _look(at, pattern, source)


@contextmanager
def _folder(names: list[str]) -> Iterator[int]:
    root: Path | None = settings.PRICE_LIST_FOLDER
    if not root:
        raise SourceProblem(_Problem.NOT_CONFIGURED)
    with ExitStack() as opened:
        try:
            # The folder itself may be a link of the administrator's; what is below it may not.
            at = _open(root, os.O_RDONLY | os.O_DIRECTORY, opened)
            for name in names:
                at = _open(name, _AS_FOLDER, opened, below=at)
        except OSError as error:
            raise SourceProblem(_Problem.NO_FOLDER) from error
        yield at


def _open(path: Path | str, flags: int, opened: ExitStack, *, below: int | None = None) -> int:
    descriptor = os.open(path, flags, dir_fd=below)
    opened.callback(os.close, descriptor)
    return descriptor


def _look(at: int, pattern: str, source: PriceListSource) -> Look:
    look = Look()
    seen: dict[str, list[int]] = source.memory.get("sizes", {})
    sizes: dict[str, list[int]] = {}
    whole: list[tuple[int, Found]] = []
    for entry in _entries(at):
        if not _may_be_taken(entry, pattern):
            continue
        try:
            facts = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # taken away between two steps
        size = [facts.st_size, facts.st_mtime_ns]
        sizes[entry.name] = size
        mark = mark_of(source.file_pattern, entry.name, *size)
        if facts.st_size > MOST_BYTES:
            look.problem = _Problem.TOO_LARGE
        elif size == seen.get(entry.name) or _is_there(at, entry.name + READY):
            whole.append((facts.st_mtime_ns, _found(at, entry.name, mark, size)))
        else:
            look.is_unsettled = True
    look.memory = {"sizes": sizes}
    look.found = [found for _time, found in sorted(whole, key=lambda pair: pair[0])]
    return look


def _entries(at: int) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(at) as entries:
            return list(entries)
    except OSError as error:
        raise SourceProblem(_Problem.NO_FOLDER) from error


def _may_be_taken(entry: os.DirEntry[str], pattern: str) -> bool:
    name = entry.name
    return (
        not name.startswith(".")
        and not name.casefold().endswith(_UNFINISHED)
        and fnmatch.fnmatchcase(name.casefold(), pattern.casefold())
        and is_table_name(name)
        and entry.is_file(follow_symlinks=False)
    )


def _found(at: int, name: str, mark: str, size: list[int]) -> Found:
    return Found(name=name, mark=mark, open=lambda: _opened(at, name, size), settle=lambda: _put_away(at, name, size))


@contextmanager
def _opened(at: int, name: str, size: list[int]) -> Iterator[IO[bytes]]:
    """A copy of ours: whoever writes the file cannot change what is read. Raises SourceProblem when it has changed."""
    with tempfile.NamedTemporaryFile(prefix="price-list-") as copy:
        try:
            descriptor = os.open(name, _AS_FILE, dir_fd=at)
            with os.fdopen(descriptor, "rb") as original:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise SourceProblem(_Problem.NO_FOLDER)
                shutil.copyfileobj(original, copy, 1 << 20)
                facts = os.fstat(descriptor)
        except OSError as error:
            raise SourceProblem(_Problem.NO_FOLDER) from error
        if [facts.st_size, facts.st_mtime_ns] != size or copy.tell() != facts.st_size:
            raise SourceProblem(_Problem.BROKEN_OFF)
        copy.flush()
        copy.seek(0)
        yield copy


def _put_away(at: int, name: str, size: list[int]) -> None:
    """Into ``taken/``, under a name of its own; in a folder that is not ours to write it stays where it is."""
    with suppress(OSError):
        facts = os.stat(name, dir_fd=at, follow_symlinks=False)
        if [facts.st_size, facts.st_mtime_ns] != size:
            return  # a newer file of the same name has come meanwhile
        with suppress(FileExistsError):
            os.mkdir(TAKEN, mode=0o700, dir_fd=at)
        taken = os.open(TAKEN, _AS_FOLDER, dir_fd=at)
        try:
            os.rename(name, f"{timezone.now():%Y%m%d-%H%M%S-%f}-{name}", src_dir_fd=at, dst_dir_fd=taken)
        finally:
            os.close(taken)
        with suppress(FileNotFoundError):
            os.unlink(name + READY, dir_fd=at)


def _is_there(at: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=at, follow_symlinks=False)
    except OSError:
        return False
    return True
