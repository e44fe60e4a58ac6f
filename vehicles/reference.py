"""Cars of the shop's own reference data: makes, models, generations and engine variants."""

from datetime import date
from pathlib import Path

from django.utils.text import slugify

from shop.lib.copying import Changes, ids_by, read_csv, split_list, upsert
from shop.lib.sorting import ukrainian_sort_key
from vehicles.models import Generation, Modification, VehicleMake, VehicleModel

_DATA = Path(__file__).parent / "data"
# What Ukraine drives, most first; the picker shows these above the alphabet.
POPULAR_MAKES = (
    "volkswagen", "skoda", "renault", "toyota", "bmw", "mercedes-benz", "audi", "ford", "opel", "hyundai",
    "kia", "nissan", "mazda", "honda", "mitsubishi", "peugeot", "citroen", "chevrolet", "daewoo", "vaz-lada",
)  # fmt: skip


def load() -> Changes:
    """Bring the cars up to the data; a second run writes nothing."""
    return _load_makes() + _load_models() + _load_generations() + _load_modifications()


def _load_makes() -> Changes:
    return upsert(
        VehicleMake,
        [
            {
                "slug": row["slug"],
                "name": row["name"],
                "name_uk": row["name_uk"],
                "name_sort": ukrainian_sort_key(row["name"]),
                "country": row["country"],
                "wmi": split_list(row["wmi"]),
                "aliases": split_list(row["aliases"]),
                "position": POPULAR_MAKES.index(row["slug"]) + 1 if row["slug"] in POPULAR_MAKES else None,
            }
            for row in read_csv(_DATA / "makes.csv")
        ],
        key=["slug"],
    )


def _load_models() -> Changes:
    makes = ids_by(VehicleMake, "slug")
    names = {(row["make_slug"], row["model"]): None for row in read_csv(_DATA / "generations.csv")}
    return upsert(
        VehicleModel,
        [
            {"make_id": makes[make], "name": name, "slug": slugify(name), "name_sort": ukrainian_sort_key(name)}
            for make, name in names
        ],
        key=["make_id", "name"],
        fixed=["slug"],
    )


def _load_generations() -> Changes:
    models = {(make, name): pk for make, name, pk in VehicleModel.objects.values_list("make__slug", "name", "pk")}
    return upsert(
        Generation,
        [
            {
                "model_id": models[row["make_slug"], row["model"]],
                "code": row["slug"],
                "slug": relative_slug(row["slug"], within=f"{row['make_slug']}-{slugify(row['model'])}"),
                "name": row["generation"],
                "body_types": split_list(row["body_type"]),
                "produced_from": month(row["production_from"]),
                "produced_to": month(row["production_to"]),
            }
            for row in read_csv(_DATA / "generations.csv")
        ],
        key=["code"],
        fixed=["slug"],
    )


def _load_modifications() -> Changes:
    generations = ids_by(Generation, "code")
    return upsert(
        Modification,
        [
            {
                "generation_id": generations[row["generation_slug"]],
                "code": row["slug"],
                "slug": relative_slug(row["slug"], within=row["generation_slug"]),
                "name": row["name"],
                "engine_codes": split_list(row["engine_codes"]),
                "fuel": row["fuel"],
                "displacement_cc": int(row["displacement_cc"]) if row["displacement_cc"] else None,
                "power_kw": int(row["power_kw"]),
                "power_hp": int(row["power_hp"]),
                "drive": row["drive"],
                "produced_from": month(row["production_from"]),
                "produced_to": month(row["production_to"]),
            }
            for row in read_csv(_DATA / "modifications.csv")
        ],
        key=["code"],
        fixed=["slug"],
    )


def relative_slug(slug: str, *, within: str) -> str:
    """``skoda-octavia-iii-a7`` within ``skoda-octavia`` is ``iii-a7``; a slug that does not begin so stays whole."""
    return slug.removeprefix(f"{within}-")


def month(text: str) -> date | None:
    """``2013-05`` is the first day of that month; an empty cell means "still made"."""
    return date.fromisoformat(f"{text}-01") if text else None
