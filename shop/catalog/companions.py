"""Companions of categories and repair jobs, in memory: some hundred rows that many pages ask for."""

from collections import defaultdict
from dataclasses import dataclass

from shop.catalog.models import Companion, RepairJob, RepairJobLine
from shop.lib.version import PerVersion


@dataclass(frozen=True, eq=False, repr=False)
class Job:
    """A repair with its lines, in their order. Read only: all threads share it."""

    job: RepairJob
    lines: list[RepairJobLine]


def _read_companions() -> dict[int, list[Companion]]:
    found: dict[int, list[Companion]] = defaultdict(list)
    for row in Companion.objects.filter(is_active=True).order_by("category_id", "position", "id"):
        found[row.category_id].append(row)
    return dict(found)


def _read_jobs() -> dict[str, Job]:
    lines: dict[int, list[RepairJobLine]] = defaultdict(list)
    for line in RepairJobLine.objects.filter(is_active=True).order_by("position", "id"):
        lines[line.job_id].append(line)
    jobs = RepairJob.objects.filter(is_active=True).order_by("position", "id")
    return {job.slug: Job(job, lines[job.pk]) for job in jobs if job.pk in lines}


# By the category that they go with.
companions = PerVersion(_read_companions)
# By slug, in the order in which they are shown.
repair_jobs = PerVersion(_read_jobs)
