"""Companions of categories and repair jobs: what a mechanic knows and a parts list does not say."""

from shop.catalog.models import Category, Companion, RepairJob, RepairJobLine
from shop.catalog.reference import DATA
from shop.lib.copying import Changes, ids_by, read_csv, upsert


def load() -> Changes:
    """After the categories; a second run writes nothing."""
    return _load_companions() + _load_jobs() + _load_lines()


def _load_companions() -> Changes:
    categories = ids_by(Category, "slug")
    return upsert(
        Companion,
        [
            {
                "category_id": categories[row["category_slug"]],
                "needed_id": categories[row["needed_slug"]],
                "position": int(row["position"]),
                "why_uk": row["why_uk"],
                "why_en": row["why_en"],
            }
            for row in read_csv(DATA / "companions.csv")
        ],
        key=["category_id", "needed_id"],
    )


def _load_jobs() -> Changes:
    columns = ("slug", "name_uk", "name_en", "about_uk", "about_en")
    rows = read_csv(DATA / "repair_jobs.csv")
    return upsert(
        RepairJob,
        [{column: row[column] for column in columns} | {"position": int(row["position"])} for row in rows],
        key=["slug"],
    )


def _load_lines() -> Changes:
    categories, jobs = ids_by(Category, "slug"), ids_by(RepairJob, "slug")
    return upsert(
        RepairJobLine,
        [
            {
                "job_id": jobs[row["job_slug"]],
                "category_id": categories[row["category_slug"]],
                "place": int(row["place"]),
                "quantity": int(row["quantity"]),
                "is_optional": bool(row["optional"]),
                "position": int(row["position"]),
                "note_uk": row["note_uk"],
                "note_en": row["note_en"],
            }
            for row in read_csv(DATA / "repair_job_lines.csv")
        ],
        key=["job_id", "category_id", "place"],
    )
