"""Which lines of a child's log a person at the terminal should see."""

import json
import re
from collections.abc import Iterator

# A line that calls itself an error, or the last line of a traceback; the rest of it is in the log.
_PLAIN = re.compile(r"\b(ERROR|CRITICAL|FATAL|PANIC)\b|^[a-z_]+(\.\w+)*\.[A-Z]\w+(:|$)|^[A-Z]\w*(Error|Exception)(:|$)")


def urgent_lines(text: str) -> Iterator[str]:
    """Errors and worse, out of JSON lines and plain ones alike."""
    for line in text.splitlines():
        if line.startswith("{"):
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if entry.get("level") in ("error", "critical"):
                yield line
        elif _PLAIN.search(line):
            yield line
