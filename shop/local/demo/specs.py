"""Measures and features of a part: within the attribute's range, and consistent with each other and with the car."""

import math
from collections.abc import Callable
from random import Random

from shop.local.demo.kinds import Kind, Property

# A value is a choice's Ukrainian name, a number, or a bool.
Spec = dict[str, str | float | bool]

# What brands decide for themselves; everything else must be as the car maker's original is.
PART_LEVEL = {
    "wear_indicator", "fitting_kit_included", "electrode_material", "pack_quantity", "filter_medium", "coated",
    "condition", "gasket_included", "construction", "set_quantity", "filling", "material", "contents", "kind_of_pack",
    "impeller_material", "mount", "finish",
}  # fmt: skip
# The place of a part as the choices of several attributes say it, best first.
_PLACE_WORDS = {
    "f": ("перед", "передній", "передня", "передні двері", "ліва/права", "перед верх"),
    "r": ("зад", "задній", "задня", "задні двері", "ліва/права", "зад верх"),
    "l": ("ліва",),
    "rt": ("права",),
    "fl": ("перед ліве", "ліва", "передні двері", "перед низ", "перед"),
    "fr": ("перед праве", "права", "передні двері", "перед низ", "перед"),
    "rl": ("зад ліве", "ліва", "задні двері", "зад низ", "зад"),
    "rr": ("зад праве", "права", "задні двері", "зад низ", "зад"),
}
_PLACED = ("side", "axle", "position", "place")
_BY_FUEL = {"petrol": "бензин", "hybrid": "бензин", "lpg": "газ", "diesel": "дизель"}


def draw_spec(kind: Kind, rng: Random, *, place: str = "", fuel: str = "", year: int = 2012) -> Spec:
    """Values of all attributes; ``fuel`` and ``year`` are of the car that the part is made for."""
    spec: Spec = {}
    for one in kind.properties:
        spec[one.code] = _placed(one, place) or _of_car(one, fuel, year) or draw(one, rng)
    for rule in _RULES:
        rule(spec, kind, rng)
    return spec


def draw(one: Property, rng: Random) -> str | float | bool:
    """A value in the middle of the range more often than at its ends; common choices come first in the data."""
    if one.kind == "bool":
        return rng.random() < 0.35
    if one.kind == "choice":
        return one.choices[int(len(one.choices) * rng.random() ** 1.6)].name_uk
    value = one.low + (one.high - one.low) * (rng.random() + rng.random()) / 2
    return _rounded(value, one)


def litres(spec: Spec) -> float | None:
    """Of a canister or a barrel; None when the part is not sold so."""
    volume = spec.get("volume")
    return float(volume) if isinstance(volume, str) else None


def level_of(spec: Spec, rng: Random) -> float:
    """Where in the range of prices a size stands, 0–1: by litres where there are any, else anywhere."""
    volume = litres(spec)
    return rng.random() if volume is None else min(max(0.15 + 0.27 * math.log(volume), 0.05), 1)


def _rounded(value: float, one: Property) -> float:
    span = one.high - one.low
    digits = 0 if one.unit in ("pcs", "") or span > 150 else 1 if span > 4 else 2
    return min(max(round(value, digits), one.low), one.high)


def _placed(one: Property, place: str) -> str | None:
    if one.code not in _PLACED or one.kind != "choice":
        return None
    if not place and one.code == "side" and one.choice("ліва/права"):
        return "ліва/права"
    return next((word for word in _PLACE_WORDS.get(place, ()) if one.choice(word)), None)


def _of_car(one: Property, fuel: str, year: int) -> str | None:
    if one.code == "fuel":
        return _BY_FUEL.get(fuel)
    if one.code == "voltage" and one.choice("12"):
        return "12"
    if one.code == "emission_standard":
        return "Euro 3" if year < 2005 else "Euro 4" if year < 2010 else "Euro 5" if year < 2015 else "Euro 6"
    if one.code == "refrigerant":
        return "R134a" if year < 2016 else "R1234yf"
    return None


Rule = Callable[[Spec, Kind, Random], None]


def _discs(spec: Spec, kind: Kind, rng: Random) -> None:
    if "disc_type" not in spec:
        return
    sizes = (
        (256, 276, 280, 288, 300, 312, 320, 340) if "front" in kind.slug else (232, 245, 253, 260, 272, 282, 300, 310)
    )
    diameter = rng.choice(sizes)
    big = diameter > 280
    spec["diameter"] = float(diameter)
    spec["disc_type"] = "вентильований" if big or "front" in kind.slug else "суцільний"
    spec["ventilated"] = spec["disc_type"] == "вентильований"
    spec["thickness"] = float(
        rng.choice((20, 22, 24, 25, 26, 28, 30)) if spec["ventilated"] else rng.choice((9, 10, 11, 12))
    )
    spec["min_thickness"] = float(spec["thickness"]) - 2
    spec["bolt_holes"] = "5" if big or rng.random() < 0.6 else "4"
    spec["with_bearing"] = "rear" in kind.slug and rng.random() < 0.1


def _rings_in_rings(spec: Spec, kind: Kind, rng: Random) -> None:
    inner, outer = kind.property_of("inner_diameter"), kind.property_of("outer_diameter")
    if inner and outer:
        low = max(float(spec["inner_diameter"]) * 1.35, outer.low)
        spec["outer_diameter"] = _rounded(min(low + rng.random() * 14, outer.high), outer)
        spec["inner_diameter"] = min(float(spec["inner_diameter"]), round(float(spec["outer_diameter"]) * 0.75))


def _longer_than_wide(spec: Spec, kind: Kind, rng: Random) -> None:
    for longer, shorter in (("length", "width"), ("core_length", "core_width"), ("width", "height")):
        if longer in spec and shorter in spec and kind.slug not in ("air-filters", "batteries", "brake-shoes"):
            one, high, low = kind.property_of(longer), spec[longer], spec[shorter]
            if one and isinstance(high, float) and isinstance(low, float) and high < low:
                spec[longer] = _rounded(low * 1.3, one)


def _batteries(spec: Spec, kind: Kind, rng: Random) -> None:
    if "cold_cranking" not in spec:
        return
    capacity = rng.choice((45, 55, 60, 62, 70, 74, 77, 80, 95, 100, 110))
    spec["capacity"] = float(capacity)
    spec["technology"] = rng.choice(("звичайна", "звичайна", "звичайна", "EFB", "AGM"))
    spec["cold_cranking"] = float(round(capacity * (9.6 if spec["technology"] == "AGM" else 8.6) / 10) * 10)
    spec["length"] = float(207 if capacity < 50 else 242 if capacity < 65 else 278 if capacity < 80 else 353)
    spec["width"], spec["height"] = 175.0, 190.0
    spec["case_type"] = "європейський"


def _bulbs(spec: Spec, kind: Kind, rng: Random) -> None:
    if kind.slug == "halogen-bulbs":
        watts = {"H1": 55, "H3": 55, "H4": 60, "H7": 55, "H8": 35, "H9": 65, "H11": 55, "H15": 55, "H16": 19, "H18": 65}
        spec["power"] = float(watts.get(str(spec["socket"]), 60))
    elif kind.slug == "xenon-bulbs":
        spec["power"] = 25.0 if spec["socket"] == "D8S" else 35.0
    elif kind.slug == "signal-bulbs":
        watts = {"W5W": 5, "W3W": 3, "R5W": 5, "R10W": 10, "C5W": 5, "W16W": 16, "T4W": 4, "H6W": 6}
        spec["power"] = float(watts.get(str(spec["socket"]), 21))


def _fluids(spec: Spec, kind: Kind, rng: Random) -> None:
    if kind.slug == "antifreeze":
        colours = {"G11": "зелений", "G13": "фіолетовий", "тосол": "синій", "G12evo": "рожевий", "G12++": "рожевий"}
        spec["colour"] = colours.get(str(spec["standard"]), "червоний")
        spec["freezing_point"] = -70.0 if spec["form"] == "концентрат" else float(rng.choice((-35, -37, -40)))
    elif kind.slug == "washer-fluids":
        spec["freezing_point"] = 0.0 if spec["season"] == "літній" else float(rng.choice((-20, -22, -30)))
    if kind.slug in ("engine-oils", "transmission-oils", "atf-oils"):
        spec["volume"] = rng.choice(("1", "1", "4", "5", "20"))
    elif kind.slug in ("adblue", "antifreeze", "washer-fluids", "distilled-water"):
        spec["volume"] = rng.choice(("1", "2", "5", "10"))
    if kind.slug == "engine-oils":
        spec["base"] = {"10": "напівсинтетична", "15": "мінеральна", "20": "мінеральна"}.get(
            str(spec["viscosity"]).partition("W")[0], "синтетична"
        )


def _wheels(spec: Spec, kind: Kind, rng: Random) -> None:
    if "load_index" in spec:
        sizes = (
            ("175", "65", "14", 82), ("185", "65", "15", 88), ("195", "65", "15", 91), ("205", "55", "16", 91),
            ("215", "60", "16", 95), ("215", "55", "17", 94), ("225", "45", "17", 91), ("225", "55", "18", 98),
            ("235", "55", "18", 100), ("235", "60", "18", 103), ("255", "50", "19", 107), ("275", "40", "20", 106),
        )  # fmt: skip
        spec["width"], spec["profile"], spec["rim_diameter"], load = rng.choice(sizes)
        spec["load_index"] = float(load)
        spec["speed_index"] = rng.choice(("Q", "T")) if "winter" in kind.slug else rng.choice(("T", "H", "V", "W"))
        spec["run_flat"] = rng.random() < 0.05
    elif "pcd" in spec:
        spec["bolt_holes"], spec["pcd"], bore = rng.choice(
            (("5", "112", 57.1), ("5", "100", 57.1), ("4", "100", 60.1), ("5", "114.3", 67.1), ("5", "108", 63.4))
        )
        spec["centre_bore"] = bore
        inches = rng.choice((14, 15, 16, 17, 18))
        spec["rim_diameter"], spec["width"] = str(inches), inches / 2 - 1.0 + rng.choice((0, 0.5))
        spec["offset"] = float(rng.choice((35, 38, 40, 43, 45, 47, 50)))


def _filters(spec: Spec, kind: Kind, rng: Random) -> None:
    if kind.slug == "oil-filters":
        is_element = spec["filter_type"] == "вставний елемент"
        if is_element:
            spec["thread"] = "без різі"
        elif spec["thread"] == "без різі":
            spec["thread"] = "M20x1.5"
        spec["outer_diameter"] = float(rng.choice((58, 64, 66, 72, 76, 79) if is_element else (66, 68, 76, 78, 93)))
        spec["height"] = float(rng.randrange(60, 145))
    elif kind.slug == "air-filters":
        spec["shape"] = "панельний" if rng.random() < 0.8 else "круглий"
        spec["height"] = float(rng.randrange(38, 72))
    elif kind.slug == "cabin-filters":
        spec["height"] = float(rng.choice((17, 20, 25, 30, 32, 35, 40)))
    elif kind.slug == "fuel-filters" and spec["fuel"] != "дизель":
        spec["filter_type"], spec["water_sensor_port"] = "магістральний", False


def _lighting(spec: Spec, kind: Kind, rng: Random) -> None:
    if spec.get("light_source") in ("D1S", "D2S", "D3S"):
        spec["levelling"] = "електричний"
    if kind.slug == "wheel-bolts" and kind.name_uk.startswith("Болт"):
        spec["fastener_type"] = "болт"


_RULES: tuple[Rule, ...] = (
    _discs, _rings_in_rings, _longer_than_wide, _batteries, _bulbs, _fluids, _wheels, _filters, _lighting,
)  # fmt: skip
