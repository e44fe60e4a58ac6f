"""A figure, its reference, its goal; the table people read and the file machines read."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import PROJECT

FOLDER = PROJECT / "var" / "bench"


@dataclass(frozen=True)
class Result:
    """``ratio`` is value / reference; ``met`` is None where no goal is set."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None


def at_least(name: str, value: float, unit: str, reference: float, goal: float | None) -> Result:
    """More is better: the goal is a share of the reference."""
    ratio = value / reference if reference else 0.0
    return Result(
        name,
        round(value, 1),
        unit,
        round(reference, 1),
        round(ratio, 3),
        f"≥ {goal} × reference" if goal else "",
        ratio >= goal if goal else None,
    )


def at_most(name: str, value: float, unit: str, limit: float, *, reference: float | None = None) -> Result:
    """Less is better: the limit is a number or, with a ``reference``, so many times that."""
    if reference is None:
        return Result(name, value, unit, None, None, f"≤ {limit:g}", value <= limit)
    ratio = value / reference if reference else 0.0
    return Result(
        name, round(value, 2), unit, round(reference, 2), round(ratio, 3), f"≤ {limit:g} × reference", ratio <= limit
    )


def write(name: str, results: Sequence[Result]) -> Path:
    """``var/bench/NAME.json``, with the machine and the hour."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.json"
    document = {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "results": [asdict(result) for result in results],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return path


def print_table(name: str, results: Sequence[Result]) -> None:
    """Aligned columns; the last says whether the goal was met."""
    rows = [("", "figure", "", "reference", "ratio", "goal", ""), *map(_row, results)]
    widths = [max(len(row[column]) for row in rows) for column in range(7)]
    print(f"\n{name} — {machine()}")
    for row in rows:
        cells = [
            cell.rjust(width) if 0 < i < 5 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  " + "  ".join(cells).rstrip(), flush=True)


def _row(result: Result) -> tuple[str, ...]:
    return (
        result.name,
        f"{result.value:,.10g}",
        result.unit,
        "" if result.reference is None else f"{result.reference:,.10g}",
        "" if result.ratio is None else f"{result.ratio:.2f}",
        result.goal,
        {True: "met", False: "MISSED", None: ""}[result.met],
    )


def machine() -> str:
    """Processor, cores, memory, Python: what a figure depends on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        named = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = named[0] if named else model
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {model}, {gigabytes:.0f} GB, {platform.system()}, Python {platform.python_version()}"
