"""A bar on a terminal, a line now and then in a log, nothing when quiet."""

import sys
import time
from typing import TextIO

_WIDTH = 30
_LOG_EVERY_SECONDS = 10.0


class Progress:
    """How far one stage after another has got."""

    def __init__(self, total: int, *, quiet: bool = False, stream: TextIO = sys.stderr) -> None:
        self._total, self._quiet, self._stream = total, quiet, stream
        self._is_terminal = stream.isatty()
        self._started = self._shown = time.monotonic()

    def advance(self, done: int) -> None:
        share = done / self._total
        bar = "█" * int(_WIDTH * share)
        self._show(f"{bar:░<{_WIDTH}} {share:4.0%}  {done:,} parts", is_last=done >= self._total)

    def stage(self, text: str) -> None:
        self._show(text)

    def finish(self, text: str) -> None:
        self._show(f"{text} in {time.monotonic() - self._started:.0f} s", is_last=True)

    def _show(self, text: str, *, is_last: bool = False) -> None:
        if self._quiet:
            return
        now = time.monotonic()
        if self._is_terminal:
            self._stream.write(f"\r\033[K{text}" + ("\n" if is_last else ""))
        elif is_last or now - self._shown >= _LOG_EVERY_SECONDS:
            self._shown = now
            self._stream.write(f"{text}\n")
        self._stream.flush()
