"""Who is alive, told by the kernel: ``flock`` on a file ends with the process that holds it, even after ``kill -9``."""

import fcntl
import time
from pathlib import Path


class FileLock:
    """One lock file, held by many (``share``) or by one (``take``). Not inherited by child processes."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")

    def share(self) -> None:
        """Be one of several holders; waits while somebody holds it alone."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def take(self, *, patience_seconds: float = 0) -> bool:
        """Be the only holder. False when others hold it all through ``patience_seconds``."""
        deadline = time.monotonic() + patience_seconds
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.05)

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        self._file.close()


def is_taken(path: Path) -> bool:
    """Whether somebody is the only holder."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
