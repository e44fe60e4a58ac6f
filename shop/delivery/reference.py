"""Settlements, carriers and pick-up points of the shop's own reference data."""

from pathlib import Path

from shop.delivery.models import Carrier, CarrierLimit, DeliveryTariff, PickupPoint, Settlement, Way
from shop.lib.copying import Changes, ids_by, read_csv, upsert
from shop.lib.sorting import ukrainian_sort_key

_DATA = Path(__file__).parent / "data"


def load() -> Changes:
    """Bring the directory up to the data; a second run writes nothing."""
    rows = read_csv(_DATA / "carriers.csv")
    return (
        _load_settlements()
        + _load_carriers([row for row in rows if row["record"] == "carrier"])
        + _load_points([row for row in rows if row["record"] == "point"])
        + _load_tariffs()
        + _load_limits()
    )


def _load_settlements() -> Changes:
    copied = ("slug", "name_uk", "name_en", "oblast_uk", "oblast_en", "lat", "lon", "katottg")
    return upsert(
        Settlement,
        [
            {column: row[column] for column in copied}
            | {"population": int(row["population"] or 0), "name_sort": ukrainian_sort_key(row["name_uk"])}
            for row in read_csv(_DATA / "settlements.csv")
        ],
        key=["slug"],
    )


def _load_carriers(rows: list[dict[str, str]]) -> Changes:
    return upsert(
        Carrier,
        [{"code": row["carrier_code"], "name_uk": row["name_uk"], "name_en": row["name_en"]} for row in rows],
        key=["code"],
    )


def _load_points(rows: list[dict[str, str]]) -> Changes:
    carriers, settlements = ids_by(Carrier, "code"), ids_by(Settlement, "slug")
    return upsert(
        PickupPoint,
        [
            {
                "carrier_id": carriers[row["carrier_code"]],
                "settlement_id": settlements[row["settlement_slug"]],
                "code": row["point_code"],
                "kind": row["point_type"],
                "name_uk": row["name_uk"],
                "name_en": row["name_en"],
                "address_uk": row["address_uk"],
                "max_weight_kg": row["max_weight_kg"] or None,
            }
            for row in rows
        ],
        key=["carrier_id", "code"],
    )


def _load_tariffs() -> Changes:
    columns = ("way", "zone", "max_weight_kg", "price", "days_from", "days_to")
    key = ["way", "zone", "max_weight_kg"]
    rows = [
        # Of our own courier nobody else says what he costs.
        {column: row[column] for column in columns} | {"by_hand": row["way"] == Way.COURIER}
        for row in read_csv(_DATA / "tariffs.csv")
    ]
    return upsert(DeliveryTariff, rows, key=key, fixed=["price", "days_from", "days_to", "by_hand"])


def _load_limits() -> Changes:
    takes = ("takes_liquids", "takes_glass", "takes_batteries")
    rows = [
        {
            "way": row["way"],
            "point_kind": row["point_kind"],
            "max_weight_kg": row["max_weight_kg"] or None,
            "takes_cash": True,
        }
        | {name: row[name] == "1" for name in takes}
        for row in read_csv(_DATA / "limits.csv")
    ]
    return upsert(CarrierLimit, rows, key=["way", "point_kind"], fixed=["max_weight_kg", "takes_cash", *takes])
